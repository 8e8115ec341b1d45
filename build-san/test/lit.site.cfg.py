# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
config.tern_source = "/work/wt/rules"
config.tern_build = "/work/wt/rules/build-san"
config.llvm_bin = "/usr/lib/llvm-22/bin"
lit_config.load_config(config, "/work/wt/rules/test/lit.cfg.py")
