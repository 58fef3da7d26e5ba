// The LSTM of the CUDA sources, on simulated threads: values and gradients against the double reference in every
// precision, for every option, by single steps and by the persistent kernels.

#include <cmath>

#include "cases/op_cases.h"
#include "cuda/cuda_backend.h"
#include "environment_variable.h"
#include "framework.h"
#include "network_cases.h"
#include "runtime.h"

namespace rondo::test {
namespace {

/// RONDO_CUDA_LSTM while it lives.
class LstmPath : public EnvironmentVariable {
 public:
  explicit LstmPath(const char* name) : EnvironmentVariable("RONDO_CUDA_LSTM", name) {}
};

/// The simulated device with room for a few blocks; as it was before, in the end.
class ShimDevice {
 public:
  ShimDevice() : before_(cuda::shim::facts()) {}
  ~ShimDevice() { cuda::shim::facts() = before_; }
  ShimDevice(const ShimDevice&) = delete;
  ShimDevice& operator=(const ShimDevice&) = delete;
  void hold(int blocks) const {
    cuda::shim::facts().multiprocessors = blocks;
    cuda::shim::facts().shared_per_multiprocessor = 40 << 10;  // one block of them each
  }

 private:
  const cuda::DeviceFacts before_;
};

struct Mode {
  Precision precision;
  const char* name;
  double tolerance;
  double small_tolerance;  ///< of tensors with so few values that roundings do not average out
};

constexpr Mode kModes[] = {{Precision::fp32, "fp32", 1e-5, 1e-5},
                           {Precision::tf32, "tf32", 2e-3, 4e-3},
                           {Precision::bf16, "bf16", 1e-2, 2.5e-2}};

Values run(const OpCase& c, Backend& backend, const Values& in, const Values& dy) {
  const std::unique_ptr<EngineRun> engine = c.engine(backend, in, dy);
  engine->run();
  return engine->collect();
}

void check(const OpCase& c, const Mode& mode, const std::string& where) {
  const std::unique_ptr<Backend> backend = cuda::make_backend(mode.precision);
  const Values in = make_inputs(c, 1);
  const Values expected = c.forward(in);
  Values dy;
  for (const std::string& name : c.outputs) dy[name] = make_values(static_cast<Index>(expected.at(name).size()), 500);
  const Values got = run(c, *backend, in, dy);
  auto compare = [&](const std::string& name, const Vector& b) {
    const double error = error_of(got.at(name), b);
    CHECK_MESSAGE(
        error <= (b.size() < 500 ? mode.small_tolerance : mode.tolerance),
        c.name + " [" + mode.name + where + "]: " + name + " is off by " + std::to_string(error * 1e6) + "e-6");
  };
  for (const auto& [name, value] : expected) compare(name, value);
  for (const auto& [name, value] : c.backward(in, dy)) compare("d " + name, value);
  CHECK_MESSAGE(run(c, *backend, in, dy) == got, c.name + " [" + mode.name + where + "]: other bits the second time");
}

std::vector<OpCase> cases() {
  std::vector<OpCase> all;
  for (OpCase& c : op_cases()) {
    if (c.name.rfind("lstm", 0) == 0 && c.name.find("blocks") == std::string::npos) all.push_back(std::move(c));
  }
  for (const bool reverse : {false, true}) {
    const std::string direction = reverse ? ", reverse" : "";
    all.push_back(lstm_case("lstm 64 units, all options" + direction, {.time = 5,
                                                                       .batch = 7,
                                                                       .input = 10,
                                                                       .units = 64,
                                                                       .reverse = reverse,
                                                                       .masks = 4,
                                                                       .lengths = true,
                                                                       .resets = true,
                                                                       .start_state = true}));
    all.push_back(lstm_case("lstm 40 units, several tiles" + direction,
                            {.time = 3, .batch = 37, .input = 9, .units = 40, .reverse = reverse, .masks = 1}));
  }
  all.push_back(
      lstm_case("lstm, sums in parts", {.time = 5, .batch = 130, .input = 9, .units = 10, .masks = 4, .resets = true}));
  all.push_back(lstm_case("lstm, one step, three rows", {.time = 1, .batch = 3, .input = 5, .units = 37}));
  all.push_back(lstm_case("lstm, one step", {.time = 1, .batch = 1, .input = 8, .units = 20, .start_state = true}));
  return all;
}

}  // namespace

TEST("CUDA LSTM: single steps give the reference's values and gradients, twice the same bits") {
  const LstmPath path("fused");
  for (const Mode& mode : kModes) {
    for (const OpCase& c : cases()) check(c, mode, ", fused");
  }
}

TEST("CUDA LSTM: the persistent kernels give the reference's values and gradients, twice the same bits") {
  for (const OpCase& c : cases()) check(c, kModes[2], ", persistent");
}

TEST("CUDA LSTM: so do the persistent kernels in clusters of blocks") {
  const LstmPath path("cluster");
  for (const OpCase& c : cases()) check(c, kModes[2], ", cluster");
}

TEST("CUDA LSTM: and in clusters that store into one another's shared memory") {
  const LstmPath path("distributed");
  for (const OpCase& c : cases()) check(c, kModes[2], ", distributed");
}

TEST("CUDA LSTM: the persistent kernels hold up to 512 units") {
  for (const char* name : {"persistent", "distributed"}) {
    const LstmPath path(name);
    for (const Index units : {100, 200, 500}) {
      const std::string what = "lstm, " + std::to_string(units) + " units";
      const LstmOptions options{.time = 2, .batch = 3, .input = 4, .units = units, .masks = 4};
      check(lstm_case(what, options), kModes[2], std::string(", ") + name);
    }
  }
}

TEST("CUDA LSTM: both directions of a layer go in one launch, and give what each gives alone") {
  for (const char* name : {"persistent", "cluster", "distributed", "fused"}) {
    const LstmPath path(name);
    const auto network = [] {
      NetworkCase c{.name = "both",
                    .spec = {{embedding_input("token", 7, 3)}, {lstm_layer(20, 0.3)}, {softmax_head("token", 7)}},
                    .time = 4,
                    .batch = 3};
      c.spec.layers[0].bidirectional = true;
      return c;
    }();
    const std::unique_ptr<Network> tested = make_network(network, 1, 42, DeviceChoice::cuda, Precision::bf16);
    const std::unique_ptr<Network> fused = [&] {
      const LstmPath other("fused");
      return make_network(network, 1, 42, DeviceChoice::cuda, Precision::bf16);
    }();
    const std::size_t before = cuda::shim::work_count();
    const double loss = tested->accumulate(make_batch(network, 0).view).loss_sum;
    const std::size_t work = cuda::shim::work_count() - before;
    const LstmPath other("fused");
    const std::size_t between = cuda::shim::work_count();
    const double expected = fused->accumulate(make_batch(network, 0).view).loss_sum;
    const std::size_t steps = cuda::shim::work_count() - between;
    CHECK_MESSAGE(std::abs(loss - expected) <= 1e-2 * std::abs(expected), name);
    // Two directions, two passes, four steps each: 16 launches, in place of which there are 2 (by flags, 4 with
    // theirs).
    if (std::string(name) != "fused") CHECK_MESSAGE(work + 12 <= steps, name);
  }
}

TEST("CUDA LSTM: a small device takes several tiles in turn, a smaller one single steps") {
  const LstmOptions options{.time = 6, .batch = 50, .input = 4, .units = 40, .masks = 4, .lengths = true};
  const OpCase c = lstm_case("lstm, small device", options);
  const ShimDevice device;
  for (const char* name : {"persistent", "cluster", "distributed"}) {
    const LstmPath path(name);
    std::size_t work[3] = {};
    for (const int tiles : {1, 2, 0}) {  // 0: no place even for four in turn
      device.hold(tiles == 1 ? 8 : tiles == 2 ? 4 : 1);
      const std::size_t before = cuda::shim::work_count();
      check(c, kModes[2], std::string(", ") + name + ", " + std::to_string(tiles) + " tiles");
      work[tiles] = cuda::shim::work_count() - before;
    }
    CHECK(work[1] == work[2]);
    CHECK(work[0] > work[1]);
  }
}

}  // namespace rondo::test
