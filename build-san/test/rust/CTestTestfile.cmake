# CMake generated Testfile for 
# Source directory: /work/wt/rules/test/rust
# Build directory: /work/wt/rules/build-san/test/rust
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
include("/work/wt/rules/build-san/test/rust/typetree-test[1]_include.cmake")
