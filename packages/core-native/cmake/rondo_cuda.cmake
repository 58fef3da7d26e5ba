# The CUDA side of the engine: one object library of kernels and their host code, in the same static library and the same
# addon as everything else. The runtime is linked statically, so that the addon loads where there is no driver.

# Cubins for the three generations, and PTX of the middle one, which drivers translate for what came between and after.
set(RONDO_CUDA_REAL 80 90 120)
set(RONDO_CUDA_VIRTUAL 90)
if(CMAKE_CUDA_COMPILER_VERSION AND CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 12.8)
  list(REMOVE_ITEM RONDO_CUDA_REAL 120)  # not known to older compilers
endif()
set(RONDO_CUDA_TARGETS ${RONDO_CUDA_REAL})
list(TRANSFORM RONDO_CUDA_TARGETS APPEND "-real")
list(APPEND RONDO_CUDA_TARGETS "${RONDO_CUDA_VIRTUAL}-virtual")
list(JOIN RONDO_CUDA_REAL ",sm_" RONDO_CUDA_NAMES)

# An object library of kernels for the architectures given behind its sources' list.
function(rondo_add_kernels name sources)
  add_library(${name} OBJECT ${sources})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CUDA_STANDARD 17 CUDA_STANDARD_REQUIRED ON
    CUDA_ARCHITECTURES "${ARGN}" CUDA_VISIBILITY_PRESET hidden CUDA_RUNTIME_LIBRARY Static)
  target_include_directories(${name} PRIVATE "${RONDO_NATIVE}/include" "${RONDO_NATIVE}/src"
    "${RONDO_NATIVE}/src/cuda/platform/native")
  target_compile_definitions(${name} PRIVATE "RONDO_CUDA_ARCHITECTURES=\"sm_${RONDO_CUDA_NAMES}\"")
  # Host and device read the same constexpr functions (Philox, thresholds); ptxas says what every kernel takes.
  target_compile_options(${name} PRIVATE --expt-relaxed-constexpr --extra-device-vectorization -Werror all-warnings
    -Xcompiler=-Wall,-Wextra,-Werror,-fno-math-errno -Xptxas=-v $<$<CONFIG:Release>:-O3>)
  if(UNIX)  # what ptxas says is kept beside each object: scripts/cuda-budget.mjs holds it to cuda-budget.json
    set(launcher sh "${CMAKE_CURRENT_SOURCE_DIR}/cmake/keep_ptxas.sh" ${CMAKE_CUDA_COMPILER_LAUNCHER})
    set_target_properties(${name} PROPERTIES CUDA_COMPILER_LAUNCHER "${launcher}")
  endif()
  target_sources(rondo_engine PRIVATE $<TARGET_OBJECTS:${name}>)
endfunction()

# Instructions that are Hopper's own, of no generation before or after: sources of theirs, never launched elsewhere.
set(RONDO_CUDA_HOPPER "${RONDO_CUDA_SOURCES}")
list(FILTER RONDO_CUDA_HOPPER INCLUDE REGEX "_wgmma\\.cu$")
list(FILTER RONDO_CUDA_SOURCES EXCLUDE REGEX "_wgmma\\.cu$")
file(GLOB RONDO_CUDA_PLATFORM CONFIGURE_DEPENDS "${RONDO_NATIVE}/src/cuda/platform/native/*.cu")
rondo_add_kernels(rondo_cuda "${RONDO_CUDA_SOURCES};${RONDO_CUDA_PLATFORM}" ${RONDO_CUDA_TARGETS})
rondo_add_kernels(rondo_cuda_hopper "${RONDO_CUDA_HOPPER}" 90a-real)

find_package(CUDAToolkit REQUIRED)
target_link_libraries(rondo_engine PUBLIC CUDA::cudart_static)
