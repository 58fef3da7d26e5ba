// Matrix products and one LSTM layer, as ops of the backend.

#include "bench.h"
#include "rondo/backend.h"

namespace rondo::bench {
namespace {

/// Blocks of device memory with small values that repeat.
class Blocks {
 public:
  explicit Blocks(int threads) : backend(make_backend(target().device, threads, target().precision)) {}
  ~Blocks() {
    for (void* m : memory_) backend->release(m);
  }
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;

  float* take(std::int64_t count, float scale = 0.1f) {
    const std::size_t bytes = sizeof(float) * static_cast<std::size_t>(count);
    memory_.push_back(backend->allocate(bytes));
    std::vector<float> values(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = scale * (static_cast<float>(i * 7919 % 199) - 99) / 99;
    }
    backend->upload(memory_.back(), values.data(), bytes);
    return static_cast<float*>(memory_.back());
  }

  /// Waits until the device has done everything.
  void finish() {
    float word = 0;
    if (!memory_.empty()) backend->download(&word, memory_.front(), sizeof(word));
  }

  const std::unique_ptr<Backend> backend;

 private:
  std::vector<void*> memory_;
};

Entry gemm_entry(std::int64_t m, std::int64_t k, std::int64_t n) {
  const std::string name = "gemm/" + std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n);
  return {name, [=](int threads) {
            auto blocks = std::make_shared<Blocks>(threads);
            float* packed = blocks->take(blocks->backend->dense_packed_size(k, n));
            blocks->backend->dense_pack({k, n, blocks->take(k * n), false, packed});
            const DenseForward op{m, k, n, packed, blocks->take(n), blocks->take(m * k), blocks->take(m * n)};
            return Case{name,    2.0 * static_cast<double>(m * k) * static_cast<double>(n),
                        0,       [blocks, op] { blocks->backend->dense_forward(op); },
                        0,       nullptr,
                        nullptr, [blocks] { blocks->finish(); }};
          }};
}

struct Lstm {
  std::shared_ptr<Blocks> blocks;
  LstmForward forward;
  LstmBackward backward;
  double flops = 0;  ///< of one direction of the pass: x W and h R
};

Lstm make_lstm(int threads, std::int64_t units, std::int64_t batch, std::int64_t time, int masks) {
  Lstm l;
  l.blocks = std::make_shared<Blocks>(threads);
  Blocks& b = *l.blocks;
  const std::int64_t rows = time * batch;
  LstmShape s;
  s.time = time;
  s.batch = batch;
  s.input = s.units = units;
  s.mask_count = masks;
  s.masks = masks ? b.take(masks * batch * units, 1) : nullptr;
  float* packed = b.take(b.backend->lstm_packed_size(units, units));
  b.backend->lstm_pack({units, units, b.take(4 * units * units), b.take(4 * units * units), true, packed});
  float* workspace = b.take(b.backend->lstm_workspace(s));
  l.forward = {s,
               packed,
               b.take(4 * units),
               b.take(rows * units),
               b.take(b.backend->lstm_gates_size(s)),
               b.take((rows + batch) * units),
               b.take((rows + batch) * units),
               workspace};
  LstmBackward& back = l.backward;
  back.shape = s;
  back.packed = packed;
  back.x = l.forward.x;
  back.gates = l.forward.gates;
  back.h = l.forward.h;
  back.c = l.forward.c;
  back.dy = b.take(rows * units);
  back.dy_stride = units;
  back.dx = b.take(rows * units);
  back.d_kernel = b.take(4 * units * units, 0);
  back.d_recurrent = b.take(4 * units * units, 0);
  back.d_bias = b.take(4 * units, 0);
  back.workspace = workspace;
  l.flops = 2.0 * static_cast<double>(rows) * 8 * static_cast<double>(units * units);
  return l;
}

void add_lstm(std::vector<Entry>& entries, const std::string& tail, std::int64_t units, std::int64_t batch, int masks) {
  const std::string forward = "lstm-forward/" + tail, backward = "lstm-backward/" + tail;
  const bool cpu = target().device == DeviceChoice::cpu;
  const std::int64_t time = !cpu ? 100 : batch > 32 ? 20 : 50;
  entries.push_back({forward, [=](int threads) {
                       const Lstm l = make_lstm(threads, units, batch, time, masks);
                       return Case{forward, l.flops, 0,       [l] { l.blocks->backend->lstm_forward(l.forward); },
                                   0,       nullptr, nullptr, [l] { l.blocks->finish(); }};
                     }});
  entries.push_back({backward, [=](int threads) {
                       const Lstm l = make_lstm(threads, units, batch, time, masks);
                       return Case{backward,
                                   2 * l.flops,
                                   0,
                                   [l] { l.blocks->backend->lstm_backward(l.backward); },
                                   0,
                                   nullptr,
                                   [l] {
                                     l.blocks->backend->lstm_forward(l.forward);
                                     l.blocks->finish();
                                   },
                                   [l] { l.blocks->finish(); }};
                     }});
}

/// Forward and backward pass of one layer.
Entry growth_entry(const std::string& what, std::int64_t value, std::int64_t units, std::int64_t batch,
                   std::int64_t time) {
  const std::string name = "growth/" + what + "/" + std::to_string(value);
  return {name, [=](int threads) {
            const Lstm l = make_lstm(threads, units, batch, time, 0);
            return Case{name,
                        3 * l.flops,
                        0,
                        [l] {
                          l.blocks->backend->lstm_forward(l.forward);
                          l.blocks->backend->lstm_backward(l.backward);
                        },
                        batch,
                        nullptr};
          }};
}

}  // namespace

std::vector<Entry> growth_entries() {
  constexpr std::int64_t kUnits = 256, kBatch = 32, kTime = 50;
  std::vector<Entry> entries;
  for (const std::int64_t units : {32, 64, 128, 256, 384, 512, 768, 1024}) {
    entries.push_back(growth_entry("units", units, units, kBatch, kTime));
  }
  for (const std::int64_t batch : {1, 2, 4, 8, 12, 16, 24, 32, 64, 128, 256}) {
    entries.push_back(growth_entry("batch", batch, kUnits, batch, kTime));
  }
  for (const std::int64_t time : {5, 10, 25, 50, 100, 200}) {
    entries.push_back(growth_entry("time", time, kUnits, kBatch, time));
  }
  return entries;
}

std::vector<Entry> op_entries() {
  std::vector<Entry> entries{gemm_entry(512, 512, 512), gemm_entry(12800, 512, 2048), gemm_entry(128, 512, 300)};
  add_lstm(entries, "h512-b128", 512, 128, 0);
  add_lstm(entries, "h512-b128-masks", 512, 128, 4);
  add_lstm(entries, "h512-b8", 512, 8, 0);
  add_lstm(entries, "h128-b32", 128, 32, 0);
  add_lstm(entries, "h1024-b64", 1024, 64, 0);
  return entries;
}

}  // namespace rondo::bench
