// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class IntrinsicInst;
class Value;
} // namespace llvm

namespace tern {

/// The same value by generic instructions and intrinsics, built before `Call`,
/// or null where there is none. The caller replaces the call.
llvm::Value *writeOutVectorIntrinsic(llvm::IntrinsicInst &Call);

} // namespace tern
