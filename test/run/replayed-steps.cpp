// Time-stepping loops whose steps the reverse sweep runs again from the state
// that each started from, beside loops that look alike but may not be: state in
// the caller's memory, steps that leave the loop early, arrays that take turns.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "Inputs/steps.h"

FUZZ_SINGLE(steps)
