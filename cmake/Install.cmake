# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# bin/tern-clang, tern-clang++, tern-flang   lib/TernPlugin.so
# include/tern/   lib/cmake/Tern/   lib/pkgconfig/tern.pc
#
# Everything finds the rest relative to itself: the prefix can be moved.
include(CMakePackageConfigHelpers)
install(TARGETS tern LIBRARY DESTINATION lib)
install(DIRECTORY include/tern DESTINATION include OPTIONAL)
install(PROGRAMS tools/tern-clang DESTINATION bin)
foreach(Name tern-clang++ tern-flang)
  install(FILES ${CMAKE_BINARY_DIR}/bin/${Name} DESTINATION bin)
endforeach()

write_basic_package_version_file(${CMAKE_BINARY_DIR}/TernConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/TernConfig.cmake ${CMAKE_BINARY_DIR}/TernConfigVersion.cmake
  DESTINATION lib/cmake/Tern)
configure_file(cmake/tern.pc.in ${CMAKE_BINARY_DIR}/tern.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/tern.pc DESTINATION lib/pkgconfig)
install(FILES LICENSE DESTINATION share/doc/tern)
