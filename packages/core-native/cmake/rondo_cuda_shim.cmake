# The CUDA kernels' own sources, compiled for the host against platform/shim (threads as fibers), and their tests. Needs
# no CUDA. A wrapper per file, because a source has one language per folder, and with CUDA at hand .cu files have theirs.

set(RONDO_SHIM "${CMAKE_CURRENT_BINARY_DIR}/cuda_shim")
set(RONDO_SHIM_SOURCES)
file(GLOB RONDO_SHIM_KERNELS CONFIGURE_DEPENDS "${RONDO_NATIVE}/src/cuda/*.cu" "${RONDO_NATIVE}/test/cuda/*.cu")
foreach(source IN LISTS RONDO_SHIM_KERNELS)
  get_filename_component(name "${source}" NAME_WE)
  file(CONFIGURE OUTPUT "${RONDO_SHIM}/${name}.cpp" CONTENT "#include \"@source@\"\n" @ONLY)
  list(APPEND RONDO_SHIM_SOURCES "${RONDO_SHIM}/${name}.cpp")
endforeach()
file(GLOB RONDO_SHIM_PLATFORM CONFIGURE_DEPENDS "${RONDO_NATIVE}/src/cuda/platform/shim/*.cpp")
file(GLOB RONDO_SHIM_TESTS CONFIGURE_DEPENDS "${RONDO_NATIVE}/test/cuda/*.cpp" "${RONDO_NATIVE}/test/reference/*.cpp"
  "${RONDO_NATIVE}/test/cases/*.cpp" "${RONDO_NATIVE}/test/device/*.cpp" "${RONDO_NATIVE}/test/network_cases.cpp")

# Device code converts freely between its integers, and looks at memory as words; everything else is held to our
# warnings.
add_library(rondo_device_code INTERFACE)
target_compile_options(rondo_device_code INTERFACE -Wno-conversion -Wno-sign-compare -Wno-unknown-pragmas
  -fno-strict-aliasing)

add_executable(rondo_cuda_shim_tests "${RONDO_NATIVE}/test/main.cpp" ${RONDO_SHIM_TESTS} ${RONDO_SHIM_SOURCES}
  ${RONDO_SHIM_PLATFORM})
target_compile_definitions(rondo_cuda_shim_tests PRIVATE RONDO_CUDA_ARCHITECTURES="shim"
  RONDO_TEST_DEVICE=cuda)
target_include_directories(rondo_cuda_shim_tests PRIVATE "${RONDO_NATIVE}/test" "${RONDO_NATIVE}/src"
  "${RONDO_NATIVE}/src/cuda/platform/shim")
target_link_libraries(rondo_cuda_shim_tests PRIVATE rondo_engine rondo_compiler rondo_device_code)
add_test(NAME rondo_cuda_shim_tests COMMAND rondo_cuda_shim_tests)
