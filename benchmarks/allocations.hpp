// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts what a piece of code takes from the heap. The program is linked with
// --wrap for the C allocators, which catches the tape, whose runtime is part
// of the measured objects; operator new is replaced and goes the same way.
#pragma once

namespace bench {

/// Bytes asked for since the program started; frees are not subtracted.
unsigned long long allocated_bytes();

} // namespace bench
