#include "network/reduced_weights.h"

#include <bit>
#include <cmath>

namespace rondo {
namespace {

std::size_t padded(std::int64_t bytes) {
  return (static_cast<std::size_t>(bytes) + 63) / 64 * 64;
}

float nearest_bf16(float x) {
  if (std::isnan(x)) return x;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t below = bits & 0xFFFFu, kept = bits & 0xFFFF0000u;
  const bool up = below > 0x8000u || (below == 0x8000u && (kept & 0x10000u) != 0);
  return std::bit_cast<float>(up ? kept + 0x10000u : kept);
}

void round_column(std::int64_t rows, std::int64_t stride, float* column) {
  float top = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    const float size = std::abs(column[r * stride]);
    if (!(size <= top)) top = size;
  }
  const float scale = top / 127.0f;
  for (std::int64_t r = 0; r < rows; ++r) {
    float& w = column[r * stride];
    const float q = scale > 0 ? std::nearbyint(w / scale) : 0.0f;
    w = (std::isfinite(q) ? q : 0.0f) * scale;
  }
}

}  // namespace

void round_weights(WeightPrecision precision, std::int64_t rows, std::int64_t columns, bool transposed,
                   float* weights) {
  if (precision == WeightPrecision::bf16) {
    for (std::int64_t i = 0; i < rows * columns; ++i) weights[i] = nearest_bf16(weights[i]);
  } else if (precision == WeightPrecision::int8 && transposed) {
    for (std::int64_t r = 0; r < rows; ++r) round_column(columns, 1, weights + r * columns);
  } else if (precision == WeightPrecision::int8) {
    for (std::int64_t c = 0; c < columns; ++c) round_column(rows, columns, weights + c);
  }
}

ReducedWeights::ReducedWeights(const NetworkPlan& plan, std::shared_ptr<Backend> backend, WeightPrecision precision)
    : backend_(std::move(backend)), precision_(precision), memory_(backend_), layers_(plan.layers.size()) {
  std::size_t total = 0;
  auto add = [&](std::int64_t input, std::int64_t output, bool gates, int parameter, bool transposed = false) {
    const ReducedMatrix shape{precision, input, output, gates};
    const std::int64_t bytes = backend_->reduced_size(shape);
    total += padded(bytes);
    bytes_read_ += static_cast<std::uint64_t>(bytes);
    return Matrix{shape, parameter, transposed, nullptr};
  };
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const LayerPlan& layer = plan.layers[i];
    if (layer.spec.kind == LayerKind::lstm) {
      layers_[i].push_back(add(layer.input, 4 * layer.spec.units, true, layer.parameter));
      layers_[i].push_back(add(layer.spec.units, 4 * layer.spec.units, true, layer.parameter + 1));
    } else if (layer.spec.kind == LayerKind::dense) {
      layers_[i].push_back(add(layer.input, layer.output, false, layer.parameter));
    }
  }
  const HeadPlan& head = plan.heads[static_cast<std::size_t>(plan.first_softmax)];
  head_ = add(plan.trunk_width, head.spec.width(), false, head.kernel, head.tied());
  memory_.ensure(total);
  char* place = memory_.data();
  for (Matrix* m : all()) {
    m->packed = place;
    place += padded(backend_->reduced_size(m->shape));
  }
}

std::vector<ReducedWeights::Matrix*> ReducedWeights::all() {
  std::vector<Matrix*> matrices;
  for (std::vector<Matrix>& layer : layers_) {
    for (Matrix& m : layer) matrices.push_back(&m);
  }
  matrices.push_back(&head_);
  return matrices;
}

void ReducedWeights::pack(const NetworkPlan& plan, const float* parameters, std::uint64_t version) {
  if (version == version_) return;
  for (const Matrix* m : all()) {
    backend_->reduced_pack({m->shape, parameters + plan.entry(m->parameter).offset, m->packed, m->transposed});
  }
  version_ = version;
}

}  // namespace rondo
