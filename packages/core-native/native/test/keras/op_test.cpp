// Batch normalisation and optimizers beside Keras.

#include "framework.h"
#include "keras/fixtures.h"

namespace rondo::test {
namespace {

struct OptimizerFixture {
  const char* key;
  OptimizerSpec spec;
  double learning_rate;
};

std::vector<OptimizerFixture> optimizer_fixtures() {
  OptimizerSpec momentum;
  momentum.rho = 0.8;
  momentum.momentum = 0.9;
  momentum.centered = true;
  OptimizerSpec adam, adamw;
  adam.kind = OptimizerKind::adam;
  adamw.kind = OptimizerKind::adamw;
  adamw.weight_decay = 0.01;
  return {
      {"rmsprop", {}, 1e-3}, {"rmspropMomentumCentered", momentum, 1e-2}, {"adam", adam, 1e-3}, {"adamw", adamw, 1e-3}};
}

}  // namespace

TEST("keras: batch normalisation, training, moving statistics and inference") {
  const Json j = fixture("batch-norm");
  constexpr Index kRows = 16, kFeatures = 6;
  const Vector x = j.at("x").data(), gamma = j.at("gamma").data(), beta = j.at("beta").data(), dy = j.at("dy").data();
  const Vector zeros(kFeatures), ones(kFeatures, 1);
  const reference::BatchNorm r =
      reference::batch_norm_forward(kRows, kFeatures, 0.99, 1e-3, true, {}, gamma, beta, zeros, ones, x);
  const auto g = reference::batch_norm_backward(kRows, kFeatures, {}, gamma, r, x, dy);
  const reference::BatchNorm inference = reference::batch_norm_forward(kRows, kFeatures, 0.99, 1e-3, false, {}, gamma,
                                                                       beta, r.moving_mean, r.moving_variance, x);

  const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
  DeviceTensors t(*backend);
  BatchNormForward op{kRows,
                      kFeatures,
                      0.99,
                      1e-3,
                      true,
                      nullptr,
                      t.floats("gamma", gamma),
                      t.floats("beta", beta),
                      t.floats("movingMean", zeros),
                      t.floats("movingVariance", ones),
                      t.zeros("mean", kFeatures),
                      t.zeros("inverse", kFeatures),
                      t.floats("x", x),
                      t.zeros("y", kRows * kFeatures)};
  backend->batch_norm_forward(op);
  backend->batch_norm_backward({kRows, kFeatures, nullptr, op.gamma, op.mean, op.inverse_deviation, op.x,
                                t.floats("dy", dy), t.zeros("dx", kRows * kFeatures), t.zeros("dGamma", kFeatures),
                                t.zeros("dBeta", kFeatures)});
  op.training = false;
  op.y = t.zeros("yInference", kRows * kFeatures);
  backend->batch_norm_forward(op);

  const Values expected{{"y", r.y},
                        {"dx", g.x},
                        {"dGamma", g.gamma},
                        {"dBeta", g.beta},
                        {"movingMean", r.moving_mean},
                        {"movingVariance", r.moving_variance},
                        {"yInference", inference.y}};
  for (const auto& [name, value] : expected) {
    compare("reference " + name, value, j.at(name).data(), kReferenceTolerance);
    compare("engine " + name, t.read(name), j.at(name).data(), kEngineTolerance);
  }
}

TEST("keras: three steps of every optimizer") {
  const Json j = fixture("optimizers");
  for (const OptimizerFixture& f : optimizer_fixtures()) {
    Vector w = j.at("start").data();
    const std::size_t count = slot_names(f.spec).size();
    std::vector<Vector> slots(count, Vector(w.size()));
    const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 1);
    DeviceTensors t(*backend);
    OptimizerUpdate op;
    op.count = static_cast<Index>(w.size());
    op.w = t.floats("w", w);
    for (std::size_t i = 0; i < count; ++i) op.slots[i] = t.zeros("slot" + std::to_string(i), op.count);
    op.learning_rate = f.learning_rate;
    for (std::size_t step = 0; step < 3; ++step) {
      const Vector g = j.at("gradients").at(step).data();
      const Vector expected = j.at(f.key).at(step).data();
      op.g = t.floats("g" + std::to_string(step), g);
      op.step = step + 1;
      reference::optimizer_step(f.spec, f.learning_rate, op.step, g, w, slots);
      if (f.spec.kind == OptimizerKind::rmsprop) backend->rmsprop(f.spec, op);
      if (f.spec.kind == OptimizerKind::adam) backend->adam(f.spec, op);
      if (f.spec.kind == OptimizerKind::adamw) backend->adamw(f.spec, op);
      compare(std::string("reference ") + f.key, w, expected, kExact);
      compare(std::string("engine ") + f.key, t.read("w"), expected, kEngineTolerance);
    }
  }
}

}  // namespace rondo::test
