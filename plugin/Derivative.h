// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a derivative is asked for, and the signature it comes back with.
//
// Problem. Three front ends (Tern's markers, Enzyme's convention, rustc) ask
// for derivatives in different words. The engine should see one question.
//
// Idea. A DerivativeKey says everything: which function, which mode, what each
// argument and the result are, how many tangents or adjoints at once. Equal
// keys give the same generated function. The generated signature follows from
// the key alone, so that a front end can call it without asking back:
//
//   parameters   for each primal parameter: the primal value, followed by
//                Width shadows/tangents if its activity is Duplicated or Dual;
//                then (Grad, Reverse) Width seeds if Result is Active;
//                then (Record, Reverse, SharesTape) `ptr tape`, a tern_tape.
//   result       a literal struct of
//                  the primal result           if NeedsPrimal (not in Reverse)
//                  Width tangents / shadows    if Jvp and Result is Dual, or
//                                              Grad/Record and it is Duplicated
//                  Width adjoints per argument that is Active (Grad, Reverse)
//                and void if that struct would be empty.
//
//   double f(double x, double *p, long n)      args {Active, Duplicated, Const}
//   Grad, width 1, NeedsPrimal, Result Active:
//   { double f, double x.adj } @f.grad(double x, ptr p, ptr p.shadow, i64 n,
//                                      double seed)
#pragma once
#include "llvm/ADT/SmallVector.h"
#include <tuple>

namespace llvm {
class Function;
class FunctionType;
} // namespace llvm

namespace tern {

/// Activities as Rust's std::autodiff names them.
enum class Activity : unsigned char {
  Const,      ///< carries no derivative
  Active,     ///< reverse mode, by value: its adjoint is returned
  Duplicated, ///< reverse mode, pointer (or struct of pointers) with a shadow
  Dual,       ///< forward mode: value with tangent, or pointer with shadow
};

enum class Mode : unsigned char {
  Jvp,     ///< forward mode
  Grad,    ///< both sweeps in one function
  Record,  ///< the first sweep; leaves what Reverse needs on the tape
  Reverse, ///< the second sweep; reads the tape, leaves its content in place
};

struct DerivativeKey {
  llvm::Function *Primal = nullptr;
  Mode TheMode = Mode::Grad;
  llvm::SmallVector<Activity, 8> Args; ///< one per primal parameter
  Activity Result = Activity::Const;
  unsigned Width = 1;
  bool NeedsPrimal = false;
  /// Pointer parameters with a shadow may be inactive at run time: their shadow
  /// is then the primal pointer itself.
  bool HasMixedPointers = false;
  /// Shadows in memory may be null: functions of the request use variables with
  /// pointers in them.
  bool MayLackShadows = false;
  /// Grad: works on the tape of its caller and leaves it as it was.
  bool SharesTape = false;
  /// Record, Reverse: what these pointer parameters point to (one bit each,
  /// none if empty) nobody but this function writes to before Reverse is done.
  llvm::SmallVector<bool, 8> Unchanged;

  bool operator<(const DerivativeKey &O) const {
    return std::tie(Primal, TheMode, Args, Result, Width, NeedsPrimal,
                    HasMixedPointers, MayLackShadows, SharesTape, Unchanged) <
           std::tie(O.Primal, O.TheMode, O.Args, O.Result, O.Width,
                    O.NeedsPrimal, O.HasMixedPointers, O.MayLackShadows,
                    O.SharesTape, O.Unchanged);
  }
};

/// The type of the function that a key asks for.
llvm::FunctionType *derivativeType(const DerivativeKey &Key);

} // namespace tern
