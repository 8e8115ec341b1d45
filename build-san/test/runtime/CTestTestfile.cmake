# CMake generated Testfile for 
# Source directory: /work/wt/rules/test/runtime
# Build directory: /work/wt/rules/build-san/test/runtime
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
include("/work/wt/rules/build-san/test/runtime/runtime-test[1]_include.cmake")
