// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Diagnostics.h"
#include "Reproducer.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace tern {

namespace {
struct Row {
  const char *Tag;
  Severity Sev;
  const char *Text;
  const char *Remedy;
};
const Row Rows[] = {
#define DIAGNOSTIC(Name, Tag, Sev, Text, Remedy)                               \
  {Tag, Severity::Sev, Text, Remedy},
#include "Diagnostics.def"
#undef DIAGNOSTIC
};
unsigned ErrorCount = 0;
} // namespace

static std::string fillHoles(StringRef Text,
                             const std::vector<std::string> &Holes) {
  std::string Out;
  while (!Text.empty()) {
    unsigned Index = 0;
    StringRef Rest = Text;
    if (Rest.consume_front("{") && !Rest.consumeInteger(10, Index) &&
        Rest.consume_front("}") && Index < Holes.size()) {
      Out += Holes[Index];
      Text = Rest;
      continue;
    }
    Out += Text[0];
    Text = Text.drop_front();
  }
  return Out;
}

/// Optimised code loses positions; the closest earlier one in the block, then
/// the function's own, is where a reader would look.
static DebugLoc nearestLocation(const Instruction &At) {
  for (const Instruction *I = &At; I; I = I->getPrevNode())
    if (I->getDebugLoc())
      return I->getDebugLoc();
  for (const Instruction *I = &At; I; I = I->getNextNode())
    if (I->getDebugLoc())
      return I->getDebugLoc();
  return {};
}

/// What a generated function was made from: `f` for `f.canonical`, `f.grad.1`.
static StringRef primalSymbol(StringRef Symbol) {
  for (StringRef Suffix :
       {".canonical", ".jvp", ".grad", ".record", ".reverse"})
    Symbol = Symbol.split(Suffix).first;
  return Symbol;
}

/// The function called `Name` that `Wrapper` calls, itself or through others.
static const Function *calledBehind(const Function &Wrapper, StringRef Name) {
  constexpr unsigned MaxSeen = 64;
  SmallVector<const Function *, 8> Work = {&Wrapper};
  SmallPtrSet<const Function *, 16> Seen = {&Wrapper};
  for (unsigned At = 0; At != Work.size() && At != MaxSeen; ++At) {
    StringRef Found = Work[At]->getName();
    std::string Readable = demangle(Found);
    StringRef Rest = Readable;
    if (Rest == Name ||
        (Rest.consume_front(Name) && Rest.starts_with("::operator()")))
      return Work[At];
    for (const Instruction &I : instructions(*Work[At]))
      if (const auto *Call = dyn_cast<CallBase>(&I))
        if (const Function *Callee = Call->getCalledFunction();
            Callee && Seen.insert(Callee).second)
          Work.push_back(Callee);
  }
  return nullptr;
}

/// clang knows the places of functions that the user wrote, by name; that is
/// the position shown where there is no debug information.
static const Function *writtenByUser(const Function *F) {
  StringRef Symbol = primalSymbol(F->getName());
  const Function *Primal = F->getParent()->getFunction(Symbol);
  if (!Primal)
    return F;
  std::string Name = readableName(Symbol);
  const Function *Wrapped =
      Name == demangle(Symbol) ? nullptr : calledBehind(*Primal, Name);
  return Wrapped ? Wrapped : Primal;
}

/// Several derivatives of one function stumble over the same line; saying so
/// once is enough.
static bool isRepetition(const Function &F, StringRef Text, DebugLoc Loc) {
  static StringSet<> Said;
  std::string Whole;
  raw_string_ostream Stream(Whole);
  Stream << F.getParent() << F.getName() << ' ';
  Loc.print(Stream);
  Stream << ' ' << Text;
  return !Said.insert(Whole).second;
}

static void emit(Diag Which, const Function &In, DebugLoc Loc,
                 std::vector<std::string> Holes) {
  if (Which == Diag::Internal)
    Holes.push_back(reproducingLine());
  const Row &R = Rows[static_cast<unsigned>(Which)];
  const Function &F = *writtenByUser(&In);
  std::string Text = fillHoles(R.Text, Holes) + " [tern-" + R.Tag + "]";
  bool IsError = R.Sev == Severity::Error;
  ErrorCount += IsError;
  if (IsError && isRepetition(F, Text, Loc))
    return;
  std::string Remedy = fillHoles(R.Remedy, Holes);
  if (!Remedy.empty())
    Text += "; " + Remedy;
  LLVMContext &Ctx = F.getContext();
  if (IsError) {
    Ctx.diagnose(DiagnosticInfoUnsupported(F, Text, Loc, DS_Error));
    return;
  }
  OptimizationRemarkAnalysis Remark("tern", R.Tag, Loc, &In.getEntryBlock());
  Remark << Text;
  Ctx.diagnose(Remark);
}

void report(Diag Which, const Instruction &At, std::vector<std::string> Holes) {
  emit(Which, *At.getFunction(), nearestLocation(At), Holes);
}

void report(Diag Which, const Function &In, std::vector<std::string> Holes) {
  DebugLoc Loc;
  if (const DISubprogram *SP = In.getSubprogram())
    Loc = DILocation::get(In.getContext(), SP->getLine(), 0,
                          const_cast<DISubprogram *>(SP));
  emit(Which, In, Loc, Holes);
}

unsigned reportedErrors() { return ErrorCount; }

/// The first argument of a template argument list that `Text` starts in.
static StringRef firstArgument(StringRef Text) {
  int Depth = 0;
  for (size_t I = 0; I != Text.size(); ++I) {
    char C = Text[I];
    Depth += (C == '<' || C == '(') - (C == '>' || C == ')');
    if (Depth < 0 || (Depth == 0 && C == ','))
      return Text.take_front(I);
  }
  return Text;
}

/// include/tern/ differentiates a wrapper around the user's function:
/// tern::detail::primal<tern::detail::fixed<&(f(double))>, double>::call(...)
/// -> f(double)
static StringRef withoutWrapper(StringRef Name) {
  for (StringRef Wrapper : {"primal<", "primal_at<", "gradient_at<"}) {
    StringRef Rest = Name;
    if (!Rest.consume_front("tern::detail::") || !Rest.consume_front(Wrapper))
      continue;
    StringRef Object = firstArgument(Rest);
    if (!Object.consume_front("tern::detail::fixed<"))
      return Object;
    Object = firstArgument(Object).ltrim('&');
    return Object.consume_front("(") ? Object.drop_back() : Object;
  }
  return Name;
}

std::string readableName(StringRef Symbol) {
  std::string Name = demangle(primalSymbol(Symbol));
  return withoutWrapper(Name).str();
}

} // namespace tern
