// The weights as the ops read them: fp32 panels for whole batches, reduced copies for streams.

#include "network/core.h"

namespace rondo {

void NetworkCore::weights_changed() {
  weights_packed = transposes_packed = false;
  ++weights_version;
}

const float* NetworkCore::rounded(int index, bool transposed, WeightPrecision weight_precision, DeviceMemory& scratch,
                                  std::vector<float>& host) const {
  if (weight_precision == WeightPrecision::fp32) return parameter(index);
  const ParameterInfo& entry = plan.entry(index);
  host.resize(static_cast<std::size_t>(entry.size));
  const std::size_t bytes = host.size() * sizeof(float);
  backend->download(host.data(), parameter(index), bytes);
  round_weights(weight_precision, entry.shape[0], entry.shape[1], transposed, host.data());
  scratch.ensure(bytes);
  backend->upload(scratch.data(), host.data(), bytes);
  return scratch.floats();
}

void NetworkCore::pack_weights(bool transposes, WeightPrecision weight_precision) {
  if (weights_packed && packed_precision == weight_precision && (transposes_packed || !transposes)) return;
  DeviceMemory scratch[2] = {DeviceMemory(backend), DeviceMemory(backend)};
  std::vector<float> host;
  for (const LayerPlan& layer : plan.layers) {
    for (int d = 0; d < layer.directions(); ++d) {
      const int first = layer.parameter + 3 * d;
      const float* kernel = rounded(first, false, weight_precision, scratch[0], host);
      const float* recurrent = rounded(first + 1, false, weight_precision, scratch[1], host);
      backend->lstm_pack(
          {layer.input, layer.spec.units, kernel, recurrent, transposes, packed.floats() + layer.packed[d]});
    }
    if (layer.spec.kind == LayerKind::dense) {
      backend->dense_pack({layer.input, layer.output,
                           rounded(layer.parameter, false, weight_precision, scratch[0], host), transposes,
                           packed.floats() + layer.packed[0]});
    }
  }
  for (const HeadPlan& head : plan.heads) {
    backend->dense_pack({plan.trunk_width, head.spec.width(),
                         rounded(head.kernel, head.tied(), weight_precision, scratch[0], host), transposes,
                         packed.floats() + head.packed, head.tied()});
  }
  weights_packed = true;
  transposes_packed = transposes;
  packed_precision = weight_precision;
}

std::shared_ptr<ReducedWeights> NetworkCore::reduced_weights(WeightPrecision weight_precision) {
  if (weight_precision == WeightPrecision::fp32) return nullptr;
  std::weak_ptr<ReducedWeights>& kept = reduced[weight_precision == WeightPrecision::int8];
  std::shared_ptr<ReducedWeights> weights = kept.lock();
  if (!weights) kept = weights = std::make_shared<ReducedWeights>(plan, backend, weight_precision);
  return weights;
}

}  // namespace rondo
