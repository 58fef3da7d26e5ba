#pragma once

// A spec worked out: widths, places of parameters and packed weights, what needs a gradient.

#include <vector>

#include "rondo/backend.h"
#include "rondo/network_spec.h"
#include "rondo/parameters.h"

namespace rondo {

struct LayerPlan {
  LayerSpec spec;
  std::int64_t input = 0, output = 0;  ///< features
  bool sequence_in = true, sequence_out = true;
  int parameter = -1;               ///< index of the first parameter in the layout
  int state = -1;                   ///< lstm: index among the LSTM layers
  bool wants_dx = false;            ///< something before this layer is trained
  std::int64_t packed[2] = {0, 0};  ///< places in the packed block: lstm per direction, dense

  int directions() const { return spec.kind == LayerKind::lstm ? (spec.bidirectional ? 2 : 1) : 0; }
};

struct InputPlan {
  InputSpec spec;
  std::int64_t column = 0;  ///< first column in the concatenated input
  int parameter = -1;       ///< embedding
};

struct HeadPlan {
  HeadSpec spec;
  int kernel = -1;  ///< in the layout; tied: an embedding's table
  int bias = -1;
  std::int64_t packed = 0;

  bool tied() const { return !spec.tied.empty(); }
};

struct NetworkPlan {
  NetworkSpec spec;
  ParameterLayout layout;
  std::vector<InputPlan> inputs;
  std::vector<LayerPlan> layers;
  std::vector<HeadPlan> heads;
  std::int64_t input_width = 0, trunk_width = 0;
  std::int64_t packed_size = 0;  ///< floats
  bool returns_sequences = true;
  bool bidirectional = false;
  bool trunk_trained = false;  ///< the heads' dx is wanted
  bool trains_embedding = false;
  int first_softmax = -1;        ///< index of the head, -1: none
  std::vector<int> lstm_layers;  ///< by state index

  std::int64_t rows(std::int64_t time, std::int64_t batch) const { return returns_sequences ? time * batch : batch; }
  const ParameterInfo& entry(int index) const { return layout.entries[static_cast<std::size_t>(index)]; }
};

/// Of a validated spec.
NetworkPlan make_plan(const NetworkSpec& spec, const Backend& backend);

}  // namespace rondo
