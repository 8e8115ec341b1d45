// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spoils IR at random and looks whether Tern survives it.
//
// Problem. Programs in a language reach Tern in the shapes that its compiler
// produces. IR has more: odd types, undef operands, blocks that nobody reaches,
// calls with too few arguments, phis of everything. A plugin that crashes on
// those takes the user's compiler with it.
//
// Idea. Modules with requests are the seeds. Each mutant gets a few changes by
// LLVM's own mutation library and is given to the plugin in a process of its
// own, with a time limit. Allowed are
//
//   served    no error; the module verifies and no hook is called any more
//   refused   errors, each of them tagged
//   invalid   the mutation itself was no IR: not counted against anybody
//
// and nothing else: a crash, a hang, an untagged or an internal error, an
// invalid module or a call left behind is a finding.
//
//   ir-mutants --plugin P [--start N] [--count N] [--keep DIR] seed.bc...
//
// prints one line per finding and one with all counts; exit status 1 if
// anything was found.
#include "CLI/CLI.hpp"
#include "llvm/FuzzMutate/IRMutator.h"
#include "llvm/FuzzMutate/RandomIRBuilder.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <random>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace {

enum class Outcome : int {
  Mutating, ///< until the mutant is known to be IR; a crash is not Tern's
  Invalid,
  Running,
  Served,
  Refused,
  Untagged,
  Internal,
  BrokenModule,
  CallLeft,
  Crash,
  Hang
};

const char *nameOf(Outcome O) {
  static const char *const Names[] = {
      "mutation failed", "invalid",       "running",
      "served",          "refused",       "untagged error",
      "internal error",  "broken module", "call left",
      "crash",           "hang"};
  return Names[int(O)];
}

bool isFinding(Outcome O) { return O >= Outcome::Untagged; }

/// What a child tells its parent, in memory that both see.
struct Report {
  Outcome State;
  char Message[400];
};

/// Operands that are legal and that nobody expects.
class OddOperandStrategy : public IRMutationStrategy {
public:
  uint64_t getWeight(size_t, size_t, uint64_t) override { return 20; }
  using IRMutationStrategy::mutate;
  void mutate(Function &F, RandomIRBuilder &IB) override {
    SmallVector<Use *, 64> Uses;
    for (Instruction &I : instructions(F))
      for (Use &U : I.operands())
        if (!isa<BasicBlock>(U) && !isa<MetadataAsValue>(U) &&
            U->getType()->isFirstClassType() && isReplaceable(I, U))
          Uses.push_back(&U);
    if (Uses.empty())
      return;
    Use &U = *Uses[IB.Rand() % Uses.size()];
    U.set(oddValue(*U->getType(), F, IB));
  }

private:
  static bool isReplaceable(const Instruction &I, const Use &U) {
    if (const auto *Call = dyn_cast<CallBase>(&I))
      return Call->isArgOperand(&U) && !Call->getCalledFunction();
    return !isa<SwitchInst>(I) || U.getOperandNo() == 0;
  }
  static Value *oddValue(Type &Ty, Function &F, RandomIRBuilder &IB) {
    switch (IB.Rand() % 4) {
    case 0:
      return UndefValue::get(&Ty);
    case 1:
      return PoisonValue::get(&Ty);
    case 2:
      return Constant::getNullValue(&Ty);
    default:
      for (Argument &Arg : F.args())
        if (Arg.getType() == &Ty)
          return &Arg;
      return UndefValue::get(&Ty);
    }
  }
};

/// Arguments of requests: dropped, doubled or put at another place.
class RequestStrategy : public IRMutationStrategy {
public:
  uint64_t getWeight(size_t, size_t, uint64_t) override { return 10; }
  using IRMutationStrategy::mutate;
  void mutate(Module &M, RandomIRBuilder &IB) override {
    SmallVector<CallInst *, 8> Calls;
    for (Function &F : M)
      for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallInst>(&I))
          if (Call->getCalledOperand()->getName().contains("__enzyme_"))
            Calls.push_back(Call);
    if (!Calls.empty())
      replace(*Calls[IB.Rand() % Calls.size()], IB);
  }

private:
  static void replace(CallInst &Call, RandomIRBuilder &IB) {
    SmallVector<Value *, 16> Args(Call.args());
    size_t At = Args.empty() ? 0 : IB.Rand() % Args.size();
    switch (IB.Rand() % 3) {
    case 0:
      if (!Args.empty())
        Args.erase(Args.begin() + At);
      break;
    case 1:
      if (!Args.empty())
        Args.insert(Args.begin() + At, Args[IB.Rand() % Args.size()]);
      break;
    default:
      if (Args.size() > 1)
        std::swap(Args[At], Args[IB.Rand() % Args.size()]);
    }
    auto *Ty = FunctionType::get(Call.getType(), {}, /*isVarArg=*/true);
    auto *New = CallInst::Create(Ty, Call.getCalledOperand(), Args, "",
                                 Call.getIterator());
    New->setDebugLoc(Call.getDebugLoc());
    Call.replaceAllUsesWith(New);
    Call.eraseFromParent();
  }
};

IRMutator makeMutator() {
  std::vector<TypeGetter> Types = {Type::getDoubleTy, Type::getFloatTy,
                                   Type::getInt64Ty,  Type::getInt32Ty,
                                   Type::getInt1Ty,   Type::getInt8Ty};
  std::vector<std::unique_ptr<IRMutationStrategy>> Strategies;
  Strategies.push_back(std::make_unique<InjectorIRStrategy>());
  Strategies.push_back(std::make_unique<InstDeleterIRStrategy>());
  Strategies.push_back(std::make_unique<InstModificationIRStrategy>());
  Strategies.push_back(std::make_unique<InsertCFGStrategy>());
  Strategies.push_back(std::make_unique<InsertPHIStrategy>());
  Strategies.push_back(std::make_unique<SinkInstructionStrategy>());
  Strategies.push_back(std::make_unique<ShuffleBlockStrategy>());
  Strategies.push_back(std::make_unique<OddOperandStrategy>());
  Strategies.push_back(std::make_unique<RequestStrategy>());
  return IRMutator(std::move(Types), std::move(Strategies));
}

void mutate(Module &M, unsigned Seed) {
  std::mt19937 Random(Seed);
  IRMutator Mutator = makeMutator();
  const size_t Size = IRMutator::getModuleSize(M);
  for (unsigned Left = 1 + Random() % 6; Left; --Left)
    Mutator.mutateModule(M, int(Random()), Size + 200);
}

/// Collects errors instead of printing them.
struct ErrorLog : DiagnosticHandler {
  explicit ErrorLog(Report &R) : R(R) {}
  bool handleDiagnostics(const DiagnosticInfo &Info) override {
    if (Info.getSeverity() != DS_Error)
      return true;
    std::string Text;
    raw_string_ostream Stream(Text);
    DiagnosticPrinterRawOStream Printer(Stream);
    Info.print(Printer);
    bool IsTagged = Text.find("[tern-") != std::string::npos;
    bool IsInternal = Text.find("[tern-X") != std::string::npos;
    Outcome Now = IsInternal ? Outcome::Internal
                  : IsTagged ? Outcome::Refused
                             : Outcome::Untagged;
    if (Now > R.State) {
      R.State = Now;
      snprintf(R.Message, sizeof R.Message, "%s", Text.c_str());
    }
    return true;
  }
  Report &R;
};

bool callsHook(const Module &M) {
  for (const Function &F : M)
    for (const Instruction &I : instructions(F))
      if (const auto *Call = dyn_cast<CallBase>(&I))
        if (Call->getCalledOperand()->getName().contains("__enzyme_"))
          return true;
  return false;
}

void runTern(Module &M, const PassPlugin &Plugin) {
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB;
  Plugin.registerPassBuilderCallbacks(PB);
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  ModulePassManager MPM;
  cantFail(PB.parsePassPipeline(MPM, "tern"));
  MPM.run(M, MAM);
}

/// The child: leaves what it found in R.
void examine(Module &M, unsigned Seed, const PassPlugin &Plugin, Report &R,
             const std::string &Mutant) {
  R.State = Outcome::Mutating;
  mutate(M, Seed);
  if (verifyModule(M)) {
    R.State = Outcome::Invalid;
    return;
  }
  std::error_code Error;
  raw_fd_ostream File(Mutant, Error);
  M.print(File, nullptr);
  File.close();
  R.State = Outcome::Running;
  M.getContext().setDiagnosticHandler(std::make_unique<ErrorLog>(R));
  runTern(M, Plugin);
  if (R.State != Outcome::Running)
    return;
  R.State = verifyModule(M) ? Outcome::BrokenModule
            : callsHook(M)  ? Outcome::CallLeft
                            : Outcome::Served;
}

/// How the child ended, and how far it had got.
Outcome outcomeOf(int Status, Outcome Last) {
  if (WIFEXITED(Status) && WEXITSTATUS(Status) == 0)
    return Last;
  if (Last == Outcome::Mutating || Last == Outcome::Invalid)
    return Outcome::Mutating;
  if (WIFSIGNALED(Status) && WTERMSIG(Status) == SIGALRM)
    return Outcome::Hang;
  return Outcome::Crash;
}

Outcome examineInChild(Module &M, unsigned Seed, const PassPlugin &Plugin,
                       Report &R, const std::string &Mutant) {
  constexpr unsigned Seconds = 20;
  R = {};
  pid_t Child = fork();
  if (Child == 0) {
    // What a crash prints is wanted when it is looked at, not here.
    freopen("/dev/null", "w", stderr);
    alarm(Seconds);
    examine(M, Seed, Plugin, R, Mutant);
    _exit(0);
  }
  int Status = 0;
  waitpid(Child, &Status, 0);
  return outcomeOf(Status, R.State);
}

struct Options {
  std::string Plugin, Keep;
  std::vector<std::string> Seeds;
  unsigned Start = 0, Count = 100;
};

int hunt(const Options &O) {
  PassPlugin Plugin = cantFail(PassPlugin::Load(O.Plugin));
  LLVMContext Context;
  std::vector<std::unique_ptr<Module>> Modules;
  for (const std::string &Name : O.Seeds) {
    SMDiagnostic Error;
    Modules.push_back(parseIRFile(Name, Error, Context));
    if (!Modules.back()) {
      Error.print("ir-mutants", errs());
      return 2;
    }
  }
  auto *R = static_cast<Report *>(mmap(nullptr, sizeof(Report),
                                       PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  std::map<Outcome, unsigned> Counts;
  unsigned Findings = 0;
  const std::string Folder = O.Keep.empty() ? "/tmp" : O.Keep;
  const std::string Mutant = Folder + "/mutant-" + std::to_string(getpid());
  for (unsigned I = O.Start; I != O.Start + O.Count; ++I) {
    Outcome Found =
        examineInChild(*Modules[I % Modules.size()], I, Plugin, *R, Mutant);
    ++Counts[Found];
    if (!isFinding(Found))
      continue;
    ++Findings;
    outs() << I << " " << nameOf(Found) << " " << O.Seeds[I % Modules.size()]
           << " " << R->Message << "\n";
    outs().flush();
    if (!O.Keep.empty())
      sys::fs::copy_file(Mutant, Folder + "/" + std::to_string(I) + ".ll");
  }
  sys::fs::remove(Mutant);
  for (auto [Found, Count] : Counts)
    outs() << Count << " " << nameOf(Found) << ", ";
  outs() << Findings << " findings\n";
  return Findings ? 1 : 0;
}

} // namespace

int main(int Argc, char **Argv) {
  Options O;
  CLI::App App("Spoils IR at random and looks whether Tern survives it.");
  App.add_option("--plugin", O.Plugin)->required();
  App.add_option("--start", O.Start);
  App.add_option("--count", O.Count);
  App.add_option("--keep", O.Keep, "folder for the mutants that were findings");
  App.add_option("seeds", O.Seeds)->required();
  CLI11_PARSE(App, Argc, Argv);
  return hunt(O);
}
