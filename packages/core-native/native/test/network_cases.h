#pragma once

// Whole networks with a batch each: what the network tests walk over.

#include <memory>

#include "cases/op_cases.h"
#include "owned_batch.h"
#include "reference/network.h"
#include "rondo/network.h"

namespace rondo::test {

struct NetworkCase {
  std::string name;
  NetworkSpec spec = {};
  Index time = 5, batch = 4;
  bool weights = false, lengths = false, resets = false, carry = false;
  Index row_offset = 0;
  OptimizerSpec optimizer = {};
  double clip_norm = 0;
  double gradient_tolerance = 1e-5;
};

std::vector<NetworkCase> network_cases();
/// Number `step` of a run of batches for the case.
OwnedBatch make_batch(const NetworkCase& c, std::uint64_t step);
std::unique_ptr<Network> make_network(const NetworkCase& c, int threads, std::uint64_t seed = 42,
                                      DeviceChoice device = DeviceChoice::cpu,
                                      Precision precision = Precision::automatic);
/// The reference with the network's own parameters.
reference::ReferenceNetwork make_reference_network(const NetworkCase& c, const Network& network,
                                                   std::uint64_t seed = 42);

/// A group's tensors by name.
Values read_group(const Network& network, TensorGroup group);

// Builders of specs.
InputSpec embedding_input(const std::string& name, Index vocabulary, Index units);
InputSpec simple_input(InputKind kind, const std::string& name, Index size);
LayerSpec lstm_layer(Index units, double recurrent_dropout = 0, bool return_sequences = true);
LayerSpec bidirectional_layer(Index units, double recurrent_dropout = 0, bool return_sequences = true);
LayerSpec batch_norm_layer();
LayerSpec dropout_layer(double rate, DropoutMode mode = DropoutMode::per_step);
LayerSpec dense_layer(Index units, Activation activation = Activation::linear);
LayerSpec activation_layer(Activation activation);
HeadSpec softmax_head(const std::string& name, Index vocabulary, double weight = 1);
HeadSpec tied_head(const std::string& name, Index vocabulary, const std::string& input, double smoothing = 0);
HeadSpec regression_head(const std::string& name, Index units, double weight = 1);
/// The tutorial's network with one input of ids / vocabulary.
NetworkSpec tutorial_spec(Index units, Index dense, Index vocabulary, double rate);

}  // namespace rondo::test
