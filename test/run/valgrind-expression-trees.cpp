// Each node is released once, after the reverse sweep has read it.
// REQUIRES: valgrind, slow
// RUN: %run-valgrind %s
#include "expression-trees.cpp"
