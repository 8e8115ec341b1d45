// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the program says about functions and globals outside of any call.
//
// Problem. C has no attributes of ours, so programs speak through globals with
// agreed names and through clang's `annotate`:
//
//   void *__enzyme_register_gradient_f[] = {f, f_record, f_reverse};
//   void *__enzyme_inactivefn_g[] = {g};
//   __attribute__((annotate("tern_inactive"))) double g(double);
//
// Idea. Read them before anything else into the rule map and into attributes
// (Request.h lists them). The globals stay: with -flto the link step reads them
// again, for requests that were left to it.
#include "../Diagnostics.h"
#include "../rules/Rules.h"
#include "PlainHooks.h"
#include "Request.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

// One module is worked on at a time in each thread; emptied by every
// readRegistrations.
static DenseMap<const Function *, CustomRule> &rules() {
  static thread_local DenseMap<const Function *, CustomRule> Map;
  return Map;
}

const CustomRule *findCustomRule(const Function &F) {
  auto Found = rules().find(&F);
  return Found == rules().end() ? nullptr : &Found->second;
}

/// The constants that a global holds, through structs, arrays and casts.
static void collectLeaves(Constant *C, SmallVectorImpl<Constant *> &Leaves) {
  C = C->stripPointerCasts();
  if (isa<ConstantAggregate>(C))
    for (Use &Element : C->operands())
      collectLeaves(cast<Constant>(Element), Leaves);
  else
    Leaves.push_back(C);
}

static Function *functionAt(ArrayRef<Constant *> Leaves, unsigned Index) {
  if (Index >= Leaves.size())
    return nullptr;
  return dyn_cast<Function>(Leaves[Index]->stripPointerCastsAndAliases());
}

/// The text of a string constant, or of a pointer to one.
static std::optional<StringRef> textOf(Constant *C) {
  if (auto *Global = dyn_cast<GlobalVariable>(C->stripPointerCasts()))
    C = Global->hasInitializer() ? Global->getInitializer() : C;
  auto *Text = dyn_cast<ConstantDataArray>(C);
  if (Text && Text->isCString())
    return Text->getAsCString();
  return std::nullopt;
}

namespace {
/// One `{prefix of the global's name, what to do}` row.
struct Registration {
  StringLiteral Prefix;
  bool (*Read)(ArrayRef<Constant *> Leaves);
};
} // namespace

/// At the function that a registration is about, if it is seen here.
static void refuseAt(Function *Where, Module &M, std::string What,
                     std::string Remedy) {
  if (!Where || Where->isDeclaration())
    for (Function &F : M)
      if (!F.isDeclaration())
        Where = &F;
  if (Where && !Where->isDeclaration())
    report(Diag::BadRequest, *Where, {std::move(What), std::move(Remedy)});
}

/// A header's static functions are there once for each file that is linked;
/// the linker has numbered them.
static bool areCopies(const Function &A, const Function &B) {
  return &A == &B ||
         (A.hasLocalLinkage() && B.hasLocalLinkage() &&
          A.getName().split('.').first == B.getName().split('.').first);
}

/// Takes a rule's part down; a second one is an error.
static void setPart(Function *&Part, Function *New, Function &Of) {
  if (Part && !areCopies(*Part, *New))
    refuseAt(&Of, *Of.getParent(),
             "'" + readableName(Of.getName()) +
                 "' has two rules for the same mode, '" +
                 readableName(Part->getName()) + "' and '" +
                 readableName(New->getName()) + "'",
             "keep one");
  Part = New;
}

static bool readGradient(ArrayRef<Constant *> Leaves) {
  Function *F = functionAt(Leaves, 0);
  Function *Record = functionAt(Leaves, 1), *Reverse = functionAt(Leaves, 2);
  if (!F || !Record || !Reverse || Leaves.size() != 3)
    return false;
  CustomRule &Rule = rules()[F];
  setPart(Rule.Record, Record, *F);
  setPart(Rule.Reverse, Reverse, *F);
  return true;
}

static bool readDerivative(ArrayRef<Constant *> Leaves) {
  Function *F = functionAt(Leaves, 0), *Jvp = functionAt(Leaves, 1);
  if (!F || !Jvp || Leaves.size() != 2)
    return false;
  setPart(rules()[F].Jvp, Jvp, *F);
  return true;
}

static bool mark(Constant *C, StringRef Name, StringRef Value = "") {
  C = cast<Constant>(C->stripPointerCastsAndAliases());
  if (auto *F = dyn_cast<Function>(C))
    F->addFnAttr(Name, Value);
  else if (auto *G = dyn_cast<GlobalVariable>(C))
    G->addAttribute(Name, Value);
  else
    return false;
  return true;
}

static bool readInactive(ArrayRef<Constant *> Leaves) {
  return !Leaves.empty() &&
         all_of(Leaves, [](Constant *C) { return mark(C, "tern_inactive"); });
}

static bool readNoFree(ArrayRef<Constant *> Leaves) {
  return !Leaves.empty() &&
         all_of(Leaves, [](Constant *C) { return mark(C, "tern_nofree"); });
}

static bool readFunctionLike(ArrayRef<Constant *> Leaves) {
  Function *F = functionAt(Leaves, 0);
  std::optional<StringRef> Name;
  if (Leaves.size() == 2)
    Name = textOf(Leaves[1]);
  return F && Name && mark(F, "tern_function_like", *Name);
}

/// {allocate, (void *)index of its size argument, what release takes, release},
/// where "-1" is the allocated pointer; other arguments are not supported.
static bool readAllocationLike(ArrayRef<Constant *> Leaves) {
  Function *Allocate = functionAt(Leaves, 0), *Release = functionAt(Leaves, 3);
  if (!Allocate || !Release || Leaves.size() != 4 || textOf(Leaves[2]) != "-1")
    return false;
  Constant *Index = Leaves[1];
  if (auto *Cast = dyn_cast<ConstantExpr>(Index))
    Index = Cast->getOperand(0);
  uint64_t Size = 0;
  if (auto *Number = dyn_cast<ConstantInt>(Index))
    Size = Number->getZExtValue();
  else if (!Index->isNullValue())
    return false;
  return mark(Allocate, "tern_allocation_like", utostr(Size)) &&
         mark(Release, "tern_deallocation_like");
}

static bool accept(ArrayRef<Constant *>) { return true; }

static const Registration Registrations[] = {
    {"register_gradient", readGradient},
    {"register_derivative", readDerivative},
    {"inactivefn", readInactive},
    {"inactive_global", readInactive},
    {"nofree", readNoFree},
    {"function_like", readFunctionLike},
    {"allocation_like", readAllocationLike},
    // A hint about cost that the recorder decides by itself.
    {"shouldrecompute", accept},
    // What a forward sweep over a recorded tape would need, which is refused
    // where it is asked for.
    {"register_splitderivative", accept},
};

static const Registration *registrationIn(StringRef Name) {
  for (StringRef Prefix : {"__enzyme_", "__tern_"}) {
    size_t At = Name.find(Prefix);
    if (At == StringRef::npos)
      continue;
    StringRef Rest = Name.substr(At + Prefix.size());
    for (const Registration &Row : Registrations)
      if (Rest.starts_with(Row.Prefix))
        return &Row;
  }
  return nullptr;
}

/// Registrations hold functions; an error names the first one that it finds.
static void refuse(GlobalVariable &G, Module &M) {
  SmallVector<Constant *, 4> Leaves;
  if (G.hasInitializer())
    collectLeaves(G.getInitializer(), Leaves);
  refuseAt(functionAt(Leaves, 0), M,
           "the registration '" + G.getName().str() +
               "' does not hold what it should, or not as constants",
           "gradient: {f, record, reverse}; derivative: {f, jvp}; inactivefn: "
           "{f}; function_like: {f, \"name\"}; allocation_like: {allocate, "
           "size argument, \"-1\", free}");
}

static void readGlobals(Module &M) {
  for (GlobalVariable &G : M.globals()) {
    const Registration *Row = registrationIn(G.getName());
    if (!Row)
      continue;
    SmallVector<Constant *, 4> Leaves;
    if (G.hasInitializer())
      collectLeaves(G.getInitializer(), Leaves);
    // Some headers write {f} as a plain `void *g = (void *)f`.
    if (!Row->Read(Leaves))
      refuse(G, M);
  }
}

static void readAnnotation(Constant *Target, StringRef Text) {
  if (!Text.consume_front("enzyme_") && !Text.consume_front("tern_"))
    return;
  if (Text == "inactive")
    mark(Target, "tern_inactive");
  else if (Text == "nofree")
    mark(Target, "tern_nofree");
  else if (Text.consume_front("function_like="))
    mark(Target, "tern_function_like", Text);
}

/// llvm.global.annotations: { target, text, file, line, arguments } each.
static void readAnnotations(Module &M) {
  GlobalVariable *All = M.getNamedGlobal("llvm.global.annotations");
  if (!All || !All->hasInitializer())
    return;
  for (Use &Row : cast<User>(All->getInitializer())->operands()) {
    auto *Fields = dyn_cast<ConstantStruct>(Row);
    if (!Fields || Fields->getNumOperands() < 2)
      continue;
    if (std::optional<StringRef> Text = textOf(Fields->getOperand(1)))
      readAnnotation(Fields->getOperand(0), *Text);
  }
}

static void checkLikenesses(Module &M) {
  for (Function &F : M)
    if (F.hasFnAttribute("tern_function_like") && !isLikeKnownFunction(F))
      refuseAt(
          &F, M,
          "'" + readableName(F.getName()) + "' is to have the derivative of '" +
              F.getFnAttribute("tern_function_like").getValueAsString().str() +
              "', but Tern has no rule of that name for these parameters",
          "name a function of libm that takes the same, or give a rule "
          "with TERN_GRADIENT and TERN_DERIVATIVE");
}

void readRegistrations(Module &M) {
  rules().clear();
  readGlobals(M);
  readAnnotations(M);
  checkLikenesses(M);
  lowerPlainHooks(M);
}

} // namespace tern
