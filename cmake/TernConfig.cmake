# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# find_package(Tern) gives
#
#   tern_enable(TARGET [LTO])  compiles the target's C and C++ sources with Tern
#       and puts <tern/tern.hpp> on its include path (C++20). LTO: compiles and
#       links with -flto, so that functions in other files can be differentiated.
#   Tern_PLUGIN, Tern_INCLUDE_DIR, Tern_VERSION
get_filename_component(Tern_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(Tern_PLUGIN "${Tern_PREFIX}/lib/TernPlugin.so")
set(Tern_INCLUDE_DIR "${Tern_PREFIX}/include")
if(NOT EXISTS "${Tern_PLUGIN}")
  set(Tern_FOUND FALSE)
  set(Tern_NOT_FOUND_MESSAGE "${Tern_PLUGIN} does not exist")
  return()
endif()

# A pass plugin fits one LLVM release only.
function(_tern_require_clang_22 Target Language)
  if(NOT CMAKE_${Language}_COMPILER_ID STREQUAL Clang
     OR NOT CMAKE_${Language}_COMPILER_VERSION MATCHES "^22\\.")
    message(FATAL_ERROR
      "tern_enable(${Target}): Tern works with clang 22, but CMAKE_${Language}_COMPILER is "
      "${CMAKE_${Language}_COMPILER_ID} ${CMAKE_${Language}_COMPILER_VERSION}. "
      "Configure with -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22.")
  endif()
endfunction()

function(tern_enable Target)
  cmake_parse_arguments(PARSE_ARGV 1 Arg "LTO" "" "")
  if(Arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tern_enable(${Target}): unknown argument ${Arg_UNPARSED_ARGUMENTS}")
  endif()
  get_property(Languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  foreach(Language C CXX)
    if(Language IN_LIST Languages)
      _tern_require_clang_22(${Target} ${Language})
    endif()
  endforeach()
  target_compile_options(${Target} PRIVATE
    $<$<COMPILE_LANGUAGE:C,CXX>:-fpass-plugin=${Tern_PLUGIN}>)
  target_include_directories(${Target} SYSTEM PRIVATE "${Tern_INCLUDE_DIR}")
  if(CXX IN_LIST Languages)
    target_compile_features(${Target} PRIVATE cxx_std_20)
  endif()
  # A gradient may call libm functions that the program itself does not. (By
  # property: a project may use either signature of target_link_libraries.)
  set_property(TARGET ${Target} APPEND PROPERTY LINK_LIBRARIES m)
  if(Arg_LTO)
    target_compile_options(${Target} PRIVATE $<$<COMPILE_LANGUAGE:C,CXX>:-flto>)
    target_link_options(${Target} PRIVATE -flto -fuse-ld=lld
      "LINKER:--load-pass-plugin=${Tern_PLUGIN}")
    set_property(TARGET ${Target} APPEND PROPERTY LINK_DEPENDS "${Tern_PLUGIN}")
  endif()
endfunction()
