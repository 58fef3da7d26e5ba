// Benchmarks: matrix products, one LSTM layer, the tutorial's training step, one token with kept state; beside the
// machine's own peak, measured in the same run.
//   rondo_bench [--threads N] [--json] [--quick] [--only TEXT]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "cases/op_cases.h"
#include "machine.h"
#include "rondo/network.h"

namespace rondo::bench {
namespace {

struct Options {
  int threads = 0;
  bool json = false, quick = false;
  std::string only;
};

struct Row {
  std::string name;
  double milliseconds = 0;
  double rate = 0;  ///< GFLOP/s, or GB/s for what is bound by reading weights
  const char* unit = "GFLOP/s";
  double share = 0;  ///< of the machine's peak in the same unit
};

using Clock = std::chrono::steady_clock;

/// Seconds of the fastest run, after one for warming up: at least `runs`, and as many as fit into a second.
double fastest(int runs, const std::function<void()>& f) {
  f();
  double best = 1e30, total = 0;
  for (int i = 0; i < runs || total < 1.0; ++i) {
    const Clock::time_point start = Clock::now();
    f();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::min(best, seconds);
    total += seconds;
  }
  return best;
}

/// An entry of the op table at a benchmark's size: forward and backward together.
Row bench_case(const test::OpCase& c, Backend& backend, const MachinePeak& peak, int runs) {
  const test::Values dy{{c.outputs[0], test::make_values(c.output_size, 99)}};
  const std::unique_ptr<test::EngineRun> run = c.engine(backend, test::make_inputs(c, 1), dy);
  const double seconds = fastest(runs, run->run);
  const double rate = c.flops / seconds / 1e9;
  return {c.name, seconds * 1e3, rate, "GFLOP/s", rate / peak.gflops};
}

NetworkSpec tutorial(std::int64_t units, std::int64_t vocabulary) {
  LayerSpec lstm, last, norm, drop, dense, relu;
  lstm.units = last.units = units;
  lstm.recurrent_dropout = 0.3;
  last.return_sequences = false;
  norm.kind = LayerKind::batch_norm;
  drop.kind = LayerKind::dropout;
  drop.rate = 0.3;
  dense.kind = LayerKind::dense;
  dense.units = 256;
  relu.kind = LayerKind::activation;
  relu.activation = Activation::relu;
  return {{{InputKind::scalar, "token", vocabulary, 0}},
          {lstm, lstm, last, norm, drop, dense, relu, norm, drop},
          {{HeadKind::softmax, "token", vocabulary, 0, 1.0}}};
}

std::vector<std::int32_t> ids(std::int64_t count, std::int64_t vocabulary) {
  std::vector<std::int32_t> out;
  for (std::int64_t i = 0; i < count; ++i) out.push_back(static_cast<std::int32_t>(i * 7919 % vocabulary));
  return out;
}

std::unique_ptr<Network> tutorial_network(const Options& options, std::int64_t units, std::int64_t vocabulary) {
  NetworkOptions o;
  o.device = DeviceChoice::cpu;
  o.threads = options.threads;
  return Network::create(tutorial(units, vocabulary), o);
}

Row bench_train_step(const Options& options, const MachinePeak& peak) {
  const std::int64_t batch = 128, time = options.quick ? 20 : 100, units = 512, vocabulary = 300;
  const std::unique_ptr<Network> network = tutorial_network(options, units, vocabulary);
  const std::vector<std::int32_t> tokens = ids(batch * time, vocabulary), targets = ids(batch, vocabulary);
  Batch b;
  b.batch = batch;
  b.time = time;
  b.inputs = {{"token", tokens, {}}};
  b.targets = {{"token", targets, {}}};
  const double seconds = fastest(options.quick ? 1 : 2, [&] { network->train_step(b, {}); });
  // x W of layers 2 and 3 and h R of all: five [512 × 2048] products per row and step, three times (forward, back to
  // the inputs, weights).
  const double flops = 3.0 * 2 * 5 * static_cast<double>(batch * time) * static_cast<double>(units * 4 * units);
  const double rate = flops / seconds / 1e9;
  return {"train step, tutorial, B 128, T " + std::to_string(time), seconds * 1e3, rate, "GFLOP/s", rate / peak.gflops};
}

Row bench_one_token(const Options& options, const MachinePeak& peak) {
  const std::unique_ptr<Network> network = tutorial_network(options, 512, 300);
  const std::unique_ptr<Stream> stream = network->open_stream(1);
  const std::vector<std::int32_t> token{17};
  std::vector<float> logits(300);
  const double seconds = fastest(options.quick ? 50 : 300, [&] { stream->step(token, logits); });
  const double rate = 4.0 * static_cast<double>(network->parameter_count()) / seconds / 1e9;
  return {"one token, kept state, tutorial", seconds * 1e3, rate, "GB/s", rate / peak.read_gb_per_s};
}

std::vector<Row> run(const Options& options, const MachinePeak& peak) {
  std::vector<Row> rows;
  const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, options.threads);
  auto wanted = [&](const std::string& name) { return name.find(options.only) != std::string::npos; };
  auto add = [&](const test::OpCase& c) {
    if (wanted(c.name)) rows.push_back(bench_case(c, *backend, peak, options.quick ? 2 : 5));
  };
  add(test::dense_case("gemm 512 × 512 × 512", 512, 512, 512));
  add(test::dense_case("gemm 12800 × 512 × 2048", options.quick ? 1280 : 12800, 512, 2048));
  add(test::dense_case("gemm 128 × 512 × 300", 128, 512, 300));
  const test::Index time = options.quick ? 10 : 50;
  add(test::lstm_case("lstm 512, B 128, no mask", {.time = time, .batch = 128, .input = 512, .units = 512}));
  add(test::lstm_case("lstm 512, B 128, mask per gate",
                      {.time = time, .batch = 128, .input = 512, .units = 512, .masks = 4}));
  add(test::lstm_case("lstm 512, B 8", {.time = time, .batch = 8, .input = 512, .units = 512}));
  if (wanted("train step")) rows.push_back(bench_train_step(options, peak));
  if (wanted("one token")) rows.push_back(bench_one_token(options, peak));
  return rows;
}

void print_table(const std::vector<Row>& rows, const MachinePeak& peak, int threads) {
  std::printf("%s, %d threads: %.1f GFLOP/s multiply-add peak, %.1f GB/s read\n\n", engine_info().simd.c_str(), threads,
              peak.gflops, peak.read_gb_per_s);
  std::printf("%-40s %12s %18s %12s\n", "forward and backward", "ms", "rate", "% of peak");
  for (const Row& r : rows) {
    std::printf("%-40s %12.3f %10.1f %-7s %12.0f\n", r.name.c_str(), r.milliseconds, r.rate, r.unit, 100 * r.share);
  }
}

void print_json(const std::vector<Row>& rows, const MachinePeak& peak, int threads) {
  std::printf("{\"simd\":\"%s\",\"threads\":%d,\"peakGflops\":%.2f,\"readGbPerSecond\":%.2f,\"rows\":[",
              engine_info().simd.c_str(), threads, peak.gflops, peak.read_gb_per_s);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::printf("%s{\"name\":\"%s\",\"milliseconds\":%.4f,\"rate\":%.3f,\"unit\":\"%s\",\"shareOfPeak\":%.4f}",
                i ? "," : "", rows[i].name.c_str(), rows[i].milliseconds, rows[i].rate, rows[i].unit, rows[i].share);
  }
  std::printf("]}\n");
}

Options parse(int argc, char** argv) {
  Options o;
  o.threads = static_cast<int>(std::thread::hardware_concurrency());
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--json") o.json = true;
    if (arg == "--quick") o.quick = true;
    if (arg == "--threads" && i + 1 < argc) o.threads = std::atoi(argv[++i]);
    if (arg == "--only" && i + 1 < argc) o.only = argv[++i];
  }
  return o;
}

}  // namespace
}  // namespace rondo::bench

int main(int argc, char** argv) {
  using namespace rondo::bench;
  const Options options = parse(argc, argv);
  const MachinePeak peak = measure_machine(options.threads);
  const std::vector<Row> rows = run(options, peak);
  options.json ? print_json(rows, peak, options.threads) : print_table(rows, peak, options.threads);
}
