// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shadows of global variables and of the constants that point to them.
//
// Problem. A function may keep numbers in globals; both modes need memory for
// their tangents or adjoints, and all functions of one derivative must use the
// same, and no other derivative, at another time or in another thread.
//
// Idea. While functions are generated, a mutable global @g has a stand-in for
// its shadow, which they mention as if it were one. Once a request is built,
// ShadowFrames.h replaces the stand-ins by memory of that request. Metadata
// says which variable a stand-in belongs to; names say nothing. Where the
// initialiser points to other globals, that of the shadow points to their
// shadows. What cannot carry a derivative is its own shadow: functions,
// constants made of numbers or of pointers to functions (vtables), what the
// user marked inactive, and globals whose definition is elsewhere.
//
//   @x = global double 2.0          @x.shadow = internal global double 0.0
//   @p = global ptr @x        ->    @p.shadow = internal global ptr @x.shadow
//   @k = constant [2 x double]      (itself)
#pragma once
#include <optional>

namespace llvm {
class Constant;
class GlobalVariable;
class IRBuilderBase;
class Module;
class Value;
} // namespace llvm

namespace tern {

/// The stand-in for the shadow of a global variable; the global itself if it is
/// inactive. Each of several tangents or adjoints at once (lane) has its own.
llvm::Constant *shadowOfGlobal(llvm::GlobalVariable &G, unsigned Lane = 0);

/// The constant with each global in it replaced by its shadow; the same
/// constant if none of them has one. Numbers in it stay as they are.
llvm::Constant *shadowOfConstant(llvm::Constant &C, unsigned Lane = 0);

/// Whether shadowOfConstant gives something else, without creating it.
bool hasShadow(const llvm::Constant &C);

/// Whose shadow a stand-in is.
struct ShadowedGlobal {
  llvm::GlobalVariable *Primal;
  unsigned Lane;
};
std::optional<ShadowedGlobal> shadowedBy(const llvm::GlobalVariable &StandIn);

/// Stands for the regions of the request (runtime/regions.h): where pointers
/// that variables held before it find their shadows.
llvm::GlobalVariable *regionsOf(llvm::Module &M);
bool isRegions(const llvm::GlobalVariable &StandIn);

/// What a pointer has for a shadow that was loaded as `Primal`, and from the
/// shadow of the place as `Shadow`: null there means that the program itself
/// has put it in memory.
llvm::Value *shadowOfLoaded(llvm::Value *Primal, llvm::Value *Shadow,
                            unsigned Lane, llvm::IRBuilderBase &B);

/// What to release with `Primal`; null where the shadow is no block of its own.
llvm::Value *shadowToFree(llvm::Value *Primal, llvm::Value *Shadow,
                          llvm::IRBuilderBase &B);

/// `Bytes` at `Primal` have this shadow.
void addRegion(llvm::Value *Primal, llvm::Value *Shadow, llvm::Value *Bytes,
               unsigned Lane, llvm::IRBuilderBase &B);
/// What an inner derivative has in its regions is about to go.
void forgetRegions(llvm::Value *Inner, llvm::IRBuilderBase &B);

/// Once nobody mentions them any more.
void eraseStandIns(llvm::Module &M);

} // namespace tern
