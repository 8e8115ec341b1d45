# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# How the tests below test/ are run. Each file says in its RUN lines what is
# done with it; these words are replaced there:
#
#   %tern-clang++ %tern-clang %tern-flang   the compilers with Tern switched on
#   %tern-opt        opt-22 with Tern loaded, pass `tern`, verifying
#   %opt             opt-22, able to load %plugin
#   %clang++ %clang  the same compilers without Tern
#   %run-all-levels  compile a program at -O0 to -O3, with and without -g, and
#                    run each (test/run-all-levels)
#   %run-valgrind    compile at -O0 and -O2, run under valgrind
#   %preloaded       before commands that load the plugin: sanitizers' libraries
#   %plugin %ir-mutants %include %root %build %python %not
#
# Files without RUN lines that tests share are in folders named Inputs.
# Features for REQUIRES: flang, rustc, valgrind, data, and slow (absent in
# `make check-fast`).
import os
import shutil
import subprocess
import sys

import lit.formats

config.name = "tern"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ll", ".cpp", ".c", ".f90", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.join(config.tern_source, "test")
config.test_exec_root = os.path.join(config.tern_build, "test")

bin_dir = os.path.join(config.tern_build, "bin")
plugin = os.path.join(config.tern_build, "lib", "TernPlugin.so")
fast = lit_config.params.get("fast") == "1"


def llvm_tool(name):
    return os.path.join(config.llvm_bin, name)


def find_data():
    for folder in (
        os.environ.get("TERN_DATA"),
        os.path.join(config.tern_source, "..", "shared", "data"),
    ):
        if folder and os.path.isdir(folder):
            return os.path.realpath(folder)
    return None


def preloaded():
    """Before a host that loads a plugin built with sanitizers."""
    if not config.tern_sanitize:
        return "env"
    library = subprocess.check_output(
        [llvm_tool("clang"), "-print-file-name=libclang_rt.asan-x86_64.so"],
        text=True,
    ).strip()
    # The hosts are not instrumented: what they leak or annotate is no finding.
    return "env LD_PRELOAD={} ASAN_OPTIONS={}".format(
        library, "detect_leaks=0:detect_container_overflow=0"
    )


opt = "{} {} -load-pass-plugin={} -passes=tern -verify-each".format(
    preloaded(), llvm_tool("opt"), plugin
)
run_all_levels = "{} --bin {} --out %t".format(
    os.path.join(config.test_source_root, "run-all-levels"), bin_dir
)
run_valgrind = "{} {} %t".format(
    os.path.join(config.test_source_root, "run-valgrind"), bin_dir
)
config.substitutions += [
    ("%tern-clang\\+\\+", os.path.join(bin_dir, "tern-clang++")),
    ("%tern-clang", os.path.join(bin_dir, "tern-clang")),
    ("%tern-flang", os.path.join(bin_dir, "tern-flang")),
    ("%tern-opt", opt),
    ("%opt", "{} {}".format(preloaded(), llvm_tool("opt"))),
    ("%clang\\+\\+", llvm_tool("clang++")),
    ("%clang", llvm_tool("clang")),
    ("%run-all-levels", run_all_levels),
    ("%run-valgrind", run_valgrind),
    ("%preloaded", preloaded()),
    ("%plugin", plugin),
    ("%ir-mutants", os.path.join(config.tern_build, "test", "bin",
                                 "ir-mutants")),
    ("%include", os.path.join(config.tern_source, "include")),
    ("%root", config.tern_source),
    ("%build", config.tern_build),
    ("%python", sys.executable),
    ("%not", llvm_tool("not")),
]

config.environment["PATH"] = os.pathsep.join(
    [config.llvm_bin, bin_dir, os.environ.get("PATH", "")]
)
for name in ("HOME", "TMPDIR", "RUSTUP_HOME", "CARGO_HOME", "CCACHE_DIR"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
config.environment["TERN_TEST_FAST"] = "1" if fast else "0"

if not fast:
    config.available_features.add("slow")
if os.path.exists(llvm_tool("flang")) or shutil.which("flang-22"):
    config.available_features.add("flang")
if shutil.which("valgrind"):
    config.available_features.add("valgrind")
if shutil.which("rustc"):
    config.available_features.add("rustc")
data = find_data()
if data:
    config.available_features.add("data")
    config.environment["TERN_DATA"] = data
