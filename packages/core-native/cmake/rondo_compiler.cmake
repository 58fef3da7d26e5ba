# What every target of ours is compiled with: C++20, -O3, warnings as errors (with GCC, which
# CI has: who installs with another compiler shall not fail on its taste), and the same floating-point meaning
# everywhere (no -ffast-math; products are fused only where the source says fma).

add_library(rondo_compiler INTERFACE)
target_compile_features(rondo_compiler INTERFACE cxx_std_20)

# Kernels are written in the vectors of GCC and Clang: on Windows that is clang-cl, not Microsoft's own compiler.
if(CMAKE_CXX_COMPILER_ID STREQUAL "MSVC")
  message(FATAL_ERROR "Rondo's engine needs Clang on Windows: add \"C++ Clang tools\" in the Visual Studio installer, and "
    "configure with -T ClangCL (the build script does) or with CXX=clang-cl")
endif()

if(MSVC)  # clang-cl: options of its own kind; those of Clang go through /clang:
  target_compile_definitions(rondo_compiler INTERFACE NOMINMAX _CRT_SECURE_NO_WARNINGS)
  target_compile_options(rondo_compiler INTERFACE /W4 /EHsc /utf-8 /clang:-ffp-contract=off $<$<CONFIG:Release>:/clang:-O3>)
else()
  target_compile_options(rondo_compiler INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    $<$<CXX_COMPILER_ID:GNU>:-Werror> -ffp-contract=off -fvisibility=hidden -fno-math-errno $<$<CONFIG:Release>:-O3>)
endif()
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
