#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Can the oracles fail? Plants bugs in derivatives and expects to be told.

The programs below go through `opt -passes=tern`. In the functions that this
adds to the module, one instruction at a time is spoiled the way a compiler
writer would:

  rule           a partial is wrong: cos for sin, + for *, a sign lost
  accumulation   one term of a sum of adjoints is left out
  tape           a value is not put on the tape

Each mutant is compiled, linked with the harness and run. A mutant that changes
no number (a dead instruction) may survive; of each kind most must be caught,
and the unspoiled module must pass.
"""
import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from ternfuzz.build import Batch  # noqa: E402
from ternfuzz.generator import PRELUDE, Program  # noqa: E402
from ternfuzz.toolchain import (COMMON, ROOT, Toolchain,  # noqa: E402
                                harness_object)
from ternfuzz.tree import Node  # noqa: E402

PROGRAMS = ["""
static real p0(real *x, real *y, real a, real b, long n, long m) {
for (long i = 0; i < n; ++i) y[i] = sin(x[i] * a) + b * y[i + 1];
return a * b + y[2] * cos(b);
}
""", """
static real p1(real *x, real *y, real a, real b, long n, long m) {
real t = a;
for (long i = 0; i < n; ++i) {
t = sin(t) * x[i] + b;
y[0] = y[0] * t + 0.3;
}
while (t * t > 0.02) t = t * 0.6 * cos(t);
return t + y[0];
}
""", """
__attribute__((noinline)) static real p2_h(real *p, real a, long k) {
if (k <= 0) return a * a;
p[k & 7] = p[k & 7] * a;
return sin(p2_h(p, a * p[1], k - 1)) + a * p[2];
}
static real p2(real *x, real *y, real a, real b, long n, long m) {
return p2_h(x, a, n) * b + y[3] * a;
}
"""]

SWAPS = [
    (r"call( \w+)* double @(llvm\.)?cos(\.f64)?\(", "cos", "sin"),
    (r"call( \w+)* double @(llvm\.)?sin(\.f64)?\(", "sin", "cos"),
    (r"= fmul( \w+)* double ", "fmul", "fadd"),
    (r"= fneg( \w+)* double (%\S+)", "fneg double", "fadd double -0.0,"),
]


def spoiled_rule(line):
    for pattern, old, new in SWAPS:
        if re.search(pattern, line):
            return line.replace(old, new, 1)
    return None


def spoiled_accumulation(line):
    m = re.match(r"(.*= fadd (?:\w+ )*double [^,]+, )(%[^,]+)(.*)", line)
    return m and f"{m[1]}-0.0{m[3]}"


def is_tape_store(line, tape_names):
    m = re.match(r"\s*store (?:double|i64|<\d+ x double>) [^,]+, ptr (%[^,]+)",
                 line)
    return m and m[1] in tape_names


def names_on_tape(body):
    """Pointers computed from what the tape's functions return."""
    names = set()
    for line in body:
        m = re.match(r"\s*(%\S+) = (.*)", line)
        if not m:
            continue
        operands = set(re.findall(r"%[\w.\"-]+", m[2]))
        if "@tern_tape_" in m[2] or (
                re.match(r"getelementptr|phi ptr|select", m[2]) and
                operands & names):
            names.add(m[1])
    return names


def functions(text):
    """(name, first line, past the last) of each definition."""
    lines, found, start = text.split("\n"), [], None
    for i, line in enumerate(lines):
        m = re.match(r"define .*?@(\"[^\"]+\"|[\w.$]+)\(", line)
        if m:
            start, name = i, m[1]
        elif line == "}" and start is not None:
            found.append((name, start, i))
            start = None
    return lines, found


def mutants(before, after):
    """(kind, line number, new line or None to delete)"""
    lines, found = functions(after)
    old = {name for name, _, _ in functions(before)[1]}
    hosts = {n for n in old if n.endswith(("forwardR", "reverseR")) or
             "_forward" in n or "_reverse" in n}
    result = []
    for name, start, end in found:
        if (name in old and name not in hosts) or "tern_" in name:
            continue
        tape = names_on_tape(lines[start:end])
        for i in range(start, end):
            if (new := spoiled_rule(lines[i])) is not None:
                result.append(("rule", i, new))
            if (new := spoiled_accumulation(lines[i])):
                result.append(("accumulation", i, new))
            if is_tape_store(lines[i], tape):
                result.append(("tape", i, None))
    return lines, result


def run_mutant(batch, lines, mutant):
    """True if the harness complains."""
    tools = batch.tools
    if mutant:
        lines = list(lines)
        kind, i, new = mutant
        lines[i] = new if new is not None else ""
    (batch.folder / "mutant.ll").write_text("\n".join(lines))
    made = batch.run([tools.clang, "-O1", *COMMON, "mutant.ll", "oracle.o",
                      str(harness_object(tools)), "-o", "mutant", "-lm"])
    if made.status != "ok":
        return None
    said = batch.run(["./mutant"]).output
    verdicts = [line.split()[1] for line in said.splitlines()]
    return not verdicts or any(v != "ok" for v in verdicts)


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--plugin", default=str(ROOT / "build/lib/TernPlugin.so"))
    p.add_argument("--per-kind", type=int, default=8)
    p.add_argument("--share", type=float, default=0.5)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--verbose", action="store_true")
    args = p.parse_args()
    tools = Toolchain(plugin=Path(args.plugin).resolve())
    with tempfile.TemporaryDirectory() as folder:
        return plant(args, tools, folder)


def plant(args, tools, folder):
    programs = [Program(i, 2, Node("glue", text), [])
                for i, text in enumerate(PROGRAMS)]
    batch = Batch(folder, programs, PRELUDE, tools)
    for step in (batch.plain(),
                 batch.run([tools.clang, "-O1", *COMMON, "-S", "-emit-llvm",
                            "batch.cpp", "-o", "before.ll"]),
                 batch.run([tools.opt, f"-load-pass-plugin={tools.plugin}",
                            "-passes=tern", "-S", "before.ll", "-o",
                            "after.ll"])):
        if step.status != "ok":
            print(step.output[:2000])
            return 1
    lines, found = mutants((batch.folder / "before.ll").read_text(),
                           (batch.folder / "after.ll").read_text())
    if run_mutant(batch, lines, None) is not False:
        print("the unspoiled module does not pass")
        return 1
    rng, status = random.Random(args.seed), 0
    for kind in ("rule", "accumulation", "tape"):
        chosen = [m for m in found if m[0] == kind]
        rng.shuffle(chosen)
        caught = Counter()
        for mutant in chosen[:args.per_kind]:
            verdict = run_mutant(batch, lines, mutant)
            caught[verdict] += 1
            if args.verbose and not verdict:
                print(f"survived ({kind}): {lines[mutant[1]].strip()}")
        total = caught[True] + caught[False]
        enough = total and caught[True] >= args.share * total
        print(f"{kind}: {caught[True]} of {total} planted bugs caught"
              + ("" if enough else "  TOO FEW"))
        status |= not enough
    return status


if __name__ == "__main__":
    sys.exit(main())
