# The engine: a static library without Node. src/cpu is compiled once per instruction set (RONDO_ISA names the
# namespace) and picked at run time; src/cuda mirrors it and is picked here.

set(RONDO_NATIVE "${CMAKE_CURRENT_SOURCE_DIR}/native")
file(GLOB RONDO_CORE_SOURCES CONFIGURE_DEPENDS "${RONDO_NATIVE}/src/*.cpp" "${RONDO_NATIVE}/src/network/*.cpp"
  "${RONDO_NATIVE}/src/cpu/host/*.cpp")
file(GLOB RONDO_ISA_SOURCES CONFIGURE_DEPENDS "${RONDO_NATIVE}/src/cpu/*.cpp")

string(TOLOWER "${CMAKE_SYSTEM_PROCESSOR}" RONDO_PROCESSOR)
if(RONDO_PROCESSOR MATCHES "x86_64|amd64")
  set(RONDO_ISAS sse2 avx2 avx512)
  set(RONDO_FLAGS_sse2 -msse2)
  set(RONDO_FLAGS_avx2 -mavx2 -mfma)
  set(RONDO_FLAGS_avx512 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma -mprefer-vector-width=512)
elseif(RONDO_PROCESSOR MATCHES "aarch64|arm64")
  set(RONDO_ISAS neon)
else()
  message(FATAL_ERROR "Rondo's engine has kernels for x86-64 and arm64, not for ${CMAKE_SYSTEM_PROCESSOR}")
endif()

add_library(rondo_engine STATIC ${RONDO_CORE_SOURCES})
set_target_properties(rondo_engine PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_include_directories(rondo_engine PUBLIC "${RONDO_NATIVE}/include" PRIVATE "${RONDO_NATIVE}/src")
target_compile_definitions(rondo_engine PRIVATE RONDO_VERSION="${PROJECT_VERSION}")
target_link_libraries(rondo_engine PUBLIC Threads::Threads PRIVATE $<BUILD_INTERFACE:rondo_compiler>)

foreach(isa IN LISTS RONDO_ISAS)
  add_library(rondo_cpu_${isa} OBJECT ${RONDO_ISA_SOURCES})
  set_target_properties(rondo_cpu_${isa} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(rondo_cpu_${isa} PUBLIC "${RONDO_NATIVE}/include" PRIVATE "${RONDO_NATIVE}/src")
  target_compile_definitions(rondo_cpu_${isa} PRIVATE RONDO_ISA=${isa})
  target_compile_options(rondo_cpu_${isa} PRIVATE ${RONDO_FLAGS_${isa}})
  target_link_libraries(rondo_cpu_${isa} PRIVATE rondo_compiler)
  target_sources(rondo_engine PRIVATE $<TARGET_OBJECTS:rondo_cpu_${isa}>)
endforeach()

# CUDA: files are picked, never #ifdef'd.
set(RONDO_HAVE_CUDA OFF)
file(GLOB RONDO_CUDA_SOURCES CONFIGURE_DEPENDS "${RONDO_NATIVE}/src/cuda/*.cu")
string(TOUPPER "${RONDO_CUDA}" RONDO_CUDA_WANTED)
if(NOT RONDO_CUDA_WANTED STREQUAL "OFF" AND EXISTS "${RONDO_NATIVE}/src/cuda/lstm.cu")
  include(CheckLanguage)
  set(CMAKE_CUDA_ARCHITECTURES OFF)  # the targets name their own
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
    set(RONDO_HAVE_CUDA ON)
  endif()
endif()
if(RONDO_HAVE_CUDA)
  include(rondo_cuda)
elseif(RONDO_CUDA_WANTED STREQUAL "ON")
  message(FATAL_ERROR "RONDO_CUDA=ON needs a CUDA compiler; set CUDACXX to nvcc, or RONDO_CUDA=OFF")
else()
  target_sources(rondo_engine PRIVATE "${RONDO_NATIVE}/src/cuda/no_cuda.cpp")
endif()

# The benchmark table, for the program rondo_bench and for the addon.
file(GLOB RONDO_BENCH_SOURCES CONFIGURE_DEPENDS "${RONDO_NATIVE}/bench/*.cpp")
list(FILTER RONDO_BENCH_SOURCES EXCLUDE REGEX "main\\.cpp$")
add_library(rondo_bench_cases STATIC ${RONDO_BENCH_SOURCES})
set_target_properties(rondo_bench_cases PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_include_directories(rondo_bench_cases PUBLIC "${RONDO_NATIVE}/bench" PRIVATE "${RONDO_NATIVE}/src")
target_link_libraries(rondo_bench_cases PRIVATE rondo_engine rondo_compiler)
