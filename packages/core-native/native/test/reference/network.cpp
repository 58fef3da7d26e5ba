#include "reference/network.h"

#include <cmath>
#include <functional>

namespace rondo::reference {
namespace {

std::size_t at(Index i) {
  return static_cast<std::size_t>(i);
}

/// One run: forward pushes the steps back on a list, backward walks the list from its end.
class Run {
 public:
  Run(const ReferenceNetwork& network, const Batch& batch, bool training, bool backward, const Tensors& state)
      : net_(network), batch_(batch), training_(training), backward_(backward), state_(state) {}

  Result go() {
    inputs();
    for (std::size_t i = 0; i < net_.spec.layers.size(); ++i) layer(i);
    heads();
    if (backward_) {
      for (std::size_t i = back_.size(); i-- > 0;) dx_ = back_[i](dx_);
    }
    return std::move(result_);
  }

 private:
  const Vector& parameter(const std::string& name) const { return net_.parameters.at(name); }
  Index steps() const { return batch_.time * batch_.batch; }
  Index rows() const { return sequence_ ? steps() : batch_.batch; }

  const NamedData& named(const std::vector<NamedData>& all, const std::string& name) const {
    for (const NamedData& data : all) {
      if (data.name == name) return data;
    }
    throw Error(ErrorCode::shape, "no data for " + name);
  }

  void inputs() {
    for (const InputSpec& input : net_.spec.inputs) width_ += input.width();
    x_.assign(at(steps() * width_), 0);
    Index column = 0;
    for (const InputSpec& input : net_.spec.inputs) {
      const NamedData& data = named(batch_.inputs, input.name);
      for (Index n = 0; n < steps(); ++n) fill_input(input, data, n, x_.data() + n * width_ + column);
      column += input.width();
    }
    back_.push_back([this](const Vector& dx) {
      Index first = 0;
      for (const InputSpec& input : net_.spec.inputs) {
        if (input.kind == InputKind::embedding) {
          const std::string name = "inputs." + input.name + ".embedding";
          Vector& d = result_.gradients[name];
          d.resize(parameter(name).size());  // a tied head has left its share
          const NamedData& data = named(batch_.inputs, input.name);
          for (Index n = 0; n < steps(); ++n) {
            for (Index u = 0; u < input.units; ++u) {
              d[at(data.ids[at(n)] * input.units + u)] += dx[at(n * input_width_ + first + u)];
            }
          }
        }
        first += input.width();
      }
      return Vector();
    });
    input_width_ = width_;
  }

  void fill_input(const InputSpec& input, const NamedData& data, Index n, double* out) const {
    switch (input.kind) {
      case InputKind::embedding:
        for (Index u = 0; u < input.units; ++u) {
          out[u] = parameter("inputs." + input.name + ".embedding")[at(data.ids[at(n)] * input.units + u)];
        }
        return;
      case InputKind::scalar:
        out[0] = data.ids[at(n)] / static_cast<double>(input.vocabulary);
        return;
      case InputKind::one_hot:
        out[data.ids[at(n)]] = 1;
        return;
      case InputKind::dense:
        for (Index u = 0; u < input.units; ++u) out[u] = static_cast<double>(data.values[at(n * input.units + u)]);
    }
  }

  std::vector<std::uint8_t> valid() const {
    std::vector<std::uint8_t> v;
    for (Index r = 0; r < rows() && !batch_.lengths.empty(); ++r) {
      v.push_back((sequence_ ? r / batch_.batch : 0) < batch_.lengths[at(r % batch_.batch)]);
    }
    return v;
  }

  RandomAddress address(RandomUse use, std::size_t index) const {
    RandomAddress a;
    a.use = use;
    a.step = static_cast<std::uint32_t>(net_.step);
    a.layer = static_cast<std::uint32_t>(index);
    a.row = static_cast<std::uint32_t>(batch_.row_offset);
    return a;
  }

  void layer(std::size_t index) {
    const LayerSpec& spec = net_.spec.layers[index];
    const std::string name = "layers." + std::to_string(index) + ".";
    switch (spec.kind) {
      case LayerKind::lstm:
        return lstm(spec, index, name);
      case LayerKind::batch_norm:
        return batch_norm(spec, name);
      case LayerKind::dropout:
        return dropout(spec, index);
      case LayerKind::dense:
        dense(spec.units, name);
        return activation(spec.activation);
      case LayerKind::activation:
        return activation(spec.activation);
    }
  }

  Lstm direction(const LayerSpec& spec, std::size_t index, const std::string& name, Index d) const {
    Lstm l;
    l.time = batch_.time;
    l.batch = batch_.batch;
    l.input = width_;
    l.units = spec.units;
    l.reverse = d == 1;
    l.gate_activation = spec.gate_activation;
    l.kernel = parameter(name + "kernel");
    l.recurrent = parameter(name + "recurrentKernel");
    l.bias = parameter(name + "bias");
    l.lengths.assign(batch_.lengths.begin(), batch_.lengths.end());
    l.resets.assign(batch_.resets.begin(), batch_.resets.end());
    if (!training_ || spec.recurrent_dropout == 0) return l;
    const Index count = spec.recurrent_dropout_mode == RecurrentDropoutMode::per_gate ? 4 : 1;
    for (Index g = 0; g < count; ++g) {
      RandomAddress a = address(RandomUse::recurrent_dropout, index);
      a.direction = static_cast<std::uint32_t>(d);
      a.gate = static_cast<std::uint32_t>(g);
      l.masks.push_back(ReferenceNetwork::mask(net_.seed, a, spec.recurrent_dropout, 1, l.batch, l.units));
    }
    return l;
  }

  Vector start_state(const std::string& name, Index size) const {
    const auto found = state_.find(name);
    return found == state_.end() ? Vector(at(size)) : found->second;
  }

  void lstm(const LayerSpec& spec, std::size_t index, const std::string& prefix) {
    const Index D = spec.bidirectional ? 2 : 1, H = spec.units, B = batch_.batch, T = batch_.time;
    const bool sequence_out = spec.return_sequences;
    Vector y(at((sequence_out ? T * B : B) * D * H));
    std::vector<Lstm> ops;
    std::vector<LstmTrace> traces;
    for (Index d = 0; d < D; ++d) {
      const std::string name = D == 1 ? prefix : prefix + (d == 0 ? "forward." : "backward.");
      ops.push_back(direction(spec, index, name, d));
      const Vector zero(at(B * H));
      traces.push_back(lstm_forward(ops.back(), x_, d == 0 ? start_state(prefix + "h", B * H) : zero,
                                    d == 0 ? start_state(prefix + "c", B * H) : zero));
      const Vector& h = sequence_out ? traces.back().h : traces.back().h_last;
      for (std::size_t r = 0; r < h.size() / at(H); ++r) {
        for (Index u = 0; u < H; ++u) y[r * at(D * H) + at(d * H + u)] = h[r * at(H) + at(u)];
      }
    }
    result_.state[prefix + "h"] = traces[0].h_last;
    result_.state[prefix + "c"] = traces[0].c_last;
    const Vector x = x_;
    back_.push_back([=, this](const Vector& dy) {
      Vector dx(x.size());
      for (Index d = 0; d < D; ++d) {
        Vector dh(at(T * B * H));
        const Index last = d == 0 ? T - 1 : 0;
        for (Index r = 0; r < (sequence_out ? T * B : B); ++r) {
          const Index to = sequence_out ? r : last * B + r;
          for (Index u = 0; u < H; ++u) dh[at(to * H + u)] = dy[at(r * D * H + d * H + u)];
        }
        LstmGradients g = lstm_backward(ops[at(d)], x, traces[at(d)], dh);
        const std::string name = D == 1 ? prefix : prefix + (d == 0 ? "forward." : "backward.");
        result_.gradients[name + "kernel"] = g.kernel;
        result_.gradients[name + "recurrentKernel"] = g.recurrent;
        result_.gradients[name + "bias"] = g.bias;
        for (std::size_t e = 0; e < dx.size(); ++e) dx[e] += g.x[e];
      }
      return dx;
    });
    x_ = y;
    width_ = D * H;
    sequence_ = sequence_out;
  }

  void batch_norm(const LayerSpec& spec, const std::string& name) {
    const Index n = rows(), f = width_;
    const std::vector<std::uint8_t> v = valid();
    const BatchNorm trace = batch_norm_forward(n, f, spec.momentum, spec.epsilon, training_, v,
                                               parameter(name + "gamma"), parameter(name + "beta"),
                                               parameter(name + "movingMean"), parameter(name + "movingVariance"), x_);
    if (training_) {
      result_.moving[name + "movingMean"] = trace.moving_mean;
      result_.moving[name + "movingVariance"] = trace.moving_variance;
    }
    const Vector x = x_;
    back_.push_back([=, this](const Vector& dy) {
      BatchNormGradients g = batch_norm_backward(n, f, v, parameter(name + "gamma"), trace, x, dy);
      result_.gradients[name + "gamma"] = g.gamma;
      result_.gradients[name + "beta"] = g.beta;
      return g.x;
    });
    x_ = trace.y;
  }

  void dropout(const LayerSpec& spec, std::size_t index) {
    if (!training_ || spec.rate == 0) return;
    const Index times = sequence_ && spec.dropout_mode == DropoutMode::per_step ? batch_.time : 1;
    const Vector m =
        ReferenceNetwork::mask(net_.seed, address(RandomUse::dropout, index), spec.rate, times, batch_.batch, width_);
    auto apply = [m](Vector v) {
      for (std::size_t e = 0; e < v.size(); ++e) v[e] *= m[e % m.size()];
      return v;
    };
    x_ = apply(x_);
    back_.push_back(apply);
  }

  void dense(Index units, const std::string& name) {
    const Index n = rows(), in = width_;
    const Vector x = x_;
    x_ = dense_forward(n, in, units, x, parameter(name + "kernel"), parameter(name + "bias"));
    width_ = units;
    back_.push_back([=, this](const Vector& dy) {
      DenseGradients g = dense_backward(n, in, units, x, parameter(name + "kernel"), dy);
      result_.gradients[name + "kernel"] = g.w;
      result_.gradients[name + "bias"] = g.b;
      return g.x;
    });
  }

  void activation(Activation a) {
    const Index n = rows(), f = width_;
    x_ = activation_forward(a, n, f, x_);
    const Vector y = x_;
    back_.push_back([=](const Vector& dy) { return activation_backward(a, n, f, y, dy); });
  }

  /// A tied one is a share of its table's.
  void head_kernel_gradient(const HeadSpec& head, Index in, const Vector& d_kernel) {
    if (head.tied.empty()) {
      result_.gradients["heads." + head.name + ".kernel"] = d_kernel;
      return;
    }
    Vector& d = result_.gradients["inputs." + head.tied + ".embedding"];
    d.resize(d_kernel.size());
    for (Index v = 0; v < head.vocabulary; ++v) {
      for (Index u = 0; u < in; ++u) d[at(v * in + u)] += d_kernel[at(u * head.vocabulary + v)];
    }
  }

  Vector weights() const {
    const std::vector<std::uint8_t> v = valid();
    Vector w(at(rows()), 1);
    for (std::size_t r = 0; r < w.size(); ++r) {
      if (!batch_.weights.empty()) w[r] = static_cast<double>(batch_.weights[r]);
      if (!v.empty() && !v[r]) w[r] = 0;
    }
    return w;
  }

  void heads() {
    const Vector w = weights();
    const Vector trunk = x_;
    const Index in = width_;
    for (const double x : w) result_.weight_sum += x;
    result_.row_loss.assign(at(rows()), 0);
    dx_.assign(trunk.size(), 0);
    bool first_softmax = true;
    for (const HeadSpec& head : net_.spec.heads) {
      const std::string name = "heads." + head.name + ".";
      const bool tied = !head.tied.empty() && !net_.parameters.count(name + "kernel");
      const Vector kernel = tied ? tied_kernel(head, net_.parameters) : parameter(name + "kernel");
      const Vector out = dense_forward(rows(), in, head.width(), trunk, kernel, parameter(name + "bias"));
      result_.outputs[head.name] = out;
      if (batch_.targets.empty()) continue;
      const NamedData& data = named(batch_.targets, head.name);
      const Loss loss =
          head.kind == HeadKind::softmax
              ? softmax_cross_entropy(rows(), head.vocabulary, head.weight, {data.ids.begin(), data.ids.end()}, w, out,
                                      training_ ? head.smoothing : 0)
              : mean_squared_error(rows(), head.units, head.weight, {data.values.begin(), data.values.end()}, w, out);
      for (std::size_t r = 0; r < loss.rows.size(); ++r) {
        result_.row_loss[r] += loss.rows[r];
        result_.loss_sum += loss.rows[r];
        if (head.kind == HeadKind::softmax && first_softmax) result_.hits += loss.hits[r];
      }
      first_softmax = first_softmax && head.kind != HeadKind::softmax;
      const DenseGradients g = dense_backward(rows(), in, head.width(), trunk, kernel, loss.dx);
      head_kernel_gradient(head, in, g.w);
      result_.gradients[name + "bias"] = g.b;
      for (std::size_t e = 0; e < dx_.size(); ++e) dx_[e] += g.x[e];
    }
  }

  const ReferenceNetwork& net_;
  const Batch& batch_;
  const bool training_, backward_;
  const Tensors& state_;
  Result result_;
  Vector x_, dx_;
  Index width_ = 0, input_width_ = 0;
  bool sequence_ = true;
  std::vector<std::function<Vector(const Vector&)>> back_;
};

}  // namespace

Vector tied_kernel(const HeadSpec& head, const Tensors& parameters) {
  const Vector& table = parameters.at("inputs." + head.tied + ".embedding");
  const Index units = static_cast<Index>(table.size()) / head.vocabulary;
  Vector kernel(table.size());
  for (Index v = 0; v < head.vocabulary; ++v) {
    for (Index u = 0; u < units; ++u) kernel[at(u * head.vocabulary + v)] = table[at(v * units + u)];
  }
  return kernel;
}

Result ReferenceNetwork::run(const Batch& batch, bool training, bool backward, const Tensors& state) const {
  return Run(*this, batch, training, backward, state).go();
}

void ReferenceNetwork::update(const OptimizerSpec& optimizer, double learning_rate, double clip_norm,
                              const Result& result) {
  double squares = 0;
  for (const auto& [name, g] : result.gradients) {
    for (const double x : g) squares += x * x;
  }
  const double norm = std::sqrt(squares) / result.weight_sum;
  const double scale = (clip_norm > 0 && norm > clip_norm ? clip_norm / norm : 1.0) / result.weight_sum;
  ++step;
  for (const auto& [name, gradient] : result.gradients) {
    Vector g = gradient;
    for (double& x : g) x *= scale;
    std::vector<Vector>& own = slots[name];
    if (own.empty()) own.assign(slot_names(optimizer).size(), Vector(g.size()));
    optimizer_step(optimizer, learning_rate, step, g, parameters.at(name), own);
  }
  for (const auto& [name, value] : result.moving) parameters[name] = value;
}

Vector ReferenceNetwork::mask(std::uint64_t key, RandomAddress base, double rate, Index times, Index rows,
                              Index units) {
  Vector m;
  for (Index t = 0; t < times; ++t) {
    for (Index r = 0; r < rows; ++r) {
      for (Index u = 0; u < units; ++u) {
        RandomAddress a = base;
        a.time += static_cast<std::uint32_t>(t);
        a.row += static_cast<std::uint32_t>(r);
        const std::uint32_t word = random_block(key, a, static_cast<std::uint32_t>(u / 4))[at(u % 4)];
        m.push_back(word < drop_threshold(rate) ? 0 : 1 / (1 - rate));
      }
    }
  }
  return m;
}

}  // namespace rondo::reference
