// What every op of the table promises: the double reference's values and gradients, gradients that finite differences
// confirm, and the same bits for any number of threads.

#include <algorithm>
#include <cstdlib>

#include "cases/op_cases.h"
#include "framework.h"
#include "simd_levels.h"

namespace rondo::test {
namespace {

Values make_dy(const OpCase& c, const Values& outputs) {
  Values dy;
  std::uint64_t salt = 500;
  for (const std::string& name : c.outputs) dy[name] = make_values(static_cast<Index>(outputs.at(name).size()), salt++);
  return dy;
}

Values run_engine(const OpCase& c, Backend& backend, const Values& in, const Values& dy) {
  const std::unique_ptr<EngineRun> run = c.engine(backend, in, dy);
  run->run();
  return run->collect();
}

void check_parity(const OpCase& c, Backend& backend, const std::string& where) {
  const Values in = make_inputs(c, 1);
  const Values expected = c.forward(in);
  Values dy = make_dy(c, expected);
  if (dy.count("loss")) std::fill(dy["loss"].begin(), dy["loss"].end(), 1.0);  // what the loss ops differentiate
  const Values got = run_engine(c, backend, in, dy);
  auto compare = [&](const std::string& name, const Vector& b) {
    const double error = error_of(got.at(name), b);
    CHECK_MESSAGE(error <= c.tolerance,
                  c.name + where + ": " + name + " is off by " + std::to_string(error * 1e6) + "e-6");
  };
  for (const auto& [name, value] : expected) compare(name, value);
  if (!c.backward) return;
  for (const auto& [name, value] : c.backward(in, dy)) compare("d " + name, value);
}

/// Σ dy · y of the reference, as a function of one element.
double objective(const OpCase& c, const Values& in, const Values& dy) {
  const Values y = c.forward(in);
  double sum = 0;
  for (const auto& [name, d] : dy) {
    for (std::size_t e = 0; e < d.size(); ++e) sum += d[e] * y.at(name)[e];
  }
  return sum;
}

void check_gradient(const OpCase& c) {
  constexpr double kStep = 1e-5, kTolerance = 1e-7;
  constexpr Index kElements = 40;  // of each tensor, spread evenly
  Values in = make_inputs(c, 1);
  const Values dy = make_dy(c, c.forward(in));
  const Values analytic = c.backward(in, dy);
  for (const InputTensor& input : c.inputs) {
    if (!input.differentiable) continue;
    Vector numeric, exact;
    const Index stride = std::max<Index>(1, input.count / kElements);
    for (Index e = 0; e < input.count; e += stride) {
      double& x = in[input.name][static_cast<std::size_t>(e)];
      const double kept = x;
      x = kept + kStep;
      const double above = objective(c, in, dy);
      x = kept - kStep;
      const double below = objective(c, in, dy);
      x = kept;
      numeric.push_back((above - below) / (2 * kStep));
      exact.push_back(analytic.at(input.name)[static_cast<std::size_t>(e)]);
    }
    const double error = error_of(numeric, exact);
    CHECK_MESSAGE(error <= kTolerance,
                  c.name + ": d " + input.name + " is off by " + std::to_string(error * 1e6) + "e-6");
  }
}

/// More steps of k than a block of a product has; too large for finite differences.
std::vector<OpCase> wide_cases() {
  return {lstm_case("lstm, wide", {.time = 2, .batch = 33, .input = 260, .units = 270, .masks = 4}),
          lstm_case("lstm, wide, few rows", {.time = 3, .batch = 2, .input = 260, .units = 270, .masks = 4}),
          lstm_case("lstm, wide, one row", {.time = 2, .batch = 1, .input = 260, .units = 270})};
}

/// Forms of the LSTM that a backend need not have; the CPU has them.
std::vector<OpCase> cpu_cases() {
  return {
      lstm_case("lstm, table", {.time = 5, .batch = 4, .vocabulary = 7}),
      lstm_case("lstm, table, reverse, lengths, resets, masks",
                {.time = 5, .batch = 4, .reverse = true, .masks = 4, .lengths = true, .resets = true, .vocabulary = 9}),
      lstm_case("lstm, table, last step", {.time = 6, .batch = 3, .last_only = true, .vocabulary = 5}),
      lstm_case("lstm, dx over dy", {.input = 6, .units = 6, .dx_over_dy = true}),
      lstm_case(
          "lstm, dx over dy, reverse, lengths, masks",
          {.batch = 6, .input = 7, .units = 7, .reverse = true, .masks = 4, .lengths = true, .dx_over_dy = true})};
}

/// The same with more than one panel, block of k and tile.
std::vector<OpCase> wide_cpu_cases() {
  return {
      lstm_case("lstm, table, wide",
                {.time = 18, .batch = 33, .input = 70, .units = 75, .masks = 4, .vocabulary = 290}),
      lstm_case("lstm, dx over dy, wide", {.time = 3, .batch = 33, .input = 270, .units = 270, .dx_over_dy = true})};
}

}  // namespace

TEST("environment: a variable has its value for a while, then the one it had") {
  const auto value = [] {
    const char* found = std::getenv("RONDO_TEST_VALUE");
    return std::string(found ? found : "none");
  };
  {
    const EnvironmentVariable outer("RONDO_TEST_VALUE", "outer");
    {
      const EnvironmentVariable inner("RONDO_TEST_VALUE", "inner");
      CHECK(value() == "inner");
    }
    CHECK(value() == "outer");
  }
  CHECK(value() == "none");
}

TEST("ops: values and gradients of every instruction set are the reference's") {
  for (const std::string& level : simd_levels()) {
    const SimdLevel chosen(level);
    const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
    CHECK(backend->device().simd == level);
    for (const OpCase& c : op_cases()) check_parity(c, *backend, " [" + level + "]");
    for (const OpCase& c : wide_cases()) check_parity(c, *backend, " [" + level + "]");
    for (const OpCase& c : cpu_cases()) check_parity(c, *backend, " [" + level + "]");
    for (const OpCase& c : wide_cpu_cases()) check_parity(c, *backend, " [" + level + "]");
  }
}

TEST("ops: gradients agree with central differences") {
  for (const OpCase& c : op_cases()) {
    if (c.backward) check_gradient(c);
  }
  for (const OpCase& c : cpu_cases()) check_gradient(c);
}

TEST("ops: one, two, three, five and sixteen threads give the same bits") {
  const std::unique_ptr<Backend> one = make_backend(DeviceChoice::cpu, 1);
  std::vector<OpCase> cases = op_cases();
  cases.push_back(
      lstm_case("lstm, enough for several teams", {.time = 6, .batch = 40, .input = 33, .units = 70, .masks = 4}));
  cases.push_back(dense_case("dense, enough for several threads", 300, 130, 170));
  for (const auto& more : {wide_cases(), cpu_cases(), wide_cpu_cases()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  for (const int threads : {2, 3, 5, 16}) {
    const std::unique_ptr<Backend> many = make_backend(DeviceChoice::cpu, threads);
    CHECK(many->threads() == threads);
    for (const OpCase& c : cases) {
      const Values in = make_inputs(c, 1);
      const Values dy = make_dy(c, c.forward(in));
      CHECK_MESSAGE(run_engine(c, *one, in, dy) == run_engine(c, *many, in, dy),
                    c.name + ": different bits with " + std::to_string(threads) + " threads");
    }
  }
}

TEST("ops: the rows of a projected table are the projections of its rows, to the bit") {
  const LstmOptions table{.time = 18, .batch = 33, .input = 270, .units = 40, .masks = 4, .vocabulary = 290};
  LstmOptions rows = table;
  rows.vocabulary = 0;
  const OpCase a = lstm_case("table", table), b = lstm_case("rows", rows);
  const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
  Values in = make_inputs(a, 1);
  const Values dy = make_dy(a, a.forward(in));
  const Values from_table = run_engine(a, *backend, in, dy);
  in["x"] = lstm_input(table, in);
  CHECK(run_engine(b, *backend, in, dy).at("y") == from_table.at("y"));
}

TEST("ops: a batch row's values do not depend on the rows beside it") {
  const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
  const OpCase many = dense_case("many rows", 29, 70, 37), one = dense_case("one row", 1, 70, 37);
  Values in = make_inputs(many, 1);
  const Values dy{{"y", Vector(29 * 37, 1.0)}};
  const Values all = run_engine(many, *backend, in, dy);
  in["x"] = Vector(in["x"].end() - 70, in["x"].end());
  const Values last = run_engine(one, *backend, in, {{"y", Vector(37, 1.0)}});
  CHECK(last.at("y") == Vector(all.at("y").end() - 37, all.at("y").end()));
}

TEST("ops: a batch row goes through an LSTM alone as it does among others") {
  constexpr Index kInput = 270, kUnits = 300, kRows = 3;
  const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
  for (const Index time : {1, 2}) {
    const OpCase many = lstm_case("many", {.time = time, .batch = kRows, .input = kInput, .units = kUnits});
    const OpCase one = lstm_case("one", {.time = time, .batch = 1, .input = kInput, .units = kUnits});
    Values in = make_inputs(many, 1);
    auto last_row = [&](const Vector& all, Index width) {
      Vector rows;
      for (Index t = 0; t < time; ++t) {
        const auto row = all.begin() + ((t + 1) * kRows - 1) * width;
        rows.insert(rows.end(), row, row + width);
      }
      return rows;
    };
    const Values all = run_engine(many, *backend, in, make_dy(many, many.forward(in)));
    in["x"] = last_row(in["x"], kInput);
    for (const char* start : {"h0", "c0"}) in[start] = Vector(kUnits, 0);
    const Values alone = run_engine(one, *backend, in, make_dy(one, one.forward(in)));
    CHECK(alone.at("y") == last_row(all.at("y"), kUnits));
  }
}

}  // namespace rondo::test
