# Tool chain file: 64-bit Windows, Clang with the headers and libraries of MinGW-w64 (Debian, Ubuntu: clang,
# g++-mingw-w64-x86-64-posix). Not MinGW's own GCC: it aligns the stack too little for AVX (its bug 54412).

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CXX_COMPILER clang++)
set(CMAKE_CXX_COMPILER_TARGET x86_64-w64-windows-gnu)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

# Clang does not look into the folder that Debian has named after the kind of threads.
execute_process(COMMAND x86_64-w64-mingw32-g++-posix -print-libgcc-file-name
  OUTPUT_VARIABLE RONDO_MINGW OUTPUT_STRIP_TRAILING_WHITESPACE)
get_filename_component(RONDO_MINGW "${RONDO_MINGW}" DIRECTORY)
set(CMAKE_CXX_FLAGS_INIT "-isystem ${RONDO_MINGW}/include/c++ -isystem ${RONDO_MINGW}/include/c++/x86_64-w64-mingw32")
# The programs carry the runtime library within them. That library has its clock and its threads from winpthread.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -L${RONDO_MINGW}")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-static -L${RONDO_MINGW}")
set(CMAKE_CXX_STANDARD_LIBRARIES "-lstdc++ -lwinpthread" CACHE STRING "after the objects")
