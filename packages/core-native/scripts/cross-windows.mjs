// Compiles the engine and its tests for 64-bit Windows with Clang and MinGW-w64 and runs the tests under Wine:
// nx cross-windows @rondo/core-native.
import { crossTest } from './cross.mjs';

crossTest({
  name: 'cross-windows',
  system: 'Windows',
  toolchain: 'x86_64_windows.cmake',
  compilers: ['clang++', 'x86_64-w64-mingw32-g++-posix'],
  install: 'clang g++-mingw-w64-x86-64-posix',
  emulator: { program: 'wine', args: [], install: 'wine wine64' },
  suffix: '.exe',
});
