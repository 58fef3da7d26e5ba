// LSTM cases: masks, lengths, borders, both directions.

#include "cases/op_cases.h"

namespace rondo::test {
namespace {

constexpr double kRate = 0.3;

reference::Lstm make_reference(const LstmOptions& o, const Values& in) {
  reference::Lstm l;
  l.time = o.time;
  l.batch = o.batch;
  l.input = o.input;
  l.units = o.units;
  l.reverse = o.reverse;
  l.gate_activation = o.gate_activation;
  l.kernel = in.at("kernel");
  l.recurrent = in.at("recurrent");
  l.bias = in.at("bias");
  const Vector words = make_values(o.masks * o.batch * o.units, 77, 0.5, 0.5);
  for (int g = 0; g < o.masks; ++g) {
    Vector mask;
    for (Index e = 0; e < o.batch * o.units; ++e) {
      const double word = words[static_cast<std::size_t>(g * o.batch * o.units + e)];
      mask.push_back(word < kRate ? 0.0 : static_cast<double>(static_cast<float>(1 / (1 - kRate))));
    }
    l.masks.push_back(mask);
  }
  // Row lengths T, T−1, …, 1, 0, T, …; borders on every third (t, b), also at t = 0.
  for (Index b = 0; b < o.batch && o.lengths; ++b) {
    l.lengths.push_back(static_cast<std::int32_t>(o.time - b % (o.time + 1)));
  }
  for (Index n = 0; n < o.time * o.batch && o.resets; ++n) l.resets.push_back(n % 3 == 1);
  return l;
}

Vector all_steps(const LstmOptions& o, const Vector& dy) {
  if (!o.last_only) return dy;
  Vector dh(static_cast<std::size_t>(o.time * o.batch * o.units));
  const Index last = o.reverse ? 0 : o.time - 1;
  for (std::size_t e = 0; e < dy.size(); ++e) dh[static_cast<std::size_t>(last * o.batch * o.units) + e] = dy[e];
  return dh;
}

std::vector<std::int32_t> ids_of(const LstmOptions& o) {
  std::vector<std::int32_t> ids;
  for (const double u : make_values(o.time * o.batch, 78, 0.5, 0.5)) {
    ids.push_back(static_cast<std::int32_t>(u * static_cast<double>(o.vocabulary)));
  }
  return ids;
}

/// Gradient of the table from that of x.
Vector sum_by_id(const LstmOptions& o, const Vector& dx) {
  Vector d(static_cast<std::size_t>(o.vocabulary * o.input));
  const std::vector<std::int32_t> ids = ids_of(o);
  for (std::size_t e = 0; e < dx.size(); ++e) {
    const std::size_t row = e / static_cast<std::size_t>(o.input), column = e % static_cast<std::size_t>(o.input);
    d[static_cast<std::size_t>(ids[row] * o.input) + column] += dx[e];
  }
  return d;
}

reference::LstmTrace trace_of(const LstmOptions& o, const Values& in) {
  const reference::Lstm l = make_reference(o, in);
  return reference::lstm_forward(l, lstm_input(o, in), in.at("h0"), in.at("c0"));
}

/// Start states live in the slot before the first processed step.
Vector states(const LstmOptions& o, const Vector& start) {
  const std::size_t block = static_cast<std::size_t>(o.batch * o.units);
  Vector all(block * static_cast<std::size_t>(o.time + 1));
  std::copy(start.begin(), start.end(),
            all.begin() + static_cast<std::ptrdiff_t>(o.reverse ? block * static_cast<std::size_t>(o.time) : 0));
  return all;
}

struct LstmOps {
  LstmPack pack;
  LstmForward forward;
  LstmBackward backward;
};

void add_tensors(const LstmOptions& o, Backend& backend, const Values& in, const Values& dy, DeviceTensors& t,
                 LstmOps& ops) {
  const reference::Lstm l = make_reference(o, in);
  LstmShape s;
  s.time = o.time;
  s.batch = o.batch;
  s.input = o.input;
  s.units = o.units;
  s.reverse = o.reverse;
  s.gate_activation = o.gate_activation;
  s.mask_count = o.masks;
  Vector masks;
  for (const Vector& m : l.masks) masks.insert(masks.end(), m.begin(), m.end());
  s.masks = masks.empty() ? nullptr : t.floats("masks", masks);
  s.lengths = t.plain(l.lengths);
  s.resets = t.plain(l.resets);
  s.vocabulary = o.vocabulary;
  s.ids = o.vocabulary > 0 ? t.plain(ids_of(o)) : nullptr;
  float* packed = t.zeros("packed", backend.lstm_packed_size(o.input, o.units));
  ops.pack = {o.input, o.units, t.floats("kernel", in.at("kernel")), t.floats("recurrent", in.at("recurrent")),
              true,    packed};
  const Index n = o.time * o.batch;
  float* workspace = t.zeros("workspace", backend.lstm_workspace(s));
  ops.forward = {s,
                 packed,
                 t.floats("bias", in.at("bias")),
                 o.vocabulary > 0 ? nullptr : t.floats("x", in.at("x")),
                 t.zeros("gates", backend.lstm_gates_size(s)),
                 t.floats("h", states(o, in.at("h0"))),
                 t.floats("c", states(o, in.at("c0"))),
                 workspace};
  LstmBackward& b = ops.backward;
  b.shape = s;
  b.packed = packed;
  b.x = ops.forward.x;
  b.gates = ops.forward.gates;
  b.h = ops.forward.h;
  b.c = ops.forward.c;
  b.dy = t.floats("dy", dy.at("y"));
  b.dy_stride = o.units;
  b.last_only = o.last_only;
  if (o.vocabulary > 0) {
    ops.forward.table = b.table = t.floats("table", in.at("table"));
    b.d_table = t.zeros("d table", o.vocabulary * o.input);
  } else {
    b.dx = o.dx_over_dy ? t.floats("d x", dy.at("y")) : t.zeros("d x", n * o.input);
    if (o.dx_over_dy) b.dy = b.dx;
  }
  b.d_kernel = t.zeros("d kernel", o.input * 4 * o.units);
  b.d_recurrent = t.zeros("d recurrent", o.units * 4 * o.units);
  b.d_bias = t.zeros("d bias", 4 * o.units);
  b.workspace = workspace;
}

Values collect(const LstmOptions& o, const DeviceTensors& t) {
  Values out;
  for (const char* name : {o.vocabulary > 0 ? "d table" : "d x", "d kernel", "d recurrent", "d bias"}) {
    out[name] = t.read(name);
  }
  const Vector h = t.read("h");
  const Index block = o.batch * o.units;
  const Index first = o.last_only ? (o.reverse ? 0 : o.time * block) : (o.reverse ? 0 : block);
  out["y"] = Vector(h.begin() + first, h.begin() + first + (o.last_only ? 1 : o.time) * block);
  return out;
}

}  // namespace

Vector lstm_input(const LstmOptions& o, const Values& in) {
  if (o.vocabulary == 0) return in.at("x");
  Vector x;
  for (const std::int32_t id : ids_of(o)) {
    const auto row = in.at("table").begin() + id * o.input;
    x.insert(x.end(), row, row + o.input);
  }
  return x;
}

OpCase lstm_case(const std::string& name, const LstmOptions& o) {
  OpCase c;
  c.name = name;
  const Index h = o.units;
  const double state = o.start_state ? 0.8 : 0;
  const std::string source = o.vocabulary > 0 ? "table" : "x";
  c.inputs = {{source, (o.vocabulary > 0 ? o.vocabulary : o.time * o.batch) * o.input},
              {"kernel", o.input * 4 * h, true, 0.6},
              {"recurrent", h * 4 * h, true, 1.2 / static_cast<double>(h > 4 ? h / 4 : 1)},
              {"bias", 4 * h, true, 0.5},
              {"h0", o.batch * h, false, state},
              {"c0", o.batch * h, false, state}};
  c.outputs = {"y"};
  c.forward = [o](const Values& in) {
    const reference::LstmTrace trace = trace_of(o, in);
    return Values{{"y", o.last_only ? trace.h_last : trace.h}};
  };
  c.backward = [o, source](const Values& in, const Values& dy) {
    const reference::LstmGradients g =
        reference::lstm_backward(make_reference(o, in), lstm_input(o, in), trace_of(o, in), all_steps(o, dy.at("y")));
    return Values{{source, o.vocabulary > 0 ? sum_by_id(o, g.x) : g.x},
                  {"kernel", g.kernel},
                  {"recurrent", g.recurrent},
                  {"bias", g.bias}};
  };
  c.engine = [o](Backend& backend, const Values& in, const Values& dy) {
    auto run = std::make_unique<EngineRun>(backend);
    auto ops = std::make_shared<LstmOps>();
    add_tensors(o, backend, in, dy, run->tensors, *ops);
    run->run = [ops, &backend] {
      backend.lstm_pack(ops->pack);
      backend.lstm_forward(ops->forward);
      backend.lstm_backward(ops->backward);
    };
    run->collect = [o, t = &run->tensors] { return collect(o, *t); };
    return run;
  };
  const double n = static_cast<double>(o.time * o.batch);
  c.output_size = (o.last_only ? 1 : o.time) * o.batch * o.units;
  c.flops = 3 * 2 * n * 4 * static_cast<double>(h * (o.input + h));
  return c;
}

}  // namespace rondo::test
