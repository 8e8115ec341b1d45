# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# runtime/*.c -> LLVM bitcode -> a byte array that plugin/Runtime.cpp includes.
# Not vectorised and not unrolled: the user's own pipeline does that for the
# user's own processor once the bodies are linked in.
file(GLOB TERN_RUNTIME_SOURCES CONFIGURE_DEPENDS
  ${CMAKE_CURRENT_SOURCE_DIR}/runtime/*.c)
file(GLOB TERN_RUNTIME_HEADERS CONFIGURE_DEPENDS
  ${CMAKE_CURRENT_SOURCE_DIR}/runtime/*.h)
find_program(TERN_BITCODE_COMPILER NAMES clang-22 clang
  HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)
find_program(TERN_LLVM_LINK NAMES llvm-link-22 llvm-link
  HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)

set(TERN_RUNTIME_DIR ${CMAKE_CURRENT_BINARY_DIR}/runtime)
file(MAKE_DIRECTORY ${TERN_RUNTIME_DIR})
set(TERN_RUNTIME_PARTS)
foreach(source IN LISTS TERN_RUNTIME_SOURCES)
  get_filename_component(name ${source} NAME_WE)
  set(part ${TERN_RUNTIME_DIR}/${name}.bc)
  # What is differentiated is taken as it is written.
  set(raw)
  if(name STREQUAL "containers")
    set(raw -Xclang -disable-llvm-passes)
  endif()
  add_custom_command(OUTPUT ${part}
    COMMAND ${TERN_BITCODE_COMPILER} -std=c17 -O2 -fPIC -c -emit-llvm
      -fno-exceptions -fno-stack-protector -fno-vectorize -fno-slp-vectorize
      -fno-unroll-loops -Wall -Wextra -Werror ${raw} ${source} -o ${part}
    DEPENDS ${source} ${TERN_RUNTIME_HEADERS}
    COMMENT "Compiling ${name}.c to bitcode" VERBATIM)
  list(APPEND TERN_RUNTIME_PARTS ${part})
endforeach()

set(TERN_RUNTIME_BITCODE ${TERN_RUNTIME_DIR}/tern-runtime.bc)
set(TERN_RUNTIME_ARRAY ${TERN_RUNTIME_DIR}/RuntimeBitcode.inc)
add_custom_command(OUTPUT ${TERN_RUNTIME_ARRAY} ${TERN_RUNTIME_BITCODE}
  COMMAND ${TERN_LLVM_LINK} ${TERN_RUNTIME_PARTS} -o ${TERN_RUNTIME_BITCODE}
  COMMAND ${CMAKE_COMMAND} -DINPUT=${TERN_RUNTIME_BITCODE}
    -DOUTPUT=${TERN_RUNTIME_ARRAY}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/BytesToArray.cmake
  DEPENDS ${TERN_RUNTIME_PARTS}
    ${CMAKE_CURRENT_SOURCE_DIR}/cmake/BytesToArray.cmake
  COMMENT "Embedding the runtime" VERBATIM)

target_sources(tern PRIVATE ${TERN_RUNTIME_ARRAY})
target_include_directories(tern PRIVATE ${TERN_RUNTIME_DIR})
