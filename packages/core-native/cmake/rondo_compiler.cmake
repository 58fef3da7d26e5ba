# What every target of ours is compiled with: C++20, -O3, warnings as errors, and the same floating-point meaning
# everywhere (no -ffast-math; products are fused only where the source says fma).

add_library(rondo_compiler INTERFACE)
target_compile_features(rondo_compiler INTERFACE cxx_std_20)
target_compile_options(rondo_compiler INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  -Werror -ffp-contract=off -fvisibility=hidden -fno-math-errno $<$<CONFIG:Release>:-O3>)
# GCC notes that vector parameters changed their ABI once (ours never leave their translation unit), and GCC 12 sees
# overlaps in std::string's operator+ that are not there (its bug 105651).
target_compile_options(rondo_compiler INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-psabi;-Wno-restrict>")

if(RONDO_SANITIZE)
  target_compile_options(rondo_compiler INTERFACE -fsanitize=${RONDO_SANITIZE} -fno-omit-frame-pointer -g
    -fno-sanitize-recover=all)
  target_link_options(rondo_compiler INTERFACE -fsanitize=${RONDO_SANITIZE})
endif()

find_package(Threads REQUIRED)
target_link_libraries(rondo_compiler INTERFACE Threads::Threads)
