// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime's bodies, linked into the user's module on demand.
//
// Problem. Generated code calls a few functions (tern_tape_push, ...). A
// library to link would be one more thing to install and to forget, and its
// fast paths could not be inlined.
//
// Idea. runtime/*.c are in the plugin as bitcode (cmake/TernRuntime.cmake).
// What the module declares is linked in, as linkonce_odr and hidden: several
// translation units may carry the same function, one copy survives.
//
//   declare ptr @tern_tape_push(ptr, i64)
//     -> define linkonce_odr hidden ptr @tern_tape_push(...) comdat { ... }
//
// On exit no declared runtime function is left without a body. Nothing of the
// machine that built the plugin remains: processor attributes and module flags
// are dropped, triple and data layout are the user's.
#include "Runtime.h"
#include "Diagnostics.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace tern {

static const unsigned char Bitcode[] = {
#include "RuntimeBitcode.inc"
};

/// The linker reads the bodies that it needs; most programs need a few.
static std::unique_ptr<Module> readRuntime(LLVMContext &Ctx) {
  StringRef Bytes(reinterpret_cast<const char *>(Bitcode), sizeof(Bitcode));
  Expected<std::unique_ptr<Module>> Read =
      getLazyBitcodeModule(MemoryBufferRef(Bytes, "tern-runtime"), Ctx);
  return cantFail(std::move(Read), "the embedded runtime is readable");
}

/// A module without a triple (a hand-written test) takes what it is given.
static bool fits(const Module &Runtime, const Module &M) {
  const Triple &Have = Runtime.getTargetTriple(), &Want = M.getTargetTriple();
  if (Want.empty() || Want.getArch() == Triple::UnknownArch)
    return M.getDataLayout().getPointerSize() ==
           Runtime.getDataLayout().getPointerSize();
  return Have.getArch() == Want.getArch() && Have.getOS() == Want.getOS();
}

/// What the runtime keeps out of line runs rarely and was optimised when Tern
/// was built: the user's pipeline need not spend time on it again.
static void optimiseOnce(Module &Runtime) {
  for (Function &F : Runtime)
    if (F.hasFnAttribute(Attribute::NoInline))
      F.addFnAttr(Attribute::OptimizeNone);
}

static void dropBuildMachine(Module &Runtime, const Module &M) {
  Runtime.setTargetTriple(M.getTargetTriple());
  Runtime.setDataLayout(M.getDataLayout());
  for (StringRef Name : {"llvm.module.flags", "llvm.ident"})
    if (NamedMDNode *Node = Runtime.getNamedMetadata(Name))
      Node->eraseFromParent();
  for (Function &F : Runtime)
    for (StringRef Kind : {"target-cpu", "target-features", "tune-cpu"})
      F.removeFnAttr(Kind);
}

/// One copy per program, whichever translation units bring it along.
static void shareBetweenUnits(Module &Runtime) {
  bool HasComdats = Runtime.getTargetTriple().supportsCOMDAT();
  for (GlobalObject &G : Runtime.global_objects()) {
    if (G.isDeclaration() || G.hasLocalLinkage())
      continue;
    bool IsVariable = isa<GlobalVariable>(G);
    G.setLinkage(IsVariable ? GlobalValue::WeakAnyLinkage
                            : GlobalValue::LinkOnceODRLinkage);
    G.setVisibility(GlobalValue::HiddenVisibility);
    G.setDSOLocal(true);
    if (HasComdats)
      G.setComdat(Runtime.getOrInsertComdat(G.getName()));
  }
}

/// What the module uses of the runtime and has no body for.
static SmallVector<GlobalValue *, 8> missingBodies(const Module &Runtime,
                                                   Module &M) {
  SmallVector<GlobalValue *, 8> Missing;
  for (const GlobalObject &G : Runtime.global_objects()) {
    if (G.isDeclaration() || G.hasLocalLinkage())
      continue;
    GlobalValue *Used = M.getNamedValue(G.getName());
    if (Used && Used->isDeclaration() && !Used->use_empty())
      Missing.push_back(Used);
  }
  return Missing;
}

static void refuse(const Module &Runtime, const GlobalValue &Missing) {
  std::string Why = "the runtime in this plugin is for '" +
                    Runtime.getTargetTriple().str() +
                    "', the program is compiled for '" +
                    Missing.getParent()->getTargetTriple().str() + "'";
  std::string Remedy = "use a Tern that was built for that target";
  for (const User *U : Missing.users())
    if (const auto *I = dyn_cast<Instruction>(U))
      return report(Diag::BadRequest, *I, {Why, Remedy});
  if (const auto *F = dyn_cast<Function>(&Missing))
    report(Diag::BadRequest, *F, {Why, Remedy});
}

static bool isContainerFunction(const Function &F) {
  return F.getName().starts_with("ternstd_");
}

void linkContainers(Module &M) {
  if (none_of(M, [](const Function &F) {
        return F.isDeclaration() && isContainerFunction(F);
      }))
    return;
  std::unique_ptr<Module> Runtime = readRuntime(M.getContext());
  if (!fits(*Runtime, M))
    return;
  dropBuildMachine(*Runtime, M);
  for (Function &F : *Runtime) {
    if (F.isDeclaration() || F.hasLocalLinkage())
      continue;
    if (!isContainerFunction(F))
      F.deleteBody();
    else
      F.setLinkage(GlobalValue::LinkOnceODRLinkage);
  }
  for (Function &F : *Runtime)
    if (!F.isDeclaration())
      F.addFnAttr("tern_scaffold");
  Linker::linkModules(M, std::move(Runtime), Linker::LinkOnlyNeeded);
  for (Function &F : M)
    if (!F.isDeclaration() && isContainerFunction(F))
      F.setLinkage(GlobalValue::InternalLinkage);
}

void eraseUnusedScaffolds(Module &M) {
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (Function &F : make_early_inc_range(M))
      if (F.use_empty() && F.hasLocalLinkage() &&
          F.hasFnAttribute("tern_scaffold")) {
        F.eraseFromParent();
        Changed = true;
      }
  }
}

void linkRuntime(Module &M) {
  bool UsesRuntime = false;
  for (const GlobalValue &G : M.global_values())
    UsesRuntime |= G.isDeclaration() && G.getName().starts_with("tern_");
  if (!UsesRuntime)
    return;
  std::unique_ptr<Module> Runtime = readRuntime(M.getContext());
  SmallVector<GlobalValue *, 8> Missing = missingBodies(*Runtime, M);
  if (Missing.empty())
    return;
  if (!fits(*Runtime, M))
    return refuse(*Runtime, *Missing.front());
  dropBuildMachine(*Runtime, M);
  optimiseOnce(*Runtime);
  shareBetweenUnits(*Runtime);
  // linkInModule reports its own errors through the context.
  Linker::linkModules(M, std::move(Runtime), Linker::LinkOnlyNeeded);
}

} // namespace tern
