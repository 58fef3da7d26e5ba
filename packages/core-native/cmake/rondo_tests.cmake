# Native tests and benches; they need neither Node nor a GPU.

file(GLOB RONDO_TEST_SOURCES CONFIGURE_DEPENDS "${RONDO_NATIVE}/test/*.cpp" "${RONDO_NATIVE}/test/reference/*.cpp"
  "${RONDO_NATIVE}/test/cases/*.cpp" "${RONDO_NATIVE}/test/device/*.cpp" "${RONDO_NATIVE}/test/keras/*.cpp")
# This one counts what operator new is asked for, which the sanitizers have replaced.
if(RONDO_SANITIZE)
  list(FILTER RONDO_TEST_SOURCES EXCLUDE REGEX "allocation_test\\.cpp$")
endif()
file(GLOB RONDO_FUZZ_SOURCES CONFIGURE_DEPENDS "${RONDO_NATIVE}/test/fuzz/*.cpp")
list(FILTER RONDO_FUZZ_SOURCES EXCLUDE REGEX "main\\.cpp$")
add_executable(rondo_tests ${RONDO_TEST_SOURCES} ${RONDO_FUZZ_SOURCES})
target_include_directories(rondo_tests PRIVATE "${RONDO_NATIVE}/test")
target_compile_definitions(rondo_tests PRIVATE RONDO_FIXTURES="${CMAKE_CURRENT_SOURCE_DIR}/fixtures/keras")
target_link_libraries(rondo_tests PRIVATE rondo_engine rondo_compiler)
add_test(NAME rondo_tests COMMAND rondo_tests)

# Objects compiled for one instruction set must not share symbols with the rest: the linker keeps one copy of each, and
# it may be the one that an older CPU cannot run.
if(CMAKE_NM AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT RONDO_SANITIZE)
  foreach(isa IN LISTS RONDO_ISAS)
    add_test(NAME isa_symbols_${isa} COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DISA=${isa}
      "-DOBJECTS=$<TARGET_OBJECTS:rondo_cpu_${isa}>" -P "${CMAKE_CURRENT_SOURCE_DIR}/cmake/check_isa_symbols.cmake")
  endforeach()
endif()

add_executable(rondo_fuzz ${RONDO_FUZZ_SOURCES} "${RONDO_NATIVE}/test/fuzz/main.cpp")
target_include_directories(rondo_fuzz PRIVATE "${RONDO_NATIVE}/test")
target_link_libraries(rondo_fuzz PRIVATE rondo_engine rondo_compiler)

add_executable(rondo_bench "${RONDO_NATIVE}/bench/main.cpp")
target_link_libraries(rondo_bench PRIVATE rondo_bench_cases rondo_engine rondo_compiler)

if(UNIX)
  include(rondo_cuda_shim)
endif()
