# CMake generated Testfile for 
# Source directory: /work/wt/rules/test
# Build directory: /work/wt/rules/build-san/test
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
subdirs("diagnostics")
subdirs("rules")
subdirs("runtime")
subdirs("rust")
