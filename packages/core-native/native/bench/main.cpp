// The benchmark table on the terminal.
//   rondo_bench [--threads N] [--seconds S] [--only PREFIX] [--batch-sizes]

#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench.h"
#include "rondo/device.h"

namespace rondo::bench {
namespace {

Options parse(int argc, char** argv) {
  Options o;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--batch-sizes") o.batch_sizes = {1, 4, 8, 16, 32, 64, 128, 256};
    if (i + 1 == argc) break;
    if (arg == "--threads") o.threads = std::atoi(argv[++i]);
    if (arg == "--seconds") o.seconds = std::atof(argv[++i]);
    if (arg == "--only") o.only = argv[++i];
  }
  return o;
}

void print(const Row& r) {
  const double rate = r.gbps > 0 ? r.gbps : r.gflops;
  std::printf("%-32s %8d %12.3f %12.3f %9.1f %-8s %5.1f %% %6.1f %%\n", r.name.c_str(), r.threads, r.milliseconds,
              r.median, rate, r.gbps > 0 ? "GB/s" : "GFLOP/s", 100 * r.share, 100 * r.cpu_share);
  std::fflush(stdout);
}

}  // namespace
}  // namespace rondo::bench

int main(int argc, char** argv) {
  using namespace rondo::bench;
  std::printf("%-32s %8s %12s %12s %18s %7s %8s\n", "case", "threads", "ms, best", "median", "rate", "of peak",
              "by CPU");
  const Report report = run_benches(parse(argc, argv), print);
  std::printf("\n%s, %d threads: %.1f GFLOP/s multiply-add peak, %.1f GB/s read from memory\n",
              rondo::engine_info().simd.c_str(), report.threads, report.fma_gflops, report.read_gbps);
}
