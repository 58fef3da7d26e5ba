#include "bench.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <thread>

#include "machine.h"

namespace rondo::bench {
namespace {

using Clock = std::chrono::steady_clock;

bool on_cpu() {
  return target().device == DeviceChoice::cpu;
}

/// Leaves a case, and with it the table, that is no longer wanted.
struct Stopped {};

void leave_if_stopped(const Options& options) {
  if (options.stopped && options.stopped()) throw Stopped{};
}

struct Times {
  double wall = 0, cpu = 0;
};

Times times_of(const std::function<void()>& f) {
  const Clock::time_point start = Clock::now();
  const std::clock_t cpu = std::clock();
  f();
  return {std::chrono::duration<double>(Clock::now() - start).count(),
          static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

/// What the machine does per second, and per second of one core's time.
struct Peak {
  double wall = 0, cpu = 0;

  void slice(const std::function<double()>& rate) {
    double now = 0;
    const Times times = times_of([&] { now = rate(); });
    wall = std::max(wall, now);
    cpu = std::max(cpu, now * times.wall / times.cpu);
  }
};

Row make_row(const Case& c, const Options& options, const Peak& peak, std::vector<Times> times) {
  auto by_wall = [](const Times& a, const Times& b) { return a.wall < b.wall; };
  auto by_cpu = [](const Times& a, const Times& b) { return a.cpu < b.cpu; };
  const double work = (c.bytes > 0 ? c.bytes : c.flops) / 1e9;
  const double cpu = std::min_element(times.begin(), times.end(), by_cpu)->cpu;
  std::sort(times.begin(), times.end(), by_wall);
  const double best = times.front().wall;
  Row row;
  row.name = c.name;
  row.threads = options.threads;
  row.milliseconds = best * 1e3;
  row.median = times[times.size() / 2].wall * 1e3;
  row.gflops = c.flops / best / 1e9;
  row.gbps = c.bytes / best / 1e9;
  if (on_cpu()) {
    row.share = work / best / peak.wall;
    row.cpu_share = work / cpu / peak.cpu;
  }
  row.batch = c.batch;
  if (c.memory) row.memory = c.memory();
  return row;
}

/// Runs of at least 10 ms, so that a slice of the peak between two of them does not cool the caches for nothing. What
/// is bound by reading lives in a cache that the slices' block takes from it: it gets runs to come back, which the
/// block has in its slices too, and longer runs.
Row measure(const Case& c, const Options& options, Peak& peak) {
  if (c.prepare) c.prepare();
  const auto run = [&](int times) {
    for (int i = 0; i < times; ++i) c.run();
    if (c.finish) c.finish();
  };
  leave_if_stopped(options);
  for (int i = 0; i < (on_cpu() ? 1 : 4); ++i) run(1);  // a device first loads and records what it then plays
  const double once = times_of([&] { run(1); }).wall;
  const double least = c.bytes > 0 ? 0.03 : 0.01;
  const int repeat = c.prepare ? 1 : std::max(1, static_cast<int>(least / std::max(once, 1e-7)));
  const Block block(c.bytes > 0 ? static_cast<std::size_t>(c.bytes) : 64);
  std::vector<Times> times;
  double total = 0;
  while (times.size() < 3 || total < options.seconds) {
    leave_if_stopped(options);
    for (int i = 0; i < (on_cpu() ? 3 : 0); ++i) {
      peak.slice([&] { return c.bytes > 0 ? read_rate(options.threads, block) : fma_rate(options.threads); });
    }
    if (c.prepare) c.prepare();
    for (int i = 0; c.bytes > 0 && i < repeat / 4; ++i) c.run();
    Times t = times_of([&] { run(repeat); });
    total += t.wall;
    t.wall /= repeat;
    t.cpu /= repeat;
    times.push_back(t);
  }
  return make_row(c, options, peak, std::move(times));
}

std::vector<Entry> chosen(const Options& options) {
  std::vector<Entry> entries;
  if (!options.batch_sizes.empty()) {
    for (const std::int64_t batch : options.batch_sizes) entries.push_back(batch_size_entry(batch));
    return entries;
  }
  const bool growth = options.only.rfind("growth", 0) == 0;
  for (const std::vector<Entry>& part : {op_entries(), network_entries(), growth_entries()}) {
    for (const Entry& e : part) {
      const bool asked = e.name.compare(0, options.only.size(), options.only) == 0;
      if (asked && (growth || e.name.rfind("growth", 0) != 0)) entries.push_back(e);
    }
  }
  return entries;
}

void run_case(const Entry& entry, const Options& options, Report& report) {
  const Case c = entry.make(options.threads);
  Peak peak;
  if (c.bytes == 0) peak.wall = report.fma_gflops;  // of registers: what any slice of the run reached holds for all
  report.rows.push_back(measure(c, options, peak));
  if (c.bytes == 0) report.fma_gflops = std::max(report.fma_gflops, peak.wall);
}

void measure_machine(const Options& options, Report& report) {
  const Block block(256u << 20);
  for (int i = 0; i < 3; ++i) {
    leave_if_stopped(options);
    report.read_gbps = std::max(report.read_gbps, read_rate(options.threads, block));
  }
  for (int i = 0; i < 20; ++i) {
    leave_if_stopped(options);
    report.fma_gflops = std::max(report.fma_gflops, fma_rate(options.threads));
  }
}

void measure_cases(const Options& options, const std::function<void(const Row&)>& done, Report& report) {
  for (const Entry& entry : chosen(options)) {
    try {
      run_case(entry, options, report);
    } catch (const std::exception& error) {
      if (!options.failed) throw;
      options.failed(entry.name, error.what());
      continue;
    }
    if (done) done(report.rows.back());
  }
}

}  // namespace

Target& target() {
  static Target chosen;
  return chosen;
}

Report run_benches(const Options& wanted, const std::function<void(const Row&)>& done) {
  Options options = wanted;
  target() = options.target;
  if (options.threads <= 0) options.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  Report report;
  report.threads = options.threads;
  try {
    if (on_cpu()) measure_machine(options, report);
    measure_cases(options, done, report);
  } catch (const Stopped&) {  // the report so far is what is left to give
  }
  return report;
}

}  // namespace rondo::bench
