// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class Module;
} // namespace llvm

namespace tern {

/// Serves every request in the module. `MayDefer` leaves requests whose bodies
/// are not all visible to the link step (-flto). Returns true on change.
bool runPipeline(llvm::Module &M, bool MayDefer);

} // namespace tern
