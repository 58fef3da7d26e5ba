// The benchmark table on the terminal, and as JSON.
//   rondo_bench [--device cpu|cuda] [--precision fp32|tf32|bf16] [--threads N] [--seconds S] [--only PREFIX]
//               [--batch-sizes] [--json FILE]

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "bench.h"
#include "rondo/device.h"

namespace rondo::bench {
namespace {

struct Command {
  Options options;
  std::string json;
};

[[noreturn]] void usage(const std::string& wrong) {
  std::fprintf(stderr,
               "rondo_bench: %s\nusage: rondo_bench [--device cpu|cuda] [--precision fp32|tf32|bf16] [--threads N] "
               "[--seconds S] [--only PREFIX] [--batch-sizes] [--json FILE]\n",
               wrong.c_str());
  std::exit(2);
}

Precision precision_of(const std::string& name) {
  for (const Precision p : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    if (name == precision_name(p)) return p;
  }
  usage("expected --precision fp32, tf32 or bf16, got " + name);
}

DeviceChoice device_of(const std::string& name) {
  if (name == "cpu") return DeviceChoice::cpu;
  if (name == "cuda") return DeviceChoice::cuda;
  usage("expected --device cpu or cuda, got " + name);
}

Command parse(int argc, char** argv) {
  Command c;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--batch-sizes") {
      c.options.batch_sizes = {1, 4, 8, 16, 32, 64, 128, 256};
      continue;
    }
    if (i + 1 == argc) usage("expected a value after " + arg);
    const char* value = argv[++i];
    if (arg == "--threads") {
      c.options.threads = std::atoi(value);
    } else if (arg == "--seconds") {
      c.options.seconds = std::atof(value);
    } else if (arg == "--only") {
      c.options.only = value;
    } else if (arg == "--device") {
      c.options.target.device = device_of(value);
    } else if (arg == "--precision") {
      c.options.target.precision = precision_of(value);
    } else if (arg == "--json") {
      c.json = value;
    } else {
      usage("expected one of its options, got " + arg);
    }
  }
  return c;
}

void print(const Row& r) {
  const double rate = r.gbps > 0 ? r.gbps : r.gflops;
  std::printf("%-32s %8d %12.3f %12.3f %9.1f %-8s", r.name.c_str(), r.threads, r.milliseconds, r.median, rate,
              r.gbps > 0 ? "GB/s" : "GFLOP/s");
  if (r.share > 0) std::printf(" %5.1f %% %6.1f %%", 100 * r.share, 100 * r.cpu_share);
  std::printf("\n");
  std::fflush(stdout);
}

/// Names of devices are the only strings that are not ours: what JSON could not hold becomes a space.
std::string quoted(std::string text) {
  for (char& c : text) {
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return '"' + text + '"';
}

void write_json(const std::string& path, const DeviceInfo& device, const Options& options,
                const std::vector<Row>& rows) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (!file) usage("cannot write " + path);
  std::fprintf(file, "{\"device\": %s, \"driver\": %s, \"precision\": \"%s\", \"cases\": [",
               quoted(device.name).c_str(), quoted(device.driver).c_str(), precision_name(options.target.precision));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& r = rows[i];
    std::fprintf(file, "%s\n  {\"name\": %s, \"ms\": %.6f, \"medianMs\": %.6f, \"gflops\": %.3f, \"gbps\": %.3f}",
                 i ? "," : "", quoted(r.name).c_str(), r.milliseconds, r.median, r.gflops, r.gbps);
  }
  std::fprintf(file, "\n]}\n");
  std::fclose(file);
}

int run(const Command& command) {
  const bool cuda = command.options.target.device == DeviceChoice::cuda;
  const EngineInfo engine = engine_info();
  if (cuda && !engine.cuda_note.empty()) {
    std::fprintf(stderr, "rondo_bench: expected a CUDA device, but %s\n", engine.cuda_note.c_str());
    return 2;
  }
  const DeviceInfo device = list_devices()[cuda ? 1 : 0];
  std::printf("%-32s %8s %12s %12s %18s", "case", "threads", "ms, best", "median", "rate");
  std::printf("%s\n", cuda ? "" : " of peak   by CPU");
  std::vector<Row> rows;
  int failures = 0;
  Options options = command.options;
  options.failed = [&](const std::string& name, const std::string& what) {
    ++failures;
    std::fprintf(stderr, "rondo_bench: %s: %s\n", name.c_str(), what.c_str());
  };
  // Written after each case: whoever stops the run keeps what is there.
  const Report report = run_benches(options, [&](const Row& row) {
    print(row);
    rows.push_back(row);
    if (!command.json.empty()) write_json(command.json, device, options, rows);
  });
  if (cuda) {
    std::printf("\n%s, %s, driver for CUDA %s\n", device.name.c_str(), device.simd.c_str(), device.driver.c_str());
  } else {
    std::printf("\n%s, %d threads: %.1f GFLOP/s multiply-add peak, %.1f GB/s read from memory\n", engine.simd.c_str(),
                report.threads, report.fma_gflops, report.read_gbps);
  }
  return failures == 0 && !rows.empty() ? 0 : 1;
}

}  // namespace
}  // namespace rondo::bench

int main(int argc, char** argv) {
  try {
    return rondo::bench::run(rondo::bench::parse(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rondo_bench: %s\n", error.what());
    return 1;
  }
}
