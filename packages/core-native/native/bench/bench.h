#pragma once

// The benchmark table: what the engine does beside what the machine can do, measured in turns.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "rondo/device.h"

namespace rondo::bench {

/// Where all cases run. On a CUDA device shares of a peak are 0: the machine's own is that of its CPU.
struct Target {
  DeviceChoice device = DeviceChoice::cpu;
  Precision precision = Precision::automatic;
};
/// As run_benches() was told.
Target& target();

struct Options {
  Target target = {};
  int threads = 0;                        ///< 0 = all hardware threads
  double seconds = 1;                     ///< per case; at least two runs
  std::string only;                       ///< cases whose names begin so
  std::vector<std::int64_t> batch_sizes;  ///< not empty: only the tutorial's training step at these sizes
  /// Called for a case that throws, and then the others go on; without it, what it throws ends the run.
  std::function<void(const std::string& name, const std::string& what)> failed = nullptr;
  /// Asked between two runs; true ends the table with the cases measured so far. Null = never.
  std::function<bool()> stopped = nullptr;
};

struct Row {
  std::string name;
  int threads = 0;
  double milliseconds = 0;   ///< of the fastest run
  double median = 0;         ///< milliseconds
  double gflops = 0;         ///< of the fastest run; 0 where bytes count
  double gbps = 0;           ///< bytes of weights read per second; 0 where operations count
  double share = 0;          ///< of the best that the machine showed: arithmetic so far, reading between the runs
  double cpu_share = 0;      ///< the same per second of the cores' time: what other processes take does not count
  std::int64_t batch = 0;    ///< batch-size cases
  std::uint64_t memory = 0;  ///< batch-size cases: bytes that the network holds
};

struct Report {
  int threads = 0;
  double fma_gflops = 0;  ///< best slice of the whole run
  double read_gbps = 0;   ///< best slice, of a block of 256 MiB
  std::vector<Row> rows;
};

/// One case: `run` does it once.
struct Case {
  std::string name;
  double flops = 0;  ///< of one run, or:
  double bytes = 0;  ///< read by one run
  std::function<void()> run;
  std::int64_t batch = 0;
  std::function<std::uint64_t()> memory;
  std::function<void()> prepare = nullptr;  ///< before every run, not timed
  std::function<void()> finish = nullptr;   ///< waits for what run() has only started; timed with it
};

/// Makes a case when its turn comes, so that only one is in memory.
struct Entry {
  std::string name;
  std::function<Case(int threads)> make;
};

std::vector<Entry> op_entries();
std::vector<Entry> network_entries();
/// One layer's passes as its units, batch or steps grow, "growth/…"; only made when asked for by name.
std::vector<Entry> growth_entries();
Entry batch_size_entry(std::int64_t batch);

/// `done` is called after every case.
Report run_benches(const Options& options, const std::function<void(const Row&)>& done);

}  // namespace rondo::bench
