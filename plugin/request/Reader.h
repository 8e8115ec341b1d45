// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The reader of one marker call, in two steps: ReadRequest.cpp takes the
// operands one by one, SettleRequest.cpp concludes what they leave open (the
// result's activity, seeds, tape, where results go).
#pragma once
#include "ReadRequest.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstrTypes.h"
#include <deque>
#include <string>

namespace tern {

/// A word about the next argument.
struct Word {
  Marker Kind = Marker::None;
  llvm::Value *Stride = nullptr; ///< dupv
};

/// An argument that waits for its shadows (interleave).
struct Owed {
  unsigned Param;
  Word Said;
};

class Reader {
public:
  Reader(llvm::CallBase &Call, Hook Kind) : Call(Call), B(&Call) {
    R.Call = &Call;
    R.Key.TheMode = Kind == Hook::Autodiff  ? Mode::Grad
                    : Kind == Hook::Fwddiff ? Mode::Jvp
                    : Kind == Hook::Record  ? Mode::Record
                                            : Mode::Reverse;
  }
  std::optional<Request> read();

private:
  bool readFunction();
  bool readItems();
  bool settleSameShadows();
  bool readItem();
  bool readWord(Marker M);
  bool readReturnWord(Marker M);
  bool readWidth();
  bool readArgument();
  bool readPrimal();
  bool readStruct(unsigned First, unsigned Parts, const Word &Said);
  bool takeStructPart(unsigned Param);
  bool readTrailing();
  bool readOwedShadows();
  bool readShadowOfEach();
  bool readPlace(Marker M);
  void settleStores();
  void storeLanes(unsigned FirstField, llvm::Value *Place);
  bool takeShadows(unsigned Param, const Word &Said);
  bool takeLanes(unsigned Param, llvm::Value *First);
  bool takeStrided(unsigned Param, llvm::Value *First, llvm::Value *Stride);
  bool settleActivity(unsigned Param, const Word &Said);
  bool settleStructResult();
  bool seedStructResult();
  bool settleResult();
  unsigned seedPieces() const;
  llvm::Value *takeSeed(llvm::Type *Ty, unsigned Pieces);
  bool settleSeeds();
  bool settleTape();
  bool settleReturn();
  bool checkStructHalves(unsigned Param, const Word &Said);
  llvm::Value *primalOf(unsigned Param, llvm::Value *Operand);
  llvm::Value *copyOfByVal(unsigned Param, llvm::Value *Operand);
  llvm::Value *callRuntime(llvm::StringRef Name, llvm::Type *Result,
                           llvm::ArrayRef<llvm::Value *> Args);
  llvm::Value *next();
  bool refuse(std::string What, std::string Remedy);
  std::string nameOf(unsigned Param) const;

  bool isReturnInMemory() const {
    return Call.arg_size() && Call.paramHasAttr(0, llvm::Attribute::StructRet);
  }
  bool isForward() const { return R.Key.TheMode == Mode::Jvp; }
  bool isSplit() const {
    return R.Key.TheMode == Mode::Record || R.Key.TheMode == Mode::Reverse;
  }
  llvm::Type *paramType(unsigned Param) const {
    return Primal->getFunctionType()->getParamType(Param);
  }

  llvm::CallBase &Call;
  llvm::IRBuilder<> B;
  Request R;
  llvm::Function *Primal = nullptr;
  unsigned At = 0; ///< the operand to read next

  std::deque<Word> Words; ///< activities not taken yet
  std::deque<Marker> Pointees;
  uint64_t ByRefBytes = 0;
  bool ShadowsComeLast = false, Interleaves = false;
  bool DropsReturn = false, ReturnsPrimal = false;
  Marker ReturnWord = Marker::None;
  std::deque<Owed> ShadowsOwed;
  llvm::SmallVector<llvm::Value *, 16> Primals;
  llvm::SmallVector<llvm::SmallVector<llvm::Value *, 1>, 16> Shadows;
  llvm::SmallVector<llvm::Value *, 4> Trailing; ///< seeds, tape
  llvm::Value *Tape = nullptr;
  uint64_t TapeBytes = 0;
  bool KeepsTape = false;
  llvm::Value *Seeds = nullptr, *PrimalPlace = nullptr, *TangentPlace = nullptr;
  bool HasLanes = false; ///< a shadow operand points to Width shadows
  llvm::SmallVector<llvm::Value *, 16> AdjointPlaces;
  bool WasDup = false; ///< the previous parameter had an explicit dup
};

/// True if the type is or contains a pointer; a floating-point number.
bool containsPointer(llvm::Type *Ty);
bool containsFloat(llvm::Type *Ty);
std::string textOf(llvm::Type *Ty);

} // namespace tern
