// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// No program should provoke an internal error, so this one is reported by hand:
// as an error, with its stage, its tag and what to do.
#include "plugin/Diagnostics.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace llvm;

namespace {
struct Seen {
  DiagnosticSeverity Severity = DS_Note;
  std::string Text;
};

void keep(const DiagnosticInfo *Info, void *To) {
  auto &Last = *static_cast<Seen *>(To);
  Last.Severity = Info->getSeverity();
  raw_string_ostream Stream(Last.Text);
  DiagnosticPrinterRawOStream Printer(Stream);
  Info->print(Printer);
}
} // namespace

TEST(Diagnostics, X01InternalErrorNamesItsStage) {
  LLVMContext Context;
  Seen Last;
  Context.setDiagnosticHandlerCallBack(keep, &Last);
  Module M("m", Context);
  Function *F =
      Function::Create(FunctionType::get(Type::getVoidTy(Context), false),
                       GlobalValue::ExternalLinkage, "f", M);
  EXPECT_FALSE(tern::hasReportedError());
  tern::report(tern::Diag::Internal, *F, {"grad", "broken module"});
  EXPECT_TRUE(tern::hasReportedError());
  EXPECT_EQ(Last.Severity, DS_Error);
  EXPECT_NE(Last.Text.find("internal error in stage 'grad': broken module"),
            std::string::npos)
      << Last.Text;
  EXPECT_NE(Last.Text.find("[tern-X01]"), std::string::npos) << Last.Text;
}
