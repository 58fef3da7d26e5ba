// Cases of losses, optimizers and the gradient's norm.

#include "cases/op_table.h"

namespace rondo::test {

OpCase loss_case(const std::string& name, bool softmax, Index rows, Index width, double smoothing) {
  constexpr double kHeadWeight = 0.7;
  OpCase c;
  c.name = name;
  c.inputs = {{"x", rows * width, true, 4}, {"weights", rows, false, 0.5, 0.5}, {"targets", rows * width, false}};
  c.outputs = {"loss"};
  const std::vector<std::int32_t> ids = make_ids(rows, width, 9);
  auto weights = [](const Values& in) {
    Vector w = in.at("weights");
    w[1] = 0;
    return w;
  };
  auto loss = [=](const Values& in) {
    return softmax ? reference::softmax_cross_entropy(rows, width, kHeadWeight, ids, weights(in), in.at("x"), smoothing)
                   : reference::mean_squared_error(rows, width, kHeadWeight, in.at("targets"), weights(in), in.at("x"));
  };
  c.forward = [=](const Values& in) {
    const reference::Loss l = loss(in);
    return softmax ? Values{{"loss", l.rows}, {"hits", l.hits}} : Values{{"loss", l.rows}};
  };
  c.backward = [=](const Values& in, const Values& dy) {  // the op's own gradient is that of the plain sum
    Vector dx = loss(in).dx;
    for (std::size_t e = 0; e < dx.size(); ++e) dx[e] *= dy.at("loss")[e / static_cast<std::size_t>(width)];
    return Values{{"x", dx}};
  };
  c.engine = [=](Backend& backend, const Values& in, const Values&) {
    auto run = std::make_unique<EngineRun>(backend);
    DeviceTensors& t = run->tensors;
    const float* x = t.floats("x", in.at("x"));
    const float* w = t.floats("weights", weights(in));
    float* dx = t.zeros("d x", rows * width);
    double* sums = t.double_zeros("loss", rows);
    const SoftmaxCrossEntropy ce{
        rows, width, kHeadWeight, t.plain(ids), w, x, dx, sums, t.double_zeros("hits", rows), smoothing};
    const MeanSquaredError mse{rows, width, kHeadWeight, t.floats("targets", in.at("targets")), w, x, dx, sums};
    run->run = [=, &backend, &t] {
      t.zero("loss");
      softmax ? backend.softmax_cross_entropy(ce) : backend.mean_squared_error(mse);
    };
    run->collect = [=, &t] {
      Values out{{"loss", t.read("loss")}, {"d x", t.read("d x")}};
      if (softmax) out["hits"] = t.read("hits");
      return out;
    };
    return run;
  };
  return c;
}

OpCase optimizer_case(const std::string& name, const OptimizerSpec& spec, Index count) {
  OpCase c;
  c.name = name;
  c.inputs = {{"w", count, false}, {"g", count, false, 0.3}};
  constexpr int kSteps = 3;
  constexpr double kRate = 0.01, kScale = 0.5;
  const std::vector<std::string> slots = slot_names(spec);
  c.forward = [=](const Values& in) {
    Vector w = in.at("w"), g = in.at("g");
    std::vector<Vector> s(slots.size(), Vector(w.size()));
    for (double& x : g) x *= kScale;
    for (std::uint64_t step = 1; step <= kSteps; ++step) reference::optimizer_step(spec, kRate, step, g, w, s);
    Values out{{"w", w}};
    for (std::size_t i = 0; i < slots.size(); ++i) out[slots[i]] = s[i];
    return out;
  };
  c.engine = [=](Backend& backend, const Values& in, const Values&) {
    auto run = std::make_unique<EngineRun>(backend);
    DeviceTensors& t = run->tensors;
    OptimizerUpdate op;
    op.count = count;
    op.w = t.floats("w", in.at("w"));
    op.g = t.floats("g", in.at("g"));
    for (std::size_t i = 0; i < slots.size(); ++i) op.slots[i] = t.zeros(slots[i], count);
    op.learning_rate = kRate;
    op.gradient_scale = kScale;
    run->run = [=, &backend]() mutable {
      for (op.step = 1; op.step <= kSteps; ++op.step) {
        if (spec.kind == OptimizerKind::rmsprop) backend.rmsprop(spec, op);
        if (spec.kind == OptimizerKind::adam) backend.adam(spec, op);
        if (spec.kind == OptimizerKind::adamw) backend.adamw(spec, op);
      }
    };
    run->collect = [=, &t] {
      Values out{{"w", t.read("w")}};
      for (const std::string& slot : slots) out[slot] = t.read(slot);
      return out;
    };
    return run;
  };
  return c;
}

OpCase norm_case(const std::string& name, Index count) {
  OpCase c;
  c.name = name;
  c.inputs = {{"g", count, false}};
  c.forward = [](const Values& in) {
    double sum = 0;
    for (const double x : in.at("g")) sum += x * x;
    return Values{{"sum", {sum}}};
  };
  c.engine = [=](Backend& backend, const Values& in, const Values&) {
    auto run = std::make_unique<EngineRun>(backend);
    const float* g = run->tensors.floats("g", in.at("g"));
    auto sum = std::make_shared<double>();
    run->run = [=, &backend] { *sum = backend.sum_of_squares(g, count); };
    run->collect = [=] { return Values{{"sum", {*sum}}}; };
    return run;
  };
  c.tolerance = 1e-12;
  return c;
}

}  // namespace rondo::test
