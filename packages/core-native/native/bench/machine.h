#pragma once

// What the machine can do, measured in the same run as what the engine does.

namespace rondo::bench {

struct MachinePeak {
  double gflops = 0;         ///< fused multiply-adds from registers, all `threads`, counted as two
  double read_gb_per_s = 0;  ///< sequential reads of a block far larger than the caches
};

MachinePeak measure_machine(int threads);

}  // namespace rondo::bench
