# CMake generated Testfile for 
# Source directory: /work/wt/rules
# Build directory: /work/wt/rules/build-san
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
subdirs("tools")
subdirs("examples")
subdirs("benchmarks")
subdirs("test")
