// Builds build/Release/rondo_native.node with cmake-js.
// Environment: RONDO_CUDA=AUTO|ON|OFF, and CMake's own CXX, CXXFLAGS, CUDACXX.
import path from 'node:path';
import { buildTarget } from './native-build.mjs';

buildTarget('rondo_native', path.join('Release', 'rondo_native.node'));
