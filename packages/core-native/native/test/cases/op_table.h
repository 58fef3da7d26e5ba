#pragma once

// How the cases of the table are made, one function per op.

#include "cases/op_cases.h"

namespace rondo::test {

OpCase activation_case(const std::string& name, Activation activation, Index rows, Index features);
OpCase batch_norm_case(const std::string& name, Index rows, Index features, bool training, bool some_valid);
OpCase dropout_case(const std::string& name, Index times, Index batch, Index features, bool per_sequence);
/// Embedding, scalar, one-hot and dense features side by side: the inputs' concatenation and its gradient.
OpCase inputs_case(const std::string& name, Index rows, Index vocabulary, Index units, Index features);
/// Softmax with cross-entropy, or mean squared error.
OpCase loss_case(const std::string& name, bool softmax, Index rows, Index width, double smoothing = 0);
/// Three steps of the rule.
OpCase optimizer_case(const std::string& name, const OptimizerSpec& spec, Index count);
OpCase norm_case(const std::string& name, Index count);

/// Ids 0 … vocabulary − 1, the same for the same salt.
std::vector<std::int32_t> make_ids(Index count, Index vocabulary, std::uint64_t salt);

}  // namespace rondo::test
