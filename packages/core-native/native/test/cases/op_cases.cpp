#include "cases/op_cases.h"

#include <cmath>

#include "rondo/rng.h"

namespace rondo::test {
namespace {

std::vector<std::int32_t> make_ids(Index count, Index vocabulary, std::uint64_t salt) {
  std::vector<std::int32_t> ids;
  for (const double u : make_values(count, salt, 0.5, 0.5)) {
    ids.push_back(static_cast<std::int32_t>(u * static_cast<double>(vocabulary)));
  }
  return ids;
}

OpCase activation_case(const std::string& name, Activation activation, Index rows, Index features) {
  OpCase c;
  c.name = name;
  c.inputs = {{"x", rows * features, true, 3}};
  c.outputs = {"y"};
  c.forward = [=](const Values& in) {
    return Values{{"y", reference::activation_forward(activation, rows, features, in.at("x"))}};
  };
  c.backward = [=](const Values& in, const Values& dy) {
    const Vector y = reference::activation_forward(activation, rows, features, in.at("x"));
    return Values{{"x", reference::activation_backward(activation, rows, features, y, dy.at("y"))}};
  };
  c.engine = [=](Backend& backend, const Values& in, const Values& dy) {
    auto run = std::make_unique<EngineRun>(backend);
    DeviceTensors& t = run->tensors;
    const ActivationForward forward{activation, rows, features, t.floats("x", in.at("x")),
                                    t.zeros("y", rows * features)};
    const ActivationBackward backward{
        activation, rows, features, forward.y, t.floats("dy", dy.at("y")), t.zeros("d x", rows * features)};
    run->run = [=, &backend] {
      backend.activation_forward(forward);
      backend.activation_backward(backward);
    };
    run->collect = [&t] { return Values{{"y", t.read("y")}, {"d x", t.read("d x")}}; };
    return run;
  };
  return c;
}

OpCase batch_norm_case(const std::string& name, Index rows, Index features, bool training, bool some_valid) {
  constexpr double kMomentum = 0.9, kEpsilon = 1e-3;
  OpCase c;
  c.name = name;
  c.inputs = {{"x", rows * features, true, 2, 0.5},
              {"gamma", features, true, 0.5, 1},
              {"beta", features},
              {"mean", features, false},
              {"variance", features, false, 0.4, 1}};
  c.outputs = {"y"};
  std::vector<std::uint8_t> valid;
  for (Index r = 0; r < rows && some_valid; ++r) valid.push_back(r % 3 != 0);
  auto trace = [=](const Values& in) {
    return reference::batch_norm_forward(rows, features, kMomentum, kEpsilon, training, valid, in.at("gamma"),
                                         in.at("beta"), in.at("mean"), in.at("variance"), in.at("x"));
  };
  c.forward = [=](const Values& in) {
    const reference::BatchNorm b = trace(in);
    return Values{{"y", b.y}, {"moving mean", b.moving_mean}, {"moving variance", b.moving_variance}};
  };
  // Rows that are not valid get no gradient from outside: that is the op's precondition.
  auto masked = [=](Vector dy) {
    for (std::size_t e = 0; e < dy.size() && some_valid; ++e) {
      if (!valid[e / static_cast<std::size_t>(features)]) dy[e] = 0;
    }
    return dy;
  };
  if (training && !some_valid) {
    c.backward = [=](const Values& in, const Values& dy) {
      const auto g =
          reference::batch_norm_backward(rows, features, valid, in.at("gamma"), trace(in), in.at("x"), dy.at("y"));
      return Values{{"x", g.x}, {"gamma", g.gamma}, {"beta", g.beta}};
    };
  }
  c.engine = [=](Backend& backend, const Values& in, const Values& dy) {
    auto run = std::make_unique<EngineRun>(backend);
    DeviceTensors& t = run->tensors;
    BatchNormForward f;
    f.rows = rows;
    f.features = features;
    f.momentum = kMomentum;
    f.epsilon = kEpsilon;
    f.training = training;
    f.valid = t.plain(valid);
    f.gamma = t.floats("gamma", in.at("gamma"));
    f.beta = t.floats("beta", in.at("beta"));
    f.moving_mean = t.floats("moving mean", in.at("mean"));
    f.moving_variance = t.floats("moving variance", in.at("variance"));
    f.mean = t.zeros("mean", features);
    f.inverse_deviation = t.zeros("inverse", features);
    f.x = t.floats("x", in.at("x"));
    f.y = t.zeros("y", rows * features);
    const BatchNormBackward b{rows,
                              features,
                              f.valid,
                              f.gamma,
                              f.mean,
                              f.inverse_deviation,
                              f.x,
                              t.floats("dy", masked(dy.at("y"))),
                              t.zeros("d x", rows * features),
                              t.zeros("d gamma", features),
                              t.zeros("d beta", features)};
    run->run = [=, &backend] {
      backend.batch_norm_forward(f);
      if (training) backend.batch_norm_backward(b);
    };
    run->collect = [&t] {
      Values out;
      for (const char* n : {"y", "moving mean", "moving variance", "d x", "d gamma", "d beta"}) out[n] = t.read(n);
      return out;
    };
    return run;
  };
  return c;
}

OpCase dropout_case(const std::string& name, Index times, Index batch, Index features, bool per_sequence) {
  OpCase c;
  c.name = name;
  const Index rows = times * batch, mask_rows = per_sequence ? batch : rows;
  c.inputs = {{"x", rows * features}};
  c.outputs = {"y"};
  constexpr double kRate = 0.4;
  RandomAddress base;
  base.layer = 3;
  base.step = 11;
  base.row = 1000;
  auto apply = [=](const Vector& x) {
    Vector y = x;
    for (Index r = 0; r < rows; ++r) {
      for (Index u = 0; u < features; ++u) {
        RandomAddress a = base;
        a.row += static_cast<std::uint32_t>(r % batch);
        if (!per_sequence) a.time += static_cast<std::uint32_t>(r / batch);
        const PhiloxCounter words = random_block(5, a, static_cast<std::uint32_t>(u / 4));
        const bool dropped = words[static_cast<std::size_t>(u % 4)] < drop_threshold(kRate);
        y[static_cast<std::size_t>(r * features + u)] *= dropped ? 0 : 1 / (1 - kRate);
      }
    }
    return y;
  };
  c.forward = [=](const Values& in) { return Values{{"y", apply(in.at("x"))}}; };
  c.backward = [=](const Values&, const Values& dy) { return Values{{"x", apply(dy.at("y"))}}; };
  c.engine = [=](Backend& backend, const Values& in, const Values& dy) {
    auto run = std::make_unique<EngineRun>(backend);
    DeviceTensors& t = run->tensors;
    const FillMask fill{5, base, kRate, mask_rows / batch, batch, features, t.zeros("mask", mask_rows * features)};
    const ApplyMask forward{
        rows, features, mask_rows, fill.out, t.floats("x", in.at("x")), t.zeros("y", rows * features)};
    const ApplyMask backward{
        rows, features, mask_rows, fill.out, t.floats("dy", dy.at("y")), t.zeros("d x", rows * features)};
    run->run = [=, &backend] {
      backend.fill_mask(fill);
      backend.apply_mask(forward);
      backend.apply_mask(backward);
    };
    run->collect = [&t] { return Values{{"y", t.read("y")}, {"d x", t.read("d x")}}; };
    return run;
  };
  return c;
}

/// Embedding, scalar, one-hot and dense features side by side: the inputs' concatenation and its gradient.
OpCase inputs_case(const std::string& name, Index rows, Index vocabulary, Index units, Index features) {
  OpCase c;
  c.name = name;
  c.inputs = {{"table", vocabulary * units}, {"features", rows * features, false}};
  c.outputs = {"y"};
  const std::vector<std::int32_t> ids = make_ids(rows, vocabulary, 3);
  const Index width = units + 1 + vocabulary + features;
  c.forward = [=](const Values& in) {
    Vector y;
    for (Index r = 0; r < rows; ++r) {
      const Index id = ids[static_cast<std::size_t>(r)];
      for (Index u = 0; u < units; ++u) y.push_back(in.at("table")[static_cast<std::size_t>(id * units + u)]);
      y.push_back(static_cast<double>(id) / static_cast<double>(vocabulary));
      for (Index v = 0; v < vocabulary; ++v) y.push_back(v == id);
      for (Index f = 0; f < features; ++f) y.push_back(in.at("features")[static_cast<std::size_t>(r * features + f)]);
    }
    return Values{{"y", y}};
  };
  c.backward = [=](const Values&, const Values& dy) {
    Vector d(static_cast<std::size_t>(vocabulary * units));
    for (Index r = 0; r < rows; ++r) {
      for (Index u = 0; u < units; ++u) {
        d[static_cast<std::size_t>(ids[static_cast<std::size_t>(r)] * units + u)] +=
            dy.at("y")[static_cast<std::size_t>(r * width + u)];
      }
    }
    return Values{{"table", d}};
  };
  c.engine = [=](Backend& backend, const Values& in, const Values& dy) {
    auto run = std::make_unique<EngineRun>(backend);
    DeviceTensors& t = run->tensors;
    float* y = t.zeros("y", rows * width);
    IdInput op{rows, vocabulary, units, t.plain(ids), t.floats("table", in.at("table")), y, width};
    const CopyColumns copy{
        rows, features, t.floats("features", in.at("features")), features, y + units + 1 + vocabulary, width, false};
    const EmbeddingBackward backward{
        rows, vocabulary, units, op.ids, t.floats("dy", dy.at("y")), width, t.zeros("d table", vocabulary * units)};
    run->run = [=, &backend]() mutable {
      op.out = y;
      backend.embedding_forward(op);
      op.out = y + units;
      backend.scalar_forward(op);
      op.out = y + units + 1;
      backend.one_hot_forward(op);
      backend.copy_columns(copy);
      backend.embedding_backward(backward);
    };
    run->collect = [&t] { return Values{{"y", t.read("y")}, {"d table", t.read("d table")}}; };
    return run;
  };
  return c;
}

OpCase loss_case(const std::string& name, bool softmax, Index rows, Index width) {
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
    return softmax ? reference::softmax_cross_entropy(rows, width, kHeadWeight, ids, weights(in), in.at("x"))
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
    const SoftmaxCrossEntropy ce{rows, width, kHeadWeight, t.plain(ids), w, x, dx, sums, t.double_zeros("hits", rows)};
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

std::vector<OpCase> lstm_cases() {
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

OpCase dense_case(const std::string& name, Index rows, Index input, Index output) {
  OpCase c;
  c.name = name;
  c.inputs = {{"x", rows * input}, {"w", input * output}, {"b", output}};
  c.outputs = {"y"};
  c.forward = [=](const Values& in) {
    return Values{{"y", reference::dense_forward(rows, input, output, in.at("x"), in.at("w"), in.at("b"))}};
  };
  c.backward = [=](const Values& in, const Values& dy) {
    const auto g = reference::dense_backward(rows, input, output, in.at("x"), in.at("w"), dy.at("y"));
    return Values{{"x", g.x}, {"w", g.w}, {"b", g.b}};
  };
  c.engine = [=](Backend& backend, const Values& in, const Values& dy) {
    auto run = std::make_unique<EngineRun>(backend);
    DeviceTensors& t = run->tensors;
    float* packed = t.zeros("packed", backend.dense_packed_size(input, output));
    const DensePack pack{input, output, t.floats("w", in.at("w")), true, packed};
    const DenseForward forward{
        rows, input, output, packed, t.floats("b", in.at("b")), t.floats("x", in.at("x")), t.zeros("y", rows * output)};
    const DenseBackward backward{rows,
                                 input,
                                 output,
                                 packed,
                                 forward.x,
                                 t.floats("dy", dy.at("y")),
                                 t.zeros("d x", rows * input),
                                 false,
                                 t.zeros("d w", input * output),
                                 t.zeros("d b", output)};
    run->run = [=, &backend] {
      backend.dense_pack(pack);
      backend.dense_forward(forward);
      backend.dense_backward(backward);
    };
    run->collect = [&t] {
      return Values{{"y", t.read("y")}, {"d x", t.read("d x")}, {"d w", t.read("d w")}, {"d b", t.read("d b")}};
    };
    return run;
  };
  c.flops = 3 * 2 * static_cast<double>(rows) * static_cast<double>(input * output);
  c.output_size = rows * output;
  return c;
}

std::vector<OpCase> op_cases() {
  std::vector<OpCase> cases = lstm_cases();
  cases.push_back(dense_case("dense 1 × 1 → 1", 1, 1, 1));
  cases.push_back(dense_case("dense 13 × 7 → 5", 13, 7, 5));
  cases.push_back(dense_case("dense 70 × 33 → 67", 70, 33, 67));
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

Vector make_values(Index count, std::uint64_t salt, double scale, double offset) {
  Vector values;
  RandomAddress a;
  for (Index i = 0; i < count; ++i) {
    a.row = static_cast<std::uint32_t>(i / 4);
    const double u = uniform01(random_block(salt, a, 0)[static_cast<std::size_t>(i % 4)]);
    values.push_back(static_cast<double>(static_cast<float>(offset + scale * (2 * u - 1))));
  }
  return values;
}

Values make_inputs(const OpCase& c, std::uint64_t salt) {
  Values values;
  for (const InputTensor& input : c.inputs)
    values[input.name] = make_values(input.count, salt++, input.scale, input.offset);
  return values;
}

double error_of(const Vector& a, const Vector& b) {
  if (a.size() != b.size()) return INFINITY;
  double difference = 0, top = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) return INFINITY;
    difference = std::max(difference, std::abs(a[i] - b[i]));
    top = std::max(top, std::abs(b[i]));
  }
  return top > 0 ? difference / top : difference;
}

}  // namespace rondo::test
