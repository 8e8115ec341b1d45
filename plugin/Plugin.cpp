// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the hosts find Tern: clang and flang at the start of their pipeline
// (at every -O level), lld at the start of link-time optimisation, opt and
// rustc by pass name. Everything else starts in Pipeline.cpp.
#include "Plugin.h"
#include "Pipeline.h"
#include "Runtime.h"
#include "analysis/Retype.h"
#include "rules/Rules.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"

using namespace llvm;

namespace {

struct TernPass : PassInfoMixin<TernPass> {
  explicit TernPass(bool MayDefer) : MayDefer(MayDefer) {}
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    return tern::runPipeline(M, MayDefer) ? PreservedAnalyses::none()
                                          : PreservedAnalyses::all();
  }
  static bool isRequired() { return true; }
  bool MayDefer;
};

/// The last step alone, for the tests of the runtime.
struct LinkRuntimePass : PassInfoMixin<LinkRuntimePass> {
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    tern::linkRuntime(M);
    return PreservedAnalyses::none();
  }
};

/// For tests of the stage alone.
struct SimplifyCallsPass : PassInfoMixin<SimplifyCallsPass> {
  PreservedAnalyses run(Function &F, FunctionAnalysisManager &) {
    tern::simplifyLibraryCalls(F);
    return PreservedAnalyses::none();
  }
};

/// `-passes=tern-retype`: one stage by itself, for its tests.
struct RetypePass : PassInfoMixin<RetypePass> {
  PreservedAnalyses run(Function &F, FunctionAnalysisManager &) {
    return tern::retype(F) ? PreservedAnalyses::none()
                           : PreservedAnalyses::all();
  }
  static bool isRequired() { return true; }
};

} // namespace

namespace tern {

void registerPassNames(PassBuilder &PB) {
  PB.registerPipelineParsingCallback(
      [](StringRef Name, FunctionPassManager &FPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        if (Name != "tern-retype")
          return false;
        FPM.addPass(RetypePass());
        return true;
      });
  PB.registerPipelineParsingCallback(
      [](StringRef Name, ModulePassManager &MPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        if (Name == "tern-link-runtime") {
          MPM.addPass(LinkRuntimePass());
          return true;
        }
        if (Name != "tern" && Name != "enzyme")
          return false;
        MPM.addPass(TernPass(/*MayDefer=*/false));
        return true;
      });
  PB.registerPipelineParsingCallback(
      [](StringRef Name, FunctionPassManager &FPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        if (Name != "tern-simplify-calls")
          return false;
        FPM.addPass(SimplifyCallsPass());
        return true;
      });
}

void registerCallbacks(PassBuilder &PB) {
  PB.registerPipelineStartEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel) {
        MPM.addPass(TernPass(/*MayDefer=*/true));
      });
  PB.registerFullLinkTimeOptimizationEarlyEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel) {
        MPM.addPass(TernPass(/*MayDefer=*/false));
      });
  registerPassNames(PB);
}

} // namespace tern

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "tern", "0.1", tern::registerCallbacks,
          nullptr};
}
