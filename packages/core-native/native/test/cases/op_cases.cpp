// The table: every op at small and odd sizes.

#include "cases/op_table.h"

namespace rondo::test {

namespace {

std::vector<OpCase> lstm_table() {
  std::vector<OpCase> cases;
  auto add = [&](const std::string& name, LstmOptions o) { cases.push_back(lstm_case("lstm " + name, o)); };
  const auto hard = GateActivation::hard_sigmoid;
  add("plain", {});
  add("one step, one row", {.time = 1, .batch = 1, .input = 1, .units = 1, .start_state = true});
  add("last only", {.last_only = true});
  add("start state", {.start_state = true});
  add("mask per gate", {.masks = 4, .start_state = true});
  add("mask shared", {.masks = 1});
  add("reverse, mask per gate", {.reverse = true, .masks = 4});
  add("reverse, last only", {.reverse = true, .last_only = true});
  add("hard sigmoid", {.masks = 4, .gate_activation = hard});
  add("lengths", {.batch = 7, .masks = 4, .lengths = true, .start_state = true});
  add("lengths, reverse, last only", {.batch = 7, .reverse = true, .lengths = true, .last_only = true});
  add("lengths, last only", {.batch = 7, .lengths = true, .last_only = true});
  add("resets", {.batch = 7, .masks = 1, .resets = true, .start_state = true});
  add("resets and lengths, reverse", {.batch = 7, .reverse = true, .masks = 4, .lengths = true, .resets = true});
  add("several tiles",
      {.time = 4, .batch = 21, .input = 10, .units = 37, .masks = 4, .resets = true, .start_state = true});
  add("several tiles, projected step by step",
      {.time = 3, .batch = 61, .input = 10, .units = 37, .masks = 4, .lengths = true, .resets = true});
  add("several tiles, reverse", {.time = 3, .batch = 31, .input = 33, .units = 5, .reverse = true, .masks = 4});
  add("several blocks of rows", {.time = 3, .batch = 270, .input = 2, .units = 3, .masks = 1, .last_only = true});
  add("several panels", {.time = 3, .batch = 9, .input = 5, .units = 70, .lengths = true});
  return cases;
}

}  // namespace

std::vector<OpCase> op_cases() {
  std::vector<OpCase> cases = lstm_table();
  cases.push_back(dense_case("dense 1 × 1 → 1", 1, 1, 1));
  cases.push_back(dense_case("dense 13 × 7 → 5", 13, 7, 5));
  cases.push_back(dense_case("dense 70 × 33 → 67", 70, 33, 67));
  cases.push_back(dense_case("dense 13 × 7 → 5, transposed", 13, 7, 5, true));
  cases.push_back(dense_case("dense 70 × 33 → 67, transposed", 70, 33, 67, true));
  cases.push_back(dense_case("dense 600 × 300 → 19 (several blocks)", 600, 300, 19));
  cases.push_back(activation_case("relu", Activation::relu, 9, 13));
  cases.push_back(activation_case("tanh", Activation::tanh, 9, 13));
  cases.push_back(activation_case("sigmoid", Activation::sigmoid, 9, 13));
  cases.push_back(activation_case("softmax", Activation::softmax, 9, 37));
  cases.push_back(activation_case("linear", Activation::linear, 9, 13));
  cases.push_back(batch_norm_case("batch norm", 23, 19, true, false));
  cases.push_back(batch_norm_case("batch norm, some rows valid", 23, 19, true, true));
  cases.push_back(batch_norm_case("batch norm, inference", 23, 19, false, false));
  cases.push_back(dropout_case("dropout per step", 5, 3, 11, false));
  cases.push_back(dropout_case("dropout per sequence", 5, 3, 11, true));
  cases.push_back(inputs_case("inputs side by side", 31, 9, 5, 3));
  cases.push_back(loss_case("softmax cross-entropy", true, 11, 23));
  cases.push_back(loss_case("softmax cross-entropy, smoothed", true, 11, 23, 0.1));
  cases.push_back(loss_case("mean squared error", false, 11, 5));
  cases.push_back(optimizer_case("rmsprop", {}, 1003));
  OptimizerSpec spec;
  spec.epsilon_placement = EpsilonPlacement::outside_root;
  cases.push_back(optimizer_case("rmsprop, epsilon outside", spec, 1003));
  spec = {.momentum = 0.9, .centered = true};
  spec.epsilon = 1e-4;  // v − a² cancels; a larger epsilon keeps the comparison about the rule
  cases.push_back(optimizer_case("rmsprop, momentum, centered", spec, 1003));
  cases.push_back(optimizer_case("adam", {.kind = OptimizerKind::adam}, 1003));
  cases.push_back(optimizer_case("adamw", {.kind = OptimizerKind::adamw}, 1003));
  cases.push_back(norm_case("gradient norm", 100003));
  return cases;
}

}  // namespace rondo::test
