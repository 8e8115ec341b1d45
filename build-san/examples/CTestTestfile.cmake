# CMake generated Testfile for 
# Source directory: /work/wt/rules/examples
# Build directory: /work/wt/rules/build-san/examples
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
