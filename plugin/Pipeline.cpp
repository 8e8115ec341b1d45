// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The design as one straight line:
//
//   Module ─ readRegistrations ─ exposeRequests ─ findRequests
//          ─ for each request, inner ones first:
//              canonicalize ─ buildForward | buildReverse ─ replaceCall
//          ─ linkRuntime ─▶ Module
//
// A request inside the function that another request differentiates is served
// first, so that nesting (hvp, hessian) needs no code of its own.
#include "Pipeline.h"
#include "Canonical.h"
#include "Closure.h"
#include "Diagnostics.h"
#include "Reproducer.h"
#include "Runtime.h"
#include "autodiff/CustomRules.h"
#include "autodiff/IndirectCalls.h"
#include "autodiff/Modes.h"
#include "autodiff/Replay.h"
#include "autodiff/ShadowFrames.h"
#include "autodiff/UnreadStores.h"
#include "request/PackedFloats.h"
#include "request/PlainHooks.h"
#include "request/Request.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/raw_ostream.h"
#include <deque>
#include <map>

using namespace llvm;

namespace tern {

namespace {

StringRef modeSuffix(Mode M) {
  switch (M) {
  case Mode::Jvp:
    return ".jvp";
  case Mode::Grad:
    return ".grad";
  case Mode::Record:
    return ".record";
  case Mode::Reverse:
    return ".reverse";
  }
  llvm_unreachable("mode");
}

/// Declares each derivative once and builds those asked for until none is left.
class Derivatives final : public WorkList {
public:
  explicit Derivatives(Module &M) : Targets(M) {}

  Function &canonicalForm(Function &F,
                          ShortLoops Treatment = ShortLoops::Unrolled) {
    Function *&Form = CanonicalForms[{&F, Treatment}];
    if (!Form)
      Form = canonicalize(F, Treatment);
    return *Form;
  }

  Function *request(const DerivativeKey &Key) override {
    Function *&Known = Declared[Key];
    if (!Known) {
      Known = declare(Key);
      Pending.push_back(Key);
      Unproven.push_back(Key);
    }
    return Known;
  }

  CalleeEffects &calleeEffects() override { return Effects; }
  const CallTargets &callTargets() const override { return Targets; }

  /// False after an error was reported; what this request asked for is gone
  /// then, and the next request starts afresh.
  bool buildAll() {
    while (!Pending.empty()) {
      DerivativeKey Key = Pending.front();
      Pending.pop_front();
      if (!build(Key)) {
        abandon();
        return false;
      }
    }
    Unproven.clear();
    return true;
  }

  /// The working copies are of no use to the program.
  void eraseCanonicalForms() {
    for (auto &[Origin, Form] : CanonicalForms)
      if (Form->use_empty())
        Form->eraseFromParent();
    CanonicalForms.clear();
  }

private:
  /// Nothing half-built, and nothing that calls it, stays in the module.
  void abandon() {
    for (const DerivativeKey &Key : Unproven) {
      Declared[Key]->deleteBody();
      Declared.erase(Key);
    }
    Unproven.clear();
    Pending.clear();
  }

  static Function *declare(const DerivativeKey &Key) {
    Function &F = *Key.Primal;
    Function *New =
        Function::Create(derivativeType(Key), GlobalValue::InternalLinkage,
                         F.getName() + modeSuffix(Key.TheMode), F.getParent());
    for (Attribute::AttrKind Kind : {Attribute::UWTable, Attribute::NoUnwind})
      if (F.hasFnAttribute(Kind))
        New->addFnAttr(F.getFnAttribute(Kind));
    for (StringRef Kind : {"target-cpu", "target-features", "tune-cpu",
                           "frame-pointer", "prefer-vector-width"})
      if (F.hasFnAttribute(Kind))
        New->addFnAttr(F.getFnAttribute(Kind));
    return New;
  }

  /// With more tangents than these at once, the loop is the better code.
  static ShortLoops shortLoopsFor(const DerivativeKey &Key) {
    constexpr unsigned FewTangents = 4;
    return Key.TheMode == Mode::Jvp && Key.Width > FewTangents
               ? ShortLoops::Kept
               : ShortLoops::Unrolled;
  }

  bool fill(const DerivativeKey &Key, Function &Into) {
    if (hasRuleFor(*Key.Primal, Key.TheMode))
      return buildFromRule(Key, Into);
    Function &Form = canonicalForm(*Key.Primal, shortLoopsFor(Key));
    return Key.TheMode == Mode::Jvp ? buildForward(Key, Form, Into, *this)
                                    : buildReverse(Key, Form, Into, *this);
  }

  bool build(const DerivativeKey &Key) {
    Function &Into = *Declared[Key];
    PrettyStackTraceFormat Trace(
        "Tern: differentiating '%s' (%s)",
        readableName(Key.Primal->getName()).c_str(),
        modeSuffix(Key.TheMode).drop_front().str().c_str());
    unsigned ErrorsBefore = reportedErrors();
    if (!fill(Key, Into) || reportedErrors() != ErrorsBefore)
      return false;
    if (verifyFunction(Into, nullptr)) {
      std::string Text;
      raw_string_ostream Stream(Text);
      verifyFunction(Into, &Stream);
      report(Diag::Internal, *Key.Primal,
             {modeSuffix(Key.TheMode).drop_front().str(), Text});
      return false;
    }
    simplifyDerivative(Into);
    if (dropIdleIterations(Into))
      simplifyDerivative(Into);
    while (dropUnreadStores(Into))
      simplifyDerivative(Into);
    return true;
  }

  std::map<DerivativeKey, Function *> Declared;
  std::map<std::pair<Function *, ShortLoops>, Function *> CanonicalForms;
  std::deque<DerivativeKey> Pending;
  std::vector<DerivativeKey> Unproven; ///< declared by the request being served
  CalleeEffects Effects{[this](Function &F) -> Function & {
    return F.isDeclaration() ? F : canonicalForm(F);
  }};
  CallTargets Targets;
};

/// Serves the requests of one function after those of the functions that it
/// differentiates. A refused request leaves the others be, so that one
/// compilation reports all refusals.
class Server {
public:
  Server(Module &M, bool MayDefer) : Work(M), MayDefer(MayDefer) {}

  /// False if a request in F was refused, now or before.
  bool serve(Function &F) {
    auto [Known, IsNew] = Outcome.try_emplace(&F, true);
    if (!IsNew)
      return Known->second;
    unsigned ErrorsBefore = reportedErrors();
    SmallVector<Request, 4> Requests = findRequests(F);
    bool Success = reportedErrors() == ErrorsBefore;
    for (const Request &R : Requests)
      if (!MayDefer || !hasMissingBody(*R.Key.Primal))
        Success &= serve(R);
    return Outcome[&F] = Success;
  }

  Derivatives Work;
  ShadowFrames Frames;

private:
  bool serve(const Request &R) {
    if (!serveInner(*R.Key.Primal))
      return false;
    if (!R.UnmarkedIntegers.empty() &&
        !checkPackedFloats(R, Work.canonicalForm(*R.Key.Primal)))
      return false;
    Function *Derivative = Work.request(R.Key);
    if (!Work.buildAll())
      return false;
    replaceCall(R, *Frames.entryOf(R.Key, *Derivative));
    return true;
  }

  bool serveInner(Function &Primal) {
    bool Success = true;
    for (Function *F : closureOf(Primal))
      Success &= serve(*F);
    return Success;
  }

  bool MayDefer;
  DenseMap<Function *, bool> Outcome;
};

} // namespace

/// clang marks a module that full link-time optimisation will see again.
static bool isBeforeLink(const Module &M) {
  return M.getModuleFlag("ThinLTO") != nullptr;
}

bool runPipeline(Module &M, bool MayDefer) {
  if (functionsWithRequests(M).empty())
    return lowerPlainHooks(M);
  readRegistrations(M);
  inlineWrappers(M);
  // From here on every marker call sits in a function that knows what it
  // differentiates.
  for (Function *F : functionsWithRequests(M))
    exposeRequests(*F);
  Server S(M, MayDefer && isBeforeLink(M));
  for (Function *F : functionsWithRequests(M))
    S.serve(*F);
  S.Work.eraseCanonicalForms();
  S.Frames.eraseLeftovers(M);
  eraseUnusedScaffolds(M);
  writeReproducer(M);
  // From here on no marker call is left (or an error was reported).
  linkRuntime(M);
  return true;
}

} // namespace tern
