// Second derivatives through time-stepping loops whose steps are run again, on
// the tape of the sweep around them: in forward over reverse mode each tape has
// its own marks, and what is kept of the state has the type of the state.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "Inputs/steps.h"

FUZZ_SINGLE_SECOND(steps)
