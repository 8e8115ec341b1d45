// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// No program should provoke an internal error, so this one is reported by hand:
// as an error, with its stage, its tag and what to do.
#include "plugin/Diagnostics.h"
#include "plugin/Reproducer.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
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
  unsigned Before = tern::reportedErrors();
  tern::report(tern::Diag::Internal, *F, {"grad", "broken module"});
  EXPECT_EQ(tern::reportedErrors(), Before + 1);
  EXPECT_EQ(Last.Severity, DS_Error);
  EXPECT_NE(Last.Text.find("internal error in stage 'grad': broken module"),
            std::string::npos)
      << Last.Text;
  EXPECT_NE(Last.Text.find("[tern-X01]"), std::string::npos) << Last.Text;

  // The line that the message prints reads the module that is written later.
  size_t Opt = Last.Text.find("opt-22 -load-pass-plugin=");
  ASSERT_NE(Opt, std::string::npos) << Last.Text;
  std::string Path =
      StringRef(Last.Text).rtrim().rsplit(' ').second.str();
  tern::writeReproducer(M);
  auto Buffer = MemoryBuffer::getFile(Path);
  ASSERT_TRUE(Buffer) << Path;
  LLVMContext Fresh;
  auto Saved = parseBitcodeFile((*Buffer)->getMemBufferRef(), Fresh);
  ASSERT_TRUE(static_cast<bool>(Saved));
  EXPECT_NE((*Saved)->getFunction("f"), nullptr);
  sys::fs::remove(Path);
}
