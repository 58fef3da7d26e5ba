#include "context_switch.h"

#include <cstdint>

#if defined(__x86_64__) && defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

asm(R"(
.text
.globl rondo_shim_switch
.hidden rondo_shim_switch
.type rondo_shim_switch, @function
rondo_shim_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size rondo_shim_switch, .-rondo_shim_switch
)");

extern "C" void rondo_shim_switch(void** from, void* to);

namespace rondo::cuda::shim {

void* prepare_context(void* stack, std::size_t bytes, void (*entry)()) {
  // As after a call: six saved registers, the address to return to, and an address that nobody returns to; the stack is
  // 16-byte aligned before that last one.
  auto* top = reinterpret_cast<std::uint64_t*>((reinterpret_cast<std::uintptr_t>(stack) + bytes) & ~std::uintptr_t{15});
  *--top = 0;
  *--top = reinterpret_cast<std::uint64_t>(entry);
  for (int i = 0; i < 6; ++i) *--top = 0;
  return top;
}

void switch_context(void** from, void* to) {
  rondo_shim_switch(from, to);
}

}  // namespace rondo::cuda::shim

#else

#  include <ucontext.h>

namespace rondo::cuda::shim {

// The context itself lies at the start of the fiber's stack; the scheduler's lies beside it.
void* prepare_context(void* stack, std::size_t bytes, void (*entry)()) {
  auto* context = static_cast<ucontext_t*>(stack);
  *context = ucontext_t{};
  getcontext(context);
  const std::size_t used = (sizeof(ucontext_t) + 63) / 64 * 64;
  context->uc_stack.ss_sp = static_cast<char*>(stack) + used;
  context->uc_stack.ss_size = bytes - used;
  context->uc_link = nullptr;
  makecontext(context, entry, 0);
  return context;
}

void switch_context(void** from, void* to) {
  static thread_local ucontext_t scheduler;
  if (!*from) *from = &scheduler;
  auto* leaving = static_cast<ucontext_t*>(*from);
  swapcontext(leaving, static_cast<ucontext_t*>(to));
}

}  // namespace rondo::cuda::shim

#endif
