// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime functions (runtime/*.c) live in the plugin as bitcode. Generated
// code just declares what it calls; this links the bodies in.
#pragma once

namespace llvm {
class Module;
} // namespace llvm

namespace tern {

/// Gives a body (linkonce_odr) to every declared `tern_*` runtime function that
/// the module uses, and to what those use. Called once, after all requests.
void linkRuntime(llvm::Module &M);

/// Gives a body to every declared `ternstd_*` function (runtime/containers.c),
/// for the canonical form to inline. Cheap where there is none.
void linkContainers(llvm::Module &M);
/// Erases functions that Tern put in to be inlined and nothing uses any more.
void eraseUnusedScaffolds(llvm::Module &M);

} // namespace tern
