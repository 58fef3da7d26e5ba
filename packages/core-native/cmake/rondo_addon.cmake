# The Node-API addon, driven by cmake-js (CMAKE_JS_INC, CMAKE_JS_SRC, CMAKE_JS_LIB). Its sources are the folder
# native/bindings; the output is rondo_native.node.

file(GLOB RONDO_BINDING_SOURCES CONFIGURE_DEPENDS "${RONDO_NATIVE}/bindings/*.cpp")
if(NOT RONDO_BINDING_SOURCES)
  message(FATAL_ERROR "RONDO_BUILD_ADDON=ON needs the sources in native/bindings")
endif()
execute_process(COMMAND node -p "require('node-addon-api').include_dir"
  WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE RONDO_NAPI_DIR OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE RONDO_NAPI_RESULT)
if(RONDO_NAPI_RESULT)
  message(FATAL_ERROR "node-addon-api was not found from ${CMAKE_CURRENT_SOURCE_DIR}; run npm install first")
endif()
get_filename_component(RONDO_NAPI_DIR "${RONDO_NAPI_DIR}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")

add_library(rondo_native SHARED ${RONDO_BINDING_SOURCES} ${CMAKE_JS_SRC})
set_target_properties(rondo_native PROPERTIES PREFIX "" SUFFIX ".node" CXX_VISIBILITY_PRESET hidden)
target_compile_definitions(rondo_native PRIVATE NAPI_VERSION=8)
# Headers of others are system headers: our warnings are for our own code.
target_include_directories(rondo_native SYSTEM PRIVATE ${CMAKE_JS_INC} "${RONDO_NAPI_DIR}")
target_link_libraries(rondo_native PRIVATE rondo_bench_cases rondo_engine rondo_compiler ${CMAKE_JS_LIB})

if(MSVC AND CMAKE_JS_NODELIB_DEF AND CMAKE_JS_NODELIB_TARGET)  # the import library of Node-API, from its list of names
  execute_process(COMMAND ${CMAKE_AR} /def:${CMAKE_JS_NODELIB_DEF} /out:${CMAKE_JS_NODELIB_TARGET}
    ${CMAKE_STATIC_LINKER_FLAGS} RESULT_VARIABLE RONDO_NODELIB_RESULT)
  if(RONDO_NODELIB_RESULT)
    message(FATAL_ERROR "${CMAKE_AR} could not make ${CMAKE_JS_NODELIB_TARGET}")
  endif()
endif()
