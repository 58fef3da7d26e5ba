#pragma once

// The table of op cases. One entry says what an op takes, what it should give (double precision) and how the engine
// runs it; parity, gradient check, determinism and the benchmark all walk this table.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cases/device_tensors.h"
#include "reference/ops.h"

namespace rondo::test {

using reference::Index;
using reference::Vector;

struct InputTensor {
  std::string name;
  Index count = 0;
  bool differentiable = true;
  double scale = 1;   ///< values are uniform in ±scale …
  double offset = 0;  ///< … + offset
};

/// An op with its tensors on a device: run() as often as wanted, collect() what it gave.
struct EngineRun {
  explicit EngineRun(Backend& backend) : tensors(backend) {}
  DeviceTensors tensors;
  std::function<void()> run;
  std::function<Values()> collect;  ///< outputs by name, gradients as "d <input>"
};

struct OpCase {
  std::string name;
  std::vector<InputTensor> inputs;
  std::vector<std::string> outputs;                              ///< those that gradients are given for
  std::function<Values(const Values&)> forward;                  ///< reference
  std::function<Values(const Values&, const Values&)> backward;  ///< reference: gradients by input; null: has none
  std::function<std::unique_ptr<EngineRun>(Backend&, const Values&, const Values&)> engine;
  double flops = 0;         ///< of one run(), multiply-adds counted as two
  Index output_size = 0;    ///< of the single output; benchmarked cases only
  double tolerance = 1e-5;  ///< parity, max|a − b| / max|b| per tensor
};

/// Small cases of every op, with odd sizes.
std::vector<OpCase> op_cases();

struct LstmOptions {
  Index time = 5, batch = 4, input = 3, units = 6;
  bool reverse = false;
  int masks = 0;
  GateActivation gate_activation = GateActivation::sigmoid;
  bool lengths = false, resets = false, last_only = false, start_state = false;
  Index vocabulary = 0;     ///< above 0: x is rows of a table, for backends whose ops take one
  bool dx_over_dy = false;  ///< dx where dy lay, for backends that can
};
OpCase lstm_case(const std::string& name, const LstmOptions& options);
/// The layer's input: what the values say, or the table's rows.
Vector lstm_input(const LstmOptions& options, const Values& in);
/// transposed: the kernel is given as [output, input].
OpCase dense_case(const std::string& name, Index rows, Index input, Index output, bool transposed = false);

/// Reproducible values for a case: inputs, rounded to float so that both sides see the same; `salt` tells sets apart.
Values make_inputs(const OpCase& c, std::uint64_t salt);
Vector make_values(Index count, std::uint64_t salt, double scale = 1, double offset = 0);

/// max|a − b| / max|b|; infinite when the sizes differ or a value is not finite.
double error_of(const Vector& a, const Vector& b);

}  // namespace rondo::test
