// Cases of what stands before and between layers: inputs of every kind, dropout.

#include "cases/op_table.h"
#include "rondo/rng.h"

namespace rondo::test {

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

}  // namespace rondo::test
