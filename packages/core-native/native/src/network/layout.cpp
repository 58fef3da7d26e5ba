// Names, shapes and places of a network's parameters.

#include <algorithm>

#include "rondo/parameters.h"

namespace rondo {
namespace {

class Builder {
 public:
  ParameterLayout layout;

  void add(const std::string& name, Shape shape, Initialiser initialiser, bool trainable = true) {
    constexpr std::int64_t kAlignment = 16;  // floats: one cache line
    ParameterInfo info;
    info.name = name;
    info.size = element_count(shape);
    info.shape = std::move(shape);
    info.trainable = trainable;
    info.initialiser = initialiser;
    info.offset = layout.block_size;
    layout.block_size += (info.size + kAlignment - 1) / kAlignment * kAlignment;
    layout.count += info.size;
    if (trainable) layout.trainable_count += info.size;
    layout.entries.push_back(std::move(info));
  }

  void add_lstm(const std::string& prefix, std::int64_t input, std::int64_t units) {
    add(prefix + "kernel", {input, 4 * units}, Initialiser::glorot_uniform);
    add(prefix + "recurrentKernel", {units, 4 * units}, Initialiser::orthogonal);
    add(prefix + "bias", {4 * units}, Initialiser::lstm_bias);
  }

  void add_dense(const std::string& prefix, std::int64_t input, std::int64_t output) {
    add(prefix + "kernel", {input, output}, Initialiser::glorot_uniform);
    add(prefix + "bias", {output}, Initialiser::zeros);
  }

  /// Gives the layer's output width.
  std::int64_t add_layer(const LayerSpec& layer, const std::string& prefix, std::int64_t width) {
    switch (layer.kind) {
      case LayerKind::lstm:
        if (!layer.bidirectional) {
          add_lstm(prefix, width, layer.units);
          return layer.units;
        }
        add_lstm(prefix + "forward.", width, layer.units);
        add_lstm(prefix + "backward.", width, layer.units);
        return 2 * layer.units;
      case LayerKind::batch_norm:
        add(prefix + "gamma", {width}, Initialiser::ones);
        add(prefix + "beta", {width}, Initialiser::zeros);
        add(prefix + "movingMean", {width}, Initialiser::zeros, false);
        add(prefix + "movingVariance", {width}, Initialiser::ones, false);
        return width;
      case LayerKind::dense:
        add_dense(prefix, width, layer.units);
        return layer.units;
      case LayerKind::dropout:
      case LayerKind::activation:
        break;
    }
    return width;
  }
};

/// A tied table starts as the kernel that it is: from the small values of other tables it learns far worse
/// (docs/quality.md).
Initialiser table_start(const NetworkSpec& spec, const InputSpec& input) {
  const bool tied =
      std::any_of(spec.heads.begin(), spec.heads.end(), [&](const HeadSpec& head) { return head.tied == input.name; });
  return tied ? Initialiser::glorot_uniform : Initialiser::embedding_uniform;
}

}  // namespace

int ParameterLayout::find(const std::string& name) const {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

ParameterLayout make_layout(const NetworkSpec& spec) {
  Builder builder;
  std::int64_t width = 0;
  for (const InputSpec& input : spec.inputs) {
    if (input.kind == InputKind::embedding) {
      builder.add("inputs." + input.name + ".embedding", {input.vocabulary, input.units}, table_start(spec, input));
    }
    width += input.width();
  }
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    width = builder.add_layer(spec.layers[i], "layers." + std::to_string(i) + ".", width);
  }
  for (const HeadSpec& head : spec.heads) {
    const std::string prefix = "heads." + head.name + ".";
    if (head.tied.empty()) {
      builder.add_dense(prefix, width, head.width());
    } else {
      builder.add(prefix + "bias", {head.width()}, Initialiser::zeros);
    }
  }
  return std::move(builder.layout);
}

}  // namespace rondo
