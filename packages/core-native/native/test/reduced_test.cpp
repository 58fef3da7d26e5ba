// Weights in fewer bits: every instruction set multiplies with the values that equations 29–30 give, in fp32; a stream
// on them is the fp32 network on rounded weights.

#include <bit>
#include <cmath>

#include "cases/op_cases.h"
#include "framework.h"
#include "network_cases.h"
#include "reference/reduced.h"
#include "simd_levels.h"

namespace rondo::test {
namespace {

constexpr WeightPrecision kReduced[] = {WeightPrecision::bf16, WeightPrecision::int8};

std::string name_of(WeightPrecision precision) {
  return precision == WeightPrecision::bf16 ? "bf16" : "int8";
}

/// Weights of very different sizes in the columns, one of them all 0.
Vector make_weights(Index rows, Index columns, std::uint64_t salt) {
  Vector w = make_values(rows * columns, salt);
  for (Index r = 0; r < rows; ++r) {
    for (Index c = 0; c < columns; ++c) {
      double& x = w[static_cast<std::size_t>(r * columns + c)];
      x = c % 11 == 3 ? 0 : static_cast<double>(static_cast<float>(x * std::pow(4.0, static_cast<double>(c % 5) - 3)));
    }
  }
  return w;
}

char* pack(Backend& backend, DeviceTensors& t, const std::string& name, const ReducedMatrix& m, const Vector& w) {
  const Index bytes = backend.reduced_size(m);
  char* packed = reinterpret_cast<char*>(t.zeros(name + " packed", (bytes + 3) / 4));
  backend.reduced_pack({m, t.floats(name, w), packed});
  return packed;
}

Vector run_dense(Backend& backend, WeightPrecision precision, Index rows, Index input, Index output, const Vector& w,
                 const Vector& x, const Vector& b) {
  DeviceTensors t(backend);
  const ReducedMatrix m{precision, input, output, false};
  const char* packed = pack(backend, t, "w", m, w);
  backend.reduced_dense({m, rows, packed, t.floats("b", b), t.floats("x", x), t.zeros("y", rows * output)});
  return t.read("y");
}

struct LstmSizes {
  Index time, batch, input, units;
};

struct LstmValues {
  Vector kernel, recurrent, bias, x, h0, c0;
};

LstmValues make_lstm(const LstmSizes& s) {
  LstmValues v;
  v.kernel = make_weights(s.input, 4 * s.units, 1);
  v.recurrent = make_weights(s.units, 4 * s.units, 2);
  v.bias = make_values(4 * s.units, 3);
  v.x = make_values(s.time * s.batch * s.input, 4);
  v.h0 = make_values(s.batch * s.units, 5, 0.8);
  v.c0 = make_values(s.batch * s.units, 6, 0.8);
  return v;
}

/// h and c after every step, the start included.
Values run_lstm(Backend& backend, WeightPrecision precision, const LstmSizes& s, const LstmValues& v) {
  DeviceTensors t(backend);
  auto states = [&](const Vector& start) {
    Vector all(static_cast<std::size_t>((s.time + 1) * s.batch * s.units));
    std::copy(start.begin(), start.end(), all.begin());
    return all;
  };
  ReducedLstm op;
  op.precision = precision;
  op.time = s.time;
  op.batch = s.batch;
  op.input = s.input;
  op.units = s.units;
  op.kernel = pack(backend, t, "kernel", {precision, s.input, 4 * s.units, true}, v.kernel);
  op.recurrent = pack(backend, t, "recurrent", {precision, s.units, 4 * s.units, true}, v.recurrent);
  op.bias = t.floats("bias", v.bias);
  op.x = t.floats("x", v.x);
  op.h = t.floats("h", states(v.h0));
  op.c = t.floats("c", states(v.c0));
  op.workspace = t.zeros("workspace", backend.reduced_workspace(s.time * s.batch, s.units));
  backend.reduced_lstm(op);
  return {{"h", t.read("h")}, {"c", t.read("c")}};
}

Vector reference_h(WeightPrecision precision, const LstmSizes& s, const LstmValues& v) {
  reference::Lstm l;
  l.time = s.time;
  l.batch = s.batch;
  l.input = s.input;
  l.units = s.units;
  l.kernel = reference::rounded(precision, s.input, 4 * s.units, v.kernel);
  l.recurrent = reference::rounded(precision, s.units, 4 * s.units, v.recurrent);
  l.bias = v.bias;
  const reference::LstmTrace trace = reference::lstm_forward(l, v.x, v.h0, v.c0);
  Vector h = v.h0;
  h.insert(h.end(), trace.h.begin(), trace.h.end());
  return h;
}

NetworkCase streamed_case() {
  return {.name = "streamed",
          .spec = {{embedding_input("token", 40, 9)},
                   {lstm_layer(37), batch_norm_layer(), lstm_layer(20), dense_layer(19, Activation::tanh)},
                   {softmax_head("token", 40)}},
          .time = 6,
          .batch = 3};
}

/// The head's matrix is the table that the input reads unrounded.
NetworkCase tied_case() {
  return {.name = "tied",
          .spec = {{embedding_input("token", 40, 32)},
                   {lstm_layer(64), dense_layer(32)},
                   {tied_head("token", 40, "token", 0.1)}},
          .time = 6,
          .batch = 3};
}

/// On rounded weights a stream gives the reference's logits, one step or many at a time; evaluation sees the same.
void check_streams(const NetworkCase& c) {
  const std::unique_ptr<Network> network = make_network(c, 2);
  const OwnedBatch batch = make_batch(c, 0);
  network->train_step(batch.view, {0.01, 0});
  const Values trained = read_group(*network, TensorGroup::parameters);
  for (const WeightPrecision precision : kReduced) {
    const std::unique_ptr<Stream> stream = network->open_stream(3, precision),
                                  many = network->open_stream(3, precision);
    CHECK(stream->precision() == precision);
    CHECK(stream->weight_bytes() < network->open_stream(3)->weight_bytes());
    reference::ReferenceNetwork expected = make_reference_network(c, *network);
    expected.parameters = reference::rounded_network(precision, *network, trained);
    const reference::Result result = expected.run(batch.view, false, false);
    std::vector<float> logits(120), last(120);
    for (std::size_t t = 0; t < 6; ++t) {
      stream->step(batch.view.inputs[0].ids.subspan(3 * t, 3), logits);
      const auto at = result.outputs.at("token").begin() + static_cast<std::ptrdiff_t>(120 * t);
      CHECK(error_of({logits.begin(), logits.end()}, {at, at + 120}) < 1e-5);
    }
    many->steps(batch.view.inputs[0].ids, 6, last);
    CHECK(logits == last);
    const EvaluationResult rounded = network->evaluate(batch.view, precision);
    CHECK(std::abs(rounded.loss_sum - result.loss_sum) < 1e-5 * result.loss_sum);
    CHECK(rounded.loss_sum != network->evaluate(batch.view).loss_sum);
  }
}

}  // namespace

TEST("reduced weights: rounding by hand") {
  const Vector ties{1.00390625, 1.01171875, -3.0e-39, 0.1, 0};  // halfway down to even, halfway up to even
  const Vector bf16 = reference::rounded(WeightPrecision::bf16, 1, 5, ties);
  CHECK(bf16[0] == 1.0 && bf16[1] == 1.015625 && bf16[4] == 0);
  CHECK(bf16[3] == static_cast<double>(std::bit_cast<float>(0x3DCD0000u)));
  const Vector int8 = reference::rounded(WeightPrecision::int8, 3, 1, {-127, 2.5, 3.5});
  CHECK(int8 == (Vector{-127, 2, 4}));
}

TEST("reduced weights: a dense layer on every instruction set is the reference on rounded weights") {
  for (const std::string& level : simd_levels()) {
    const SimdLevel chosen(level);
    const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
    for (const WeightPrecision precision : kReduced) {
      for (const Index rows : {Index{1}, Index{2}, Index{7}, Index{130}}) {
        const Index input = 37, output = 131;
        const Vector w = make_weights(input, output, 1), x = make_values(rows * input, 2), b = make_values(output, 3);
        const Vector expected =
            reference::dense_forward(rows, input, output, x, reference::rounded(precision, input, output, w), b);
        const double error = error_of(run_dense(*backend, precision, rows, input, output, w, x, b), expected);
        CHECK_MESSAGE(error <= 2e-6,
                      level + " " + name_of(precision) + ": off by " + std::to_string(error * 1e6) + "e-6");
      }
    }
  }
}

TEST("reduced weights: an LSTM on every instruction set is the reference on rounded weights") {
  for (const std::string& level : simd_levels()) {
    const SimdLevel chosen(level);
    const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 3);
    for (const WeightPrecision precision : kReduced) {
      for (const LstmSizes& s : {LstmSizes{1, 1, 1, 5}, LstmSizes{5, 4, 33, 70}, LstmSizes{3, 131, 7, 33}}) {
        const LstmValues v = make_lstm(s);
        const double error = error_of(run_lstm(*backend, precision, s, v).at("h"), reference_h(precision, s, v));
        CHECK_MESSAGE(error <= 1e-5,
                      level + " " + name_of(precision) + ": off by " + std::to_string(error * 1e6) + "e-6");
      }
    }
  }
}

TEST("reduced weights: one, two, three and five threads give the same bits") {
  const LstmSizes s{4, 3, 150, 200};
  const LstmValues v = make_lstm(s);
  const std::unique_ptr<Backend> one = make_backend(DeviceChoice::cpu, 1);
  for (const WeightPrecision precision : kReduced) {
    const Values expected = run_lstm(*one, precision, s, v);
    for (const int threads : {2, 3, 5}) {
      const std::unique_ptr<Backend> many = make_backend(DeviceChoice::cpu, threads);
      CHECK(run_lstm(*many, precision, s, v) == expected);
    }
  }
}

TEST("reduced weights: a stream is the network on rounded weights, and many steps at once give the same bits") {
  for (const NetworkCase& c : {streamed_case(), tied_case()}) check_streams(c);
}

TEST("reduced weights: a stream follows an update, and goes without its copy once it is gone") {
  const NetworkCase c = streamed_case();
  const std::unique_ptr<Network> network = make_network(c, 1);
  const OwnedBatch batch = make_batch(c, 0);
  std::unique_ptr<Stream> stream = network->open_stream(1, WeightPrecision::int8);
  const std::vector<std::int32_t> id{3};
  std::vector<float> before(40), after(40), fresh(40);
  stream->step(id, before);
  network->train_step(batch.view, {0.1, 0});
  stream->reset();
  stream->step(id, after);
  CHECK(before != after);
  network->open_stream(1, WeightPrecision::int8)->step(id, fresh);
  CHECK(after == fresh);
  const std::uint64_t held = network->memory_bytes();
  stream.reset();
  CHECK(network->memory_bytes() < held);
}

}  // namespace rondo::test
