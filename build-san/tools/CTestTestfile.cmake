# CMake generated Testfile for 
# Source directory: /work/wt/rules/tools
# Build directory: /work/wt/rules/build-san/tools
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
