#pragma once

// Orthonormal rows from random ones.

#include <cstdint>

#include "network/team.h"

namespace rondo {

/// Q of the QR of the transposed of `a` (rows, columns), rows ≤ columns, its columns times sign(diag R), transposed
/// again: the rows become orthonormal. The same bits for any number of threads and any width of vectors.
void orthonormalise(double* a, std::int64_t rows, std::int64_t columns, Team& team);

}  // namespace rondo
