# CMake generated Testfile for 
# Source directory: /work/wt/rules/benchmarks
# Build directory: /work/wt/rules/build-san/benchmarks
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
add_test([=[benchmarks.check_by_hand]=] "/work/wt/rules/build-san/bin/check_by_hand")
set_tests_properties([=[benchmarks.check_by_hand]=] PROPERTIES  _BACKTRACE_TRIPLES "/work/wt/rules/benchmarks/CMakeLists.txt;14;add_test;/work/wt/rules/benchmarks/CMakeLists.txt;0;")
