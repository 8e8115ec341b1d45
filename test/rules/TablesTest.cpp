// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names: which calls are found as mathematics, as inactive, as heap functions.
#include "rules/MathRule.h"
#include "rules/Rules.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SourceMgr.h"
#include <gtest/gtest.h>

using namespace llvm;
using namespace tern;

namespace {

/// The calls of `f` in a piece of IR, by callee.
struct Calls {
  explicit Calls(const std::string &Text) {
    SMDiagnostic Error;
    M = parseAssemblyString(Text, Error, Context);
    if (!M)
      report_fatal_error(Error.getMessage());
    for (Instruction &I : instructions(M->getFunction("f")))
      if (auto *Call = dyn_cast<CallBase>(&I))
        All.push_back(Call);
  }
  LLVMContext Context;
  std::unique_ptr<Module> M;
  std::vector<CallBase *> All;
};

/// `ret name(args)` declared and called.
Calls callOf(const std::string &Result, const std::string &Name,
             const std::string &Types, const std::string &Args) {
  std::string Assign = Result == "void" ? "" : "%r = ";
  return Calls("declare " + Result + " @\"" + Name + "\"(" + Types +
               ")\ndefine void @f(ptr %p, i64 %n, double %x, float %s) {\n" +
               Assign + "call " + Result + " @\"" + Name + "\"(" + Args +
               ")\nret void\n}\n");
}

std::string ruleName(const std::string &Result, const std::string &Name,
                     const std::string &Types, const std::string &Args) {
  Calls C = callOf(Result, Name, Types, Args);
  const MathRule *Rule = findMathRule(*C.All[0]);
  return Rule ? Rule->Name : "";
}

} // namespace

TEST(Names, OfLibm) {
  EXPECT_EQ(ruleName("double", "sin", "double", "double %x"), "sin");
  EXPECT_EQ(ruleName("float", "sinf", "float", "float %s"), "sin");
  EXPECT_EQ(ruleName("double", "__sin_finite", "double", "double %x"), "sin");
  EXPECT_EQ(
      ruleName("float", "__powf_finite", "float, float", "float %s, float %s"),
      "pow");
  EXPECT_EQ(ruleName("double", "sinf64", "double", "double %x"), "sin");
  EXPECT_EQ(ruleName("double", "erf", "double", "double %x"), "erf");
  EXPECT_EQ(ruleName("float", "erff", "float", "float %s"), "erf");
  EXPECT_EQ(ruleName("double", "ceil", "double", "double %x"), "floor");
}

TEST(Names, OfOthers) {
  // Another signature or another type is another function.
  EXPECT_EQ(ruleName("double", "sin", "double, double", "double %x, double %x"),
            "");
  EXPECT_EQ(ruleName("double", "sinf", "double", "double %x"), "");
  EXPECT_EQ(ruleName("double", "pow", "double, i32", "double %x, i32 2"), "");
  EXPECT_EQ(ruleName("double", "mysin", "double", "double %x"), "");
  EXPECT_EQ(
      ruleName("double", "fadd", "double, double", "double %x, double %x"), "");
  // A body says more than a name.
  Calls Own("define double @j0(double %x) {\nret double %x\n}\n"
            "define void @f() {\n%r = call double @j0(double 1.0)\n"
            "ret void\n}\n");
  EXPECT_FALSE(findMathRule(*Own.All[0]));
}

/// A rule may call only what exists.
TEST(Names, GammaOfQuadOnX86HasNone) {
  const char *Text = "declare fp128 @tgammaf128(fp128)\n"
                     "define void @f(fp128 %x) {\n"
                     "%r = call fp128 @tgammaf128(fp128 %x)\nret void\n}\n";
  Calls Elsewhere(Text);
  EXPECT_TRUE(findMathRule(*Elsewhere.All[0]));
  Calls X86("target triple = \"x86_64-pc-linux-gnu\"\n" + std::string(Text));
  EXPECT_FALSE(findMathRule(*X86.All[0]));
}

TEST(Names, OfInactiveFunctions) {
  for (const char *Name :
       {"printf", "puts", "_ZNSolsEd", "_ZNSo9_M_insertIdEERSoT_",
        "_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc", "clock",
        "_ZNSt6chrono3_V212system_clock3nowEv", "__cxa_throw",
        "_ZSt20__throw_length_errorPKc",
        "_ZN4core9panicking5panic17h0123456789abcdefE",
        "_RNvNtCs1_4core9panicking18panic_bounds_check",
        "_ZN3std2io5stdio6_print17h0123456789abcdefE",
        "_RNvCsabc_7___rustc35___rust_no_alloc_shim_is_unstable_v2"})
    EXPECT_TRUE(isInactiveCall(*callOf("void", Name, "ptr", "ptr %p").All[0]))
        << Name;
  for (const char *Name : {"solve", "sin", "malloc", "free", "memcpy", "qsort",
                           "fgets", "fread", "scanf", "cblas_ddot"})
    EXPECT_FALSE(isInactiveCall(*callOf("void", Name, "ptr", "ptr %p").All[0]))
        << Name;
}

TEST(Names, OfInactiveIntrinsics) {
  Calls C("declare void @llvm.assume(i1)\n"
          "declare i1 @llvm.is.fpclass.f64(double, i32)\n"
          "declare double @llvm.sin.f64(double)\n"
          "declare double @llvm.exp.f64(double)\n"
          "define void @f(double %x) {\n"
          "call void @llvm.assume(i1 true)\n"
          "%1 = call i1 @llvm.is.fpclass.f64(double %x, i32 3)\n"
          "%2 = call double @llvm.sin.f64(double %x)\n"
          "%3 = call double @llvm.exp.f64(double %x)\n"
          "ret void\n}\n");
  EXPECT_TRUE(isInactiveCall(*C.All[0]));
  EXPECT_TRUE(isInactiveCall(*C.All[1]));
  EXPECT_FALSE(isInactiveCall(*C.All[2]));
  EXPECT_FALSE(isInactiveCall(*C.All[3]));
}

/// A user's function is his own: C has one name space, and generic Rust
/// functions carry the names of others in their own.
TEST(Names, OfUsersFunctions) {
  Calls Own("define double @times(double %x) {\nret double %x\n}\n"
            "define void @f() {\n%r = call double @times(double 1.0)\n"
            "ret void\n}\n");
  EXPECT_FALSE(isInactiveCall(*Own.All[0]));
  EXPECT_FALSE(isInactiveCall(
      *callOf("double", "_RINvCs1_4user4stepNtNtCs2_4core3fmt5ErrorE", "double",
              "double %x")
           .All[0]));
}

TEST(Names, MarkedByTheUser) {
  Calls C("declare void @log_step(double) #0\n"
          "define void @f() {\ncall void @log_step(double 1.0)\nret void\n}\n"
          "attributes #0 = { \"enzyme_inactive\" }\n");
  EXPECT_TRUE(isInactiveCall(*C.All[0]));
}

TEST(Heap, SizesAndKinds) {
  auto SizeOf = [](Calls &C) -> int64_t {
    IRBuilder<> B(C.All[0]);
    auto *Size = dyn_cast<ConstantInt>(emitAllocationSize(*C.All[0], B));
    return Size ? Size->getSExtValue() : -1;
  };
  Calls Malloc = callOf("ptr", "malloc", "i64", "i64 24");
  EXPECT_TRUE(isAllocation(*Malloc.All[0]));
  EXPECT_FALSE(isZeroedAllocation(*Malloc.All[0]));
  EXPECT_EQ(SizeOf(Malloc), 24);
  Calls Calloc = callOf("ptr", "calloc", "i64, i64", "i64 3, i64 8");
  EXPECT_TRUE(isZeroedAllocation(*Calloc.All[0]));
  EXPECT_EQ(SizeOf(Calloc), 24);
  Calls New =
      callOf("ptr", "_ZnwmSt11align_val_t", "i64, i64", "i64 24, i64 64");
  EXPECT_EQ(SizeOf(New), 24);
  Calls Rust = callOf("ptr", "_RNvCsabc_7___rustc19___rust_alloc_zeroed",
                      "i64, i64", "i64 24, i64 8");
  EXPECT_TRUE(isAllocation(*Rust.All[0]));
  EXPECT_TRUE(isZeroedAllocation(*Rust.All[0]));
  EXPECT_EQ(SizeOf(Rust), 24);
}

TEST(Heap, Releases) {
  for (const char *Name :
       {"free", "_ZdlPv", "_ZdlPvm", "_ZdaPvmSt11align_val_t", "__rust_dealloc",
        "_RNvCsabc_7___rustc14___rust_dealloc"})
    EXPECT_TRUE(isDeallocation(*callOf("void", Name, "ptr", "ptr %p").All[0]))
        << Name;
  EXPECT_FALSE(
      isDeallocation(*callOf("void", "malloc", "ptr", "ptr %p").All[0]));
}
