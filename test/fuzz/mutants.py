#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Spoiled IR must not crash the compiler.

  mutants.py --count 2000               mutants of random programs
  mutants.py --programs 60 --start 7000 other programs, other changes
  mutants.py --keep DIR                 keeps the mutants that were findings

Random programs with their requests are compiled to IR three ways (-O0, as clang
hands it to Tern at -O2, after -O2); ir-mutants changes them and runs Tern on
what comes out. Exit status 1 if anything was found. To look at one:
opt-22 -load-pass-plugin=build/lib/TernPlugin.so -passes=tern DIR/N.ll -o /dev/null
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from ternfuzz.build import Batch  # noqa: E402
from ternfuzz.generator import PRELUDE, generate  # noqa: E402
from ternfuzz.toolchain import ROOT, Toolchain  # noqa: E402

WAYS = {"O0": ["-O0"], "start": ["-O2", "-Xclang", "-disable-llvm-passes"],
        "opt2": ["-O2"]}
SECOND_EVERY = 3  # programs


def seed_modules(folder, tools, first, count):
    """The files of IR that the mutants start from."""
    made = []
    for seed in range(first, first + count):
        second = {seed} if seed % SECOND_EVERY == 0 else set()
        batch = Batch(folder / "work", [generate(seed, seed, size=4)], PRELUDE,
                      tools, second)
        for way, flags in WAYS.items():
            file = folder / f"{seed}-{way}.bc"
            done = batch.run([*batch.compiler(*flags, "-emit-llvm"), "-o",
                              str(file)])
            if done.status == "ok":
                made.append(str(file))
    return made


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--count", type=int, default=1000)
    p.add_argument("--start", type=int, default=0)
    p.add_argument("--programs", type=int, default=20)
    p.add_argument("--plugin", default=str(ROOT / "build/lib/TernPlugin.so"))
    p.add_argument("--tool", default=str(ROOT / "build/test/bin/ir-mutants"))
    p.add_argument("--keep", help="folder for the mutants that were findings")
    args = p.parse_args()
    tools = Toolchain(plugin=Path(args.plugin).resolve())
    with tempfile.TemporaryDirectory() as folder:
        seeds = seed_modules(Path(folder), tools, args.start, args.programs)
        command = [args.tool, "--plugin", str(tools.plugin), "--start",
                   str(args.start), "--count", str(args.count)]
        if args.keep:
            Path(args.keep).mkdir(parents=True, exist_ok=True)
            command += ["--keep", args.keep]
        return subprocess.run(command + seeds).returncode


if __name__ == "__main__":
    sys.exit(main())
