// The exception is not read after the handler has released it.
// REQUIRES: valgrind, slow
// RUN: %run-valgrind %s
#include "virtual-in-handler.cpp"
