// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The design as one straight line: from the requests in a module to calls of
// derivatives.
//
//   find requests -> canonical form -> derivative -> its callees' derivatives
//     -> call in place of the request -> runtime
//
//   call @__enzyme_autodiff(@f, %x)   ->   call @f.grad(%x, 1.0)
//
// On exit no request is left, and every function that was generated verifies;
// or an error with a tag was reported.
#pragma once

namespace llvm {
class Module;
} // namespace llvm

namespace tern {

/// Serves every request in the module. `MayDefer` leaves requests whose bodies
/// are not all visible to the link step (-flto). Returns true on change.
bool runPipeline(llvm::Module &M, bool MayDefer);

} // namespace tern
