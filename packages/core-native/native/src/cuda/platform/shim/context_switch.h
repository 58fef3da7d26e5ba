#pragma once

// Leaves one stack for another. On x86-64 by hand (a few nanoseconds); elsewhere, and under sanitizers, by ucontext.

#include <cstddef>

namespace rondo::cuda::shim {

/// A context that runs `entry` (which never returns) on `stack`; its handle.
void* prepare_context(void* stack, std::size_t bytes, void (*entry)());

/// Leaves the running context, whose handle goes to *from, for `to`.
void switch_context(void** from, void* to);

}  // namespace rondo::cuda::shim
