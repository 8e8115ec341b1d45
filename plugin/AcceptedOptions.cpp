// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Build lines written for Enzyme carry options of Enzyme's, and LLVM's parser
// stops at an option that nobody has registered.
//
//   opt -load-pass-plugin=TernPlugin.so -passes=enzyme -enzyme-postopt=0
//
// Registered when the plugin is loaded, with a value or without, never read.
#include "llvm/Support/CommandLine.h"

using namespace llvm;

#define OPTION(Name)                                                           \
  cl::opt<std::string>(Name, cl::ValueOptional, cl::ZeroOrMore, cl::Hidden,    \
                       cl::desc("accepted and ignored")),
static cl::opt<std::string> Accepted[] = {
#include "AcceptedOptions.def"
};
