# CMake generated Testfile for 
# Source directory: /work/wt/rules/test/rules
# Build directory: /work/wt/rules/build-san/test/rules
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
include("/work/wt/rules/build-san/test/rules/rules-test[1]_include.cmake")
