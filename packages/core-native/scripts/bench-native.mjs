// Builds and runs the engine's benchmarks; arguments go to the program.
import { buildProgram } from './native-build.mjs';
import { run } from './toolchain.mjs';

run(buildProgram('rondo_bench'), process.argv.slice(2), 'rondo_bench');
