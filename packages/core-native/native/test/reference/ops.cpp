#include "reference/ops.h"

#include <algorithm>
#include <cmath>

namespace rondo::reference {
namespace {

std::size_t at(Index i) {
  return static_cast<std::size_t>(i);
}

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

double gate(GateActivation a, double x) {
  return a == GateActivation::sigmoid ? sigmoid(x) : std::clamp(0.2 * x + 0.5, 0.0, 1.0);
}

double gate_slope(GateActivation a, double y) {
  if (a == GateActivation::sigmoid) return y * (1 - y);
  return y > 0 && y < 1 ? 0.2 : 0.0;
}

double mask(const Lstm& l, Index gate_index, Index b, Index u) {
  if (l.masks.empty()) return 1;
  const Vector& m = l.masks[l.masks.size() == 1 ? 0 : at(gate_index)];
  return m[at(b * l.units + u)];
}

}  // namespace

LstmTrace lstm_forward(const Lstm& l, const Vector& x, const Vector& h0, const Vector& c0) {
  const Index H = l.units, B = l.batch, T = l.time;
  LstmTrace trace;
  for (Vector* v : {&trace.i, &trace.f, &trace.g, &trace.o, &trace.c, &trace.h, &trace.h_before, &trace.c_before}) {
    v->assign(at(T * B * H), 0);
  }
  trace.frozen.assign(at(T * B), 0);
  trace.cut.assign(at(T * B), 0);
  Vector h = h0, c = c0;
  for (Index s = 0; s < T; ++s) {
    const Index t = l.reverse ? T - 1 - s : s;
    const Vector h_in = h, c_in = c;
    for (Index b = 0; b < B; ++b) {
      const Index n = t * B + b;
      const Index border = l.reverse ? t + 1 : t;
      trace.frozen[at(n)] = !l.lengths.empty() && t >= l.lengths[at(b)];
      trace.cut[at(n)] = !l.resets.empty() && border < T && l.resets[at(border * B + b)];
      if (trace.frozen[at(n)]) trace.cut[at(n)] = 0;
      for (Index u = 0; u < H; ++u) {
        const Index out = n * H + u;
        double z[4];
        for (Index g = 0; g < 4; ++g) {
          z[g] = l.bias[at(g * H + u)];
          for (Index k = 0; k < l.input; ++k) z[g] += x[at(n * l.input + k)] * l.kernel[at(k * 4 * H + g * H + u)];
          for (Index k = 0; k < H && !trace.cut[at(n)]; ++k) {
            z[g] += h_in[at(b * H + k)] * mask(l, g, b, k) * l.recurrent[at(k * 4 * H + g * H + u)];
          }
        }
        trace.h_before[at(out)] = trace.cut[at(n)] ? 0 : h_in[at(b * H + u)];
        trace.c_before[at(out)] = trace.cut[at(n)] ? 0 : c_in[at(b * H + u)];
        trace.i[at(out)] = gate(l.gate_activation, z[0]);
        trace.f[at(out)] = gate(l.gate_activation, z[1]);
        trace.g[at(out)] = std::tanh(z[2]);
        trace.o[at(out)] = gate(l.gate_activation, z[3]);
        if (!trace.frozen[at(n)]) {
          c[at(b * H + u)] = trace.f[at(out)] * trace.c_before[at(out)] + trace.i[at(out)] * trace.g[at(out)];
          h[at(b * H + u)] = trace.o[at(out)] * std::tanh(c[at(b * H + u)]);
        }
        trace.c[at(out)] = c[at(b * H + u)];
        trace.h[at(out)] = h[at(b * H + u)];
      }
    }
  }
  trace.h_last = h;
  trace.c_last = c;
  return trace;
}

LstmGradients lstm_backward(const Lstm& l, const Vector& x, const LstmTrace& trace, const Vector& dh_out) {
  const Index H = l.units, B = l.batch, T = l.time, I = l.input;
  LstmGradients d{Vector(at(T * B * I)), Vector(at(I * 4 * H)), Vector(at(H * 4 * H)), Vector(at(4 * H))};
  Vector dh(at(B * H)), dc(at(B * H));
  for (Index s = T - 1; s >= 0; --s) {
    const Index t = l.reverse ? T - 1 - s : s;
    for (Index b = 0; b < B; ++b) {
      const Index n = t * B + b;
      Vector dz(at(4 * H));
      for (Index u = 0; u < H; ++u) {
        const std::size_t e = at(n * H + u), r = at(b * H + u);
        dh[r] += dh_out[e];
        if (trace.frozen[at(n)]) continue;
        const double squashed = std::tanh(trace.c[e]);
        const double dc_total = dc[r] + dh[r] * trace.o[e] * (1 - squashed * squashed);
        dz[at(u)] = dc_total * trace.g[e] * gate_slope(l.gate_activation, trace.i[e]);
        dz[at(H + u)] = dc_total * trace.c_before[e] * gate_slope(l.gate_activation, trace.f[e]);
        dz[at(2 * H + u)] = dc_total * trace.i[e] * (1 - trace.g[e] * trace.g[e]);
        dz[at(3 * H + u)] = dh[r] * squashed * gate_slope(l.gate_activation, trace.o[e]);
        dc[r] = trace.cut[at(n)] ? 0 : dc_total * trace.f[e];
      }
      if (trace.frozen[at(n)]) continue;
      for (Index j = 0; j < 4 * H; ++j) {
        d.bias[at(j)] += dz[at(j)];
        for (Index k = 0; k < I; ++k) {
          d.kernel[at(k * 4 * H + j)] += x[at(n * I + k)] * dz[at(j)];
          d.x[at(n * I + k)] += l.kernel[at(k * 4 * H + j)] * dz[at(j)];
        }
        for (Index k = 0; k < H; ++k) {
          d.recurrent[at(k * 4 * H + j)] += trace.h_before[at(n * H + k)] * mask(l, j / H, b, k) * dz[at(j)];
        }
      }
      for (Index k = 0; k < H; ++k) {
        double sum = 0;
        for (Index j = 0; j < 4 * H; ++j) sum += mask(l, j / H, b, k) * l.recurrent[at(k * 4 * H + j)] * dz[at(j)];
        dh[at(b * H + k)] = trace.cut[at(n)] ? 0 : sum;
      }
    }
  }
  return d;
}

Vector dense_forward(Index rows, Index input, Index output, const Vector& x, const Vector& w, const Vector& b) {
  Vector y(at(rows * output));
  for (Index r = 0; r < rows; ++r) {
    for (Index o = 0; o < output; ++o) {
      double sum = b[at(o)];
      for (Index i = 0; i < input; ++i) sum += x[at(r * input + i)] * w[at(i * output + o)];
      y[at(r * output + o)] = sum;
    }
  }
  return y;
}

DenseGradients dense_backward(Index rows, Index input, Index output, const Vector& x, const Vector& w,
                              const Vector& dy) {
  DenseGradients d{Vector(at(rows * input)), Vector(at(input * output)), Vector(at(output))};
  for (Index r = 0; r < rows; ++r) {
    for (Index o = 0; o < output; ++o) {
      const double g = dy[at(r * output + o)];
      d.b[at(o)] += g;
      for (Index i = 0; i < input; ++i) {
        d.w[at(i * output + o)] += x[at(r * input + i)] * g;
        d.x[at(r * input + i)] += w[at(i * output + o)] * g;
      }
    }
  }
  return d;
}

Vector activation_forward(Activation a, Index rows, Index features, const Vector& x) {
  Vector y = x;
  if (a == Activation::softmax) {
    for (Index r = 0; r < rows; ++r) {
      double* row = y.data() + r * features;
      const double top = *std::max_element(row, row + features);
      double sum = 0;
      for (Index i = 0; i < features; ++i) sum += row[i] = std::exp(row[i] - top);
      for (Index i = 0; i < features; ++i) row[i] /= sum;
    }
    return y;
  }
  for (double& v : y) {
    if (a == Activation::relu) v = std::max(v, 0.0);
    if (a == Activation::tanh) v = std::tanh(v);
    if (a == Activation::sigmoid) v = sigmoid(v);
  }
  return y;
}

Vector activation_backward(Activation a, Index rows, Index features, const Vector& y, const Vector& dy) {
  Vector dx = dy;
  for (Index r = 0; r < rows; ++r) {
    double dot = 0;
    for (Index i = 0; i < features; ++i) dot += y[at(r * features + i)] * dy[at(r * features + i)];
    for (Index i = 0; i < features; ++i) {
      const std::size_t e = at(r * features + i);
      if (a == Activation::relu) dx[e] = y[e] > 0 ? dy[e] : 0;
      if (a == Activation::tanh) dx[e] = dy[e] * (1 - y[e] * y[e]);
      if (a == Activation::sigmoid) dx[e] = dy[e] * y[e] * (1 - y[e]);
      if (a == Activation::softmax) dx[e] = y[e] * (dy[e] - dot);
    }
  }
  return dx;
}

BatchNorm batch_norm_forward(Index rows, Index features, double momentum, double epsilon, bool training,
                             const std::vector<std::uint8_t>& valid, const Vector& gamma, const Vector& beta,
                             const Vector& moving_mean, const Vector& moving_variance, const Vector& x) {
  BatchNorm out{Vector(x.size()), moving_mean, Vector(at(features)), moving_mean, moving_variance};
  for (Index j = 0; j < features; ++j) {
    double mean = moving_mean[at(j)], variance = moving_variance[at(j)];
    if (training) {
      double count = 0, sum = 0, squares = 0;
      for (Index r = 0; r < rows; ++r) {
        if (!valid.empty() && !valid[at(r)]) continue;
        ++count;
        sum += x[at(r * features + j)];
      }
      mean = count > 0 ? sum / count : 0;
      for (Index r = 0; r < rows; ++r) {
        if (!valid.empty() && !valid[at(r)]) continue;
        const double e = x[at(r * features + j)] - mean;
        squares += e * e;
      }
      variance = count > 0 ? squares / count : 0;
      if (count > 0) {
        out.moving_mean[at(j)] = momentum * moving_mean[at(j)] + (1 - momentum) * mean;
        out.moving_variance[at(j)] = momentum * moving_variance[at(j)] + (1 - momentum) * variance;
      }
    }
    out.mean[at(j)] = mean;
    out.inverse_deviation[at(j)] = 1 / std::sqrt(variance + epsilon);
    for (Index r = 0; r < rows; ++r) {
      const std::size_t e = at(r * features + j);
      out.y[e] = (x[e] - mean) * out.inverse_deviation[at(j)] * gamma[at(j)] + beta[at(j)];
    }
  }
  return out;
}

BatchNormGradients batch_norm_backward(Index rows, Index features, const std::vector<std::uint8_t>& valid,
                                       const Vector& gamma, const BatchNorm& trace, const Vector& x, const Vector& dy) {
  BatchNormGradients d{Vector(x.size()), Vector(at(features)), Vector(at(features))};
  auto counts = [&](Index r) { return valid.empty() || valid[at(r)]; };
  for (Index j = 0; j < features; ++j) {
    double count = 0;
    auto standard = [&](Index r) {
      return (x[at(r * features + j)] - trace.mean[at(j)]) * trace.inverse_deviation[at(j)];
    };
    for (Index r = 0; r < rows; ++r) {
      if (!counts(r)) continue;
      ++count;
      d.beta[at(j)] += dy[at(r * features + j)];
      d.gamma[at(j)] += dy[at(r * features + j)] * standard(r);
    }
    for (Index r = 0; r < rows; ++r) {
      if (!counts(r)) continue;
      d.x[at(r * features + j)] =
          gamma[at(j)] * trace.inverse_deviation[at(j)] *
          (dy[at(r * features + j)] - d.beta[at(j)] / count - standard(r) * d.gamma[at(j)] / count);
    }
  }
  return d;
}

Loss softmax_cross_entropy(Index rows, Index vocabulary, double head_weight, const std::vector<std::int32_t>& targets,
                           const Vector& weights, const Vector& logits, double smoothing) {
  const Vector p = activation_forward(Activation::softmax, rows, vocabulary, logits);
  Loss loss{Vector(at(rows)), Vector(at(rows)), p};
  for (Index r = 0; r < rows; ++r) {
    const Index target = targets[at(r)];
    const auto row = p.begin() + r * vocabulary;
    const double evenly = smoothing / static_cast<double>(vocabulary);
    auto wanted = [=](Index i) { return (i == target ? 1 - smoothing : 0) + evenly; };
    for (Index i = 0; i < vocabulary; ++i) {
      if (wanted(i) > 0) loss.rows[at(r)] -= head_weight * weights[at(r)] * wanted(i) * std::log(row[i]);
    }
    loss.hits[at(r)] = std::max_element(row, row + vocabulary) - row == target ? weights[at(r)] : 0;
    for (Index i = 0; i < vocabulary; ++i) {
      double& d = loss.dx[at(r * vocabulary + i)];
      d = head_weight * weights[at(r)] * (d - wanted(i));
    }
  }
  return loss;
}

Loss mean_squared_error(Index rows, Index units, double head_weight, const Vector& targets, const Vector& weights,
                        const Vector& predictions) {
  Loss loss{Vector(at(rows)), Vector(at(rows)), Vector(at(rows * units))};
  for (Index r = 0; r < rows; ++r) {
    const double factor = head_weight * weights[at(r)] / static_cast<double>(units);
    for (Index u = 0; u < units; ++u) {
      const double error = predictions[at(r * units + u)] - targets[at(r * units + u)];
      loss.rows[at(r)] += factor * error * error;
      loss.dx[at(r * units + u)] = 2 * factor * error;
    }
  }
  return loss;
}

void optimizer_step(const OptimizerSpec& spec, double learning_rate, std::uint64_t step, const Vector& g, Vector& w,
                    std::vector<Vector>& slots) {
  const double t = static_cast<double>(step);
  for (std::size_t e = 0; e < w.size(); ++e) {
    if (spec.kind == OptimizerKind::rmsprop) {
      double& v = slots[0][e];
      v = spec.rho * v + (1 - spec.rho) * g[e] * g[e];
      double spread = v;
      if (spec.centered) {
        double& average = slots.back()[e];
        average = spec.rho * average + (1 - spec.rho) * g[e];
        spread -= average * average;
      }
      const bool inside = spec.epsilon_placement == EpsilonPlacement::inside_root;
      double change =
          learning_rate * g[e] / (inside ? std::sqrt(spread + spec.epsilon) : std::sqrt(spread) + spec.epsilon);
      if (spec.momentum > 0) change = slots[1][e] = spec.momentum * slots[1][e] + change;
      w[e] -= change;
      continue;
    }
    if (spec.kind == OptimizerKind::adamw) w[e] -= learning_rate * spec.weight_decay * w[e];
    double& m = slots[0][e];
    double& v = slots[1][e];
    m = spec.beta1 * m + (1 - spec.beta1) * g[e];
    v = spec.beta2 * v + (1 - spec.beta2) * g[e] * g[e];
    const double rate = learning_rate * std::sqrt(1 - std::pow(spec.beta2, t)) / (1 - std::pow(spec.beta1, t));
    w[e] -= rate * m / (std::sqrt(v) + spec.epsilon);
  }
}

}  // namespace rondo::reference
