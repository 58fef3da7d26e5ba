// The products of the LSTM by warps and by warpgroups: against double, in every orientation, with borders, gates side
// by side, masks, rows that count as zero, and sums in parts.

#include "cuda/product.h"
#include "cases/op_cases.h"
#include "cuda/bits_of_floats.h"
#include "environment_variable.h"
#include "framework.h"
#include "runtime.h"

namespace rondo::test {
namespace {

using namespace rondo::cuda;

struct Shape {
  const char* name;
  int m, n, k;
  bool a_deep, b_deep;
  int batches = 1;
  bool filtered = false;
};

constexpr Shape kShapes[] = {{"x W", 150, 136, 100, true, false},
                             {"dz W'", 70, 200, 264, true, true},
                             {"x' dz", 140, 72, 530, false, false, 4},
                             {"(h m)' dz", 72, 80, 600, false, false, 4, true}};

/// RONDO_CUDA_GEMM while it lives.
class Arithmetics : public EnvironmentVariable {
 public:
  explicit Arithmetics(const char* name) : EnvironmentVariable("RONDO_CUDA_GEMM", name) {}
};

/// Stored rows × columns, padded to 8, as bf16; element(r, c) as a float again.
struct Matrix {
  int rows, columns, stride;
  std::vector<std::uint16_t> bits;

  Matrix(int r, int c, std::uint64_t salt) : rows(r), columns(c), stride((c + 7) / 8 * 8) {
    bits.assign(static_cast<std::size_t>(rows) * static_cast<std::size_t>(stride), 0);
    const Vector values = make_values(Index{rows} * columns, salt);
    for (int i = 0; i < rows; ++i) {
      for (int j = 0; j < columns; ++j) {
        const double value =
            values[static_cast<std::size_t>(i) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(j)];
        bits[place(i, j)] = to_bits(static_cast<float>(value));
      }
    }
  }
  std::size_t place(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(stride) + static_cast<std::size_t>(column);
  }
  double at(int row, int column) const { return static_cast<double>(from_bits(bits[place(row, column)])); }
};

template <class T>
class OnDevice {
 public:
  explicit OnDevice(const std::vector<T>& values) : bytes_(values.size() * sizeof(T)), data_(allocate_device(bytes_)) {
    copy_to_device(data_, values.data(), bytes_, nullptr);
  }
  ~OnDevice() { free_device(data_); }
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;
  T* data() const { return static_cast<T*>(data_); }
  std::vector<T> read() const {
    std::vector<T> values(bytes_ / sizeof(T));
    copy_to_host(values.data(), data_, bytes_, nullptr);
    return values;
  }

 private:
  std::size_t bytes_;
  void* data_;
};

bool cut(int row) {
  return row % 11 == 3;
}
bool kept(int gate, int row, int column) {
  return (gate * 7 + row % 5 * 3 + column) % 3 != 0;
}

/// A's stored columns of gate g's product follow one another as in dz: blocks of 8 by gate.
int gate_place(int column, int gate, int batches) {
  return batches == 1 ? column : column / 8 * 32 + gate * 8 + column % 8;
}

Vector exact(const Shape& s, const Matrix& a, const Matrix& b) {
  Vector c;
  for (int g = 0; g < s.batches; ++g) {
    for (int m = 0; m < s.m; ++m) {
      for (int n = 0; n < s.n; ++n) {
        double sum = 0;
        for (int k = 0; k < s.k; ++k) {
          if (s.filtered && (cut(k) || !kept(g, k, m))) continue;
          sum += (s.a_deep ? a.at(m, k) : a.at(k, m)) * (s.b_deep ? b.at(n, k) : b.at(k, gate_place(n, g, s.batches)));
        }
        c.push_back(sum);
      }
    }
  }
  return c;
}

Vector run(const Shape& s, const Matrix& a, const Matrix& b, int parts) {
  CudaContext context(device_facts(0), Precision::bf16);
  const OnDevice<std::uint16_t> left(a.bits), right(b.bits);
  const OnDevice<float> out(std::vector<float>(static_cast<std::size_t>(s.batches * s.m * s.n)));
  std::vector<std::uint8_t> cuts(static_cast<std::size_t>(s.k));
  constexpr int kBitRows = 5;
  const int words = (s.m + 31) / 32;
  std::vector<std::uint32_t> bits(static_cast<std::size_t>(s.batches * kBitRows * words));
  for (int k = 0; k < s.k; ++k) cuts[static_cast<std::size_t>(k)] = cut(k);
  for (int g = 0; g < s.batches; ++g) {
    for (int r = 0; r < kBitRows; ++r) {
      for (int m = 0; m < s.m; ++m) {
        if (kept(g, r, m)) bits[static_cast<std::size_t>((g * kBitRows + r) * words + m / 32)] |= 1u << m % 32;
      }
    }
  }
  const OnDevice<std::uint8_t> device_cuts(cuts);
  const OnDevice<std::uint32_t> device_bits(bits);
  Product p;
  p.arithmetic = Arithmetic::bf16;
  p.m = s.m;
  p.n = s.n;
  p.k = s.k;
  p.batches = s.batches;
  p.a = {left.data(), a.stride, 0, 8, s.a_deep};
  p.b = {right.data(), b.stride, s.batches > 1 ? 8 : 0, s.batches > 1 ? 32 : 8, s.b_deep};
  p.c = out.data();
  p.c_stride = s.n;
  p.c_batch_step = static_cast<std::int64_t>(s.m) * s.n;
  if (s.filtered) {
    p.filter = {device_cuts.data(), 0, s.k, device_bits.data(), kBitRows * words, kBitRows, words};
  }
  if (parts == 1) {
    multiply_whole(context, p);
  } else {
    const OnDevice<float> partial(
        std::vector<float>(static_cast<std::size_t>(product_partial_size(context.facts(), p) + 1)));
    multiply(context, p, partial.data());
  }
  synchronize(context.stream());
  const std::vector<float> c = out.read();
  return {c.begin(), c.end()};
}

}  // namespace

TEST("CUDA products: bf16 by warps and by warpgroups is the exact product of the rounded operands") {
  for (const char* name : {"mma", "wgmma"}) {
    const Arithmetics arithmetics(name);
    for (const Shape& s : kShapes) {
      const Matrix a = s.a_deep ? Matrix(s.m, s.k, 1) : Matrix(s.k, s.m, 1);
      const int columns = s.batches == 1 ? s.n : s.batches * ((s.n + 7) / 8 * 8);
      const Matrix b = s.b_deep ? Matrix(s.n, s.k, 2) : Matrix(s.k, columns, 2);
      const Vector expected = exact(s, a, b);
      for (const int parts : {1, 2}) {
        const double error = error_of(run(s, a, b, parts), expected);
        CHECK_MESSAGE(error < 1e-5, std::string(name) + ", " + s.name + ": " + std::to_string(error * 1e6) + "e-6");
      }
    }
  }
}

}  // namespace rondo::test
