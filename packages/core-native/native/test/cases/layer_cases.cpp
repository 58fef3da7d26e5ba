// Cases of the layers without time: dense, activations, batch normalisation.

#include "cases/op_table.h"

namespace rondo::test {

namespace {

/// [rows, columns] → [columns, rows].
Vector transpose(Index rows, Index columns, const Vector& x) {
  Vector y(x.size());
  for (Index r = 0; r < rows; ++r) {
    for (Index c = 0; c < columns; ++c) {
      y[static_cast<std::size_t>(c * rows + r)] = x[static_cast<std::size_t>(r * columns + c)];
    }
  }
  return y;
}

}  // namespace

OpCase dense_case(const std::string& name, Index rows, Index input, Index output, bool transposed) {
  OpCase c;
  c.name = name;
  c.inputs = {{"x", rows * input}, {"w", input * output}, {"b", output}};
  c.outputs = {"y"};
  auto kernel = [=](const Values& in) { return transposed ? transpose(output, input, in.at("w")) : in.at("w"); };
  c.forward = [=](const Values& in) {
    return Values{{"y", reference::dense_forward(rows, input, output, in.at("x"), kernel(in), in.at("b"))}};
  };
  c.backward = [=](const Values& in, const Values& dy) {
    const auto g = reference::dense_backward(rows, input, output, in.at("x"), kernel(in), dy.at("y"));
    return Values{{"x", g.x}, {"w", transposed ? transpose(input, output, g.w) : g.w}, {"b", g.b}};
  };
  c.engine = [=](Backend& backend, const Values& in, const Values& dy) {
    auto run = std::make_unique<EngineRun>(backend);
    DeviceTensors& t = run->tensors;
    float* packed = t.zeros("packed", backend.dense_packed_size(input, output));
    const DensePack pack{input, output, t.floats("w", in.at("w")), true, packed, transposed};
    const DenseForward forward{rows,
                               input,
                               output,
                               packed,
                               t.floats("b", in.at("b")),
                               t.floats("x", in.at("x")),
                               t.zeros("y", rows * output),
                               transposed};
    const DenseBackward backward{rows,
                                 input,
                                 output,
                                 packed,
                                 forward.x,
                                 t.floats("dy", dy.at("y")),
                                 t.zeros("d x", rows * input),
                                 false,
                                 t.zeros("d w", input * output),
                                 t.zeros("d b", output),
                                 transposed};
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

}  // namespace rondo::test
