// Compiles the engine and its tests for 64-bit ARM (NEON) with a cross compiler and runs the tests under qemu:
// nx cross-neon @rondo/core-native.
import { crossTest } from './cross.mjs';

crossTest({
  name: 'cross-neon',
  system: '64-bit ARM',
  toolchain: 'aarch64_linux.cmake',
  compilers: ['aarch64-linux-gnu-g++'],
  install: 'g++-aarch64-linux-gnu',
  emulator: { program: 'qemu-aarch64', args: ['-L', '/usr/aarch64-linux-gnu'], install: 'qemu-user' },
  suffix: '',
});
