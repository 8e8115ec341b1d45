// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which global variables may hold derivatives, for one function.
//
// Problem. A variable that only one function mentions may be written by others:
// by those that it calls, through a pointer as well, and by those that ran
// before it. Taken for inactive, it loses a derivative without a word.
//
//   static double box;
//   static double get() { return box; }        called through a pointer
//   double f(double x) { box = x * x; return pointer(); }
//
// Idea. One function by itself sees its own writes. Where others have a part,
// any write in the program counts, and a variable whose address is in another
// one counts as written.
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class Function;
class GlobalVariable;
} // namespace llvm

namespace tern {

class CallTargets;

/// On a function: its caller writes to variables that it reads.
inline constexpr llvm::StringLiteral CallersGlobalsAttribute =
    "tern_callers_globals";

/// F, or what it calls, uses variables with pointers in them. Those were set
/// by the program, as like as not, which makes no shadows.
bool meetsPointerGlobals(llvm::Function &F, const CallTargets &Targets);

class GlobalActivity {
public:
  /// `IsCalled`: F is not where the request starts.
  GlobalActivity(llvm::Function &F, const CallTargets &Targets, bool IsCalled);
  /// F may find derivatives in G, or in what G points to.
  bool isActive(const llvm::GlobalVariable &G) const;
  /// The callee, or what it calls, mentions an active variable.
  bool isUsedBy(llvm::Function &Callee) const;
  /// F, or what it calls, uses variables with pointers in them. Those were set
  /// by the program, as like as not, which makes no shadows.
  bool meetsPointers() const { return MeetsPointers; }

private:
  const llvm::Function &F;
  const CallTargets &Targets;
  const bool IsCalled, MeetsPointers;
  mutable llvm::DenseMap<llvm::Function *, bool> Users;
};

/// The variables that these functions mention, in constants as well. What their
/// initialisers mention belongs to others.
llvm::SmallVector<const llvm::GlobalVariable *, 8>
variablesIn(llvm::ArrayRef<llvm::Function *> Functions);

/// A table of functions: what is loaded from it is the same in the shadow.
bool isVirtualTable(const llvm::GlobalVariable &G);

/// True if code in F, or in functions that F calls, may write to the global.
bool isWrittenGlobal(const llvm::GlobalVariable &G, const llvm::Function &F,
                     bool Anywhere = false);

} // namespace tern
