// The two sweeps over time-stepping loops as two calls.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "Inputs/steps.h"

FUZZ_SINGLE_SPLIT(steps)
