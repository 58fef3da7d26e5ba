// What every op promises on any device: the double reference's values and gradients, the same bits again, the CPU's
// dropout masks, and copies that arrive.

#include <algorithm>
#include <cstring>

#include "cases/op_cases.h"
#include "device/precisions.h"

namespace rondo::test {
namespace {

Values run_once(const OpCase& c, Backend& backend, const Values& in, const Values& dy) {
  const std::unique_ptr<EngineRun> run = c.engine(backend, in, dy);
  run->run();
  return run->collect();
}

Values ones_or_noise(const OpCase& c, const Values& outputs) {
  Values dy;
  std::uint64_t salt = 500;
  for (const std::string& name : c.outputs) {
    dy[name] = make_values(static_cast<Index>(outputs.at(name).size()), salt++);
    if (name == "loss") std::fill(dy[name].begin(), dy[name].end(), 1.0);
  }
  return dy;
}

void check_case(const OpCase& c, Backend& backend) {
  const Values in = make_inputs(c, 1);
  const Values expected = c.forward(in), dy = ones_or_noise(c, expected);
  const Values got = run_once(c, backend, in, dy);
  auto compare = [&](const std::string& name, const Vector& value) {
    const double error = error_of(got.at(name), value);
    const double tolerance = std::max(c.tolerance, tolerance_of(backend.precision(), value.size()));
    CHECK_MESSAGE(error <= tolerance, c.name + label(backend.precision()) + ": " + name + " is off by " +
                                          std::to_string(error * 1e6) + "e-6");
  };
  for (const auto& [name, value] : expected) compare(name, value);
  if (c.backward) {
    for (const auto& [name, value] : c.backward(in, dy)) compare("d " + name, value);
  }
  CHECK_MESSAGE(got == run_once(c, backend, in, dy), c.name + label(backend.precision()) + ": other bits again");
}

/// Sizes that take the large products and all of a persistent kernel's registers; not for simulated threads.
std::vector<OpCase> large_cases() {
  std::vector<OpCase> cases;
  for (const bool reverse : {false, true}) {
    LstmOptions o{.time = 6, .batch = 130, .input = 96, .units = 200, .reverse = reverse, .masks = 4};
    o.lengths = o.resets = o.start_state = true;
    cases.push_back(lstm_case(std::string("lstm 200 units, large") + (reverse ? ", reverse" : ""), o));
  }
  cases.push_back(lstm_case("lstm 512 units", {.time = 5, .batch = 40, .input = 128, .units = 512, .masks = 4}));
  return cases;
}

std::vector<float> mask_of(Backend& backend, FillMask op, const CallNumbers* numbers) {
  const std::size_t count = static_cast<std::size_t>(op.times * op.rows * op.units);
  DeviceTensors t(backend);
  op.out = t.zeros("mask", static_cast<Index>(count));
  CallNumbers* device = nullptr;
  if (numbers) device = t.plain(std::vector<CallNumbers>{*numbers});
  op.numbers = device;
  backend.fill_mask(op);
  std::vector<float> mask(count);
  backend.download(mask.data(), op.out, count * sizeof(float));
  return mask;
}

}  // namespace

TEST("device: ops: values and gradients are the reference's, and the same bits again") {
  for (const Precision precision : tested_precisions()) {
    const std::unique_ptr<Backend> backend = make_tested(precision);
    for (const OpCase& c : op_cases()) {
      // Simulated threads take their time: the LSTM has tests of its own there.
      if (backend->device().name == "shim" && c.name.rfind("lstm", 0) == 0) continue;
      check_case(c, *backend);
    }
  }
}

TEST("device: ops: so they are at sizes that take the large kernels") {
  for (const Precision precision : tested_precisions()) {
    const std::unique_ptr<Backend> backend = make_tested(precision);
    if (backend->device().kind == DeviceKind::cpu || backend->device().name == "shim") continue;
    for (const OpCase& c : large_cases()) check_case(c, *backend);
  }
}

TEST("device: dropout masks are the CPU's, bit for bit; numbers of the call count") {
  const std::unique_ptr<Backend> tested = make_tested(Precision::fp32), cpu = make_backend(DeviceChoice::cpu, 1);
  FillMask op;
  op.seed = 0x123456789abcdefull;
  op.rate = 0.3;
  op.times = 3;
  op.rows = 5;
  op.units = 131;
  op.base.layer = 7;
  op.base.gate = 2;
  CallNumbers numbers;
  numbers.step = 12;
  numbers.row_offset = 1000;
  const std::vector<float> with = mask_of(*tested, op, &numbers);
  CHECK(with == mask_of(*cpu, op, &numbers));
  CHECK(with != mask_of(*tested, op, nullptr));
  op.base.step = 12;
  op.base.row = 1000;
  CHECK(with == mask_of(*tested, op, nullptr));
}

TEST("device: a softmax's first of equal logits is the hit; infinite logits without weight are no loss") {
  const std::unique_ptr<Backend> backend = make_tested(Precision::fp32);
  DeviceTensors t(*backend);
  const float* logits = t.floats("logits", {1, 3, 3, 0, 1e38 * 10, 0});
  SoftmaxCrossEntropy op{2,
                         3,
                         1.0,
                         t.plain(std::vector<std::int32_t>{1, 2}),
                         t.floats("weights", {1, 0}),
                         logits,
                         t.zeros("d", 6),
                         t.double_zeros("loss", 2),
                         t.double_zeros("hits", 2)};
  backend->softmax_cross_entropy(op);
  CHECK((t.read("hits") == Vector{1, 0}));
  CHECK(t.read("loss")[1] == 0 && t.read("loss")[0] > 0);
  const Vector d = t.read("d");
  CHECK(d[3] == 0 && d[4] == 0 && d[5] == 0);
}

TEST("device: copies arrive, small and large, and in order") {
  const std::unique_ptr<Backend> backend = make_tested(Precision::fp32);
  constexpr std::size_t kCount = (20u << 20) / sizeof(std::uint32_t) + 3;
  std::vector<std::uint32_t> values(kCount), back(kCount);
  for (std::size_t i = 0; i < kCount; ++i) values[i] = static_cast<std::uint32_t>(i * 2654435761u);
  void* memory = backend->allocate(kCount * sizeof(std::uint32_t));
  backend->upload(memory, values.data(), kCount * sizeof(std::uint32_t));
  for (std::uint32_t i = 0; i < 3000; ++i) {  // each over the one before
    backend->upload(static_cast<std::uint32_t*>(memory) + i % 100, &i, sizeof(i));
  }
  backend->download(back.data(), memory, kCount * sizeof(std::uint32_t));
  for (std::uint32_t i = 0; i < 100; ++i) CHECK(back[i] == 2900 + i);
  CHECK(std::equal(back.begin() + 100, back.end(), values.begin() + 100));
  backend->release(memory);
}

}  // namespace rondo::test
