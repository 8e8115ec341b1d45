// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the shadows of global variables hold between requests.
//
// Problem. A shadow outlives the request that filled it. The numbers in it are
// of no use to the next one. A pointer in it is: a buffer that a function keeps
// in a global has its shadow from the gradient that made it. But the program
// may have replaced the buffer since, outside of all requests, which makes no
// shadow.
//
// Idea. Beside the shadow stands what the variable held when the last request
// ended. Where the variable still holds that pointer, its shadow is good; else
// there is none (null), and what it points to counts as inactive.
//
//   before:  @g.shadow.number = 0
//            @g.shadow.pointer = @g.pointer == @g.known.pointer
//                                    ? @g.shadow.pointer : null
//   after:   @g.known = @g
//
// Bytes of unknown kind (the inside of a std::function) stay as they are.
#pragma once
#include "llvm/ADT/ArrayRef.h"

namespace llvm {
class CallBase;
class Function;
} // namespace llvm

namespace tern {

/// Puts this around the request `At`, for the shadows that the functions of its
/// derivative use. `IsStart`: not for a reverse sweep alone, which goes on with
/// what its record sweep has left.
void renewShadowsAround(llvm::CallBase &At, bool IsStart,
                        llvm::ArrayRef<llvm::Function *> Derivative);

} // namespace tern
