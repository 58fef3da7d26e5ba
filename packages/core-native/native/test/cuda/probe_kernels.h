#pragma once

// Small kernels that try the platform layer itself.

#include <cstdint>
#include <vector>

namespace rondo::test {

/// Σ of each block's threads' values, by shuffles and shared memory.
std::vector<float> block_sums(const std::vector<float>& values, unsigned threads);
/// a (16 × K) times b (K × 8) by matrix fragments from shared memory; K a multiple of 16.
std::vector<float> product_bf16(const std::vector<float>& a, const std::vector<float>& b, int k);
std::vector<float> product_tf32(const std::vector<float>& a, const std::vector<float>& b, int k);
/// Blocks hand a number on in a ring, each adding 1, for `rounds`; gives the last number, −1 when a wait was given up.
int ring(unsigned blocks, int rounds, bool one_sleeps);
/// Blocks of a cluster tell one another their numbers (1, 2, …) times the round's (1, 2, …) through their shared
/// memory: each block's sum, −1 where it gave up; then the failure word. Silent ones wait for what never comes.
std::vector<float> told(unsigned blocks, int rounds, bool silent);
/// A graph that doubles `values` in place, launched `times` times.
std::vector<float> doubled(const std::vector<float>& values, int times);

}  // namespace rondo::test
