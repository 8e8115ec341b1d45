#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs of several derivatives in sequence, in threads, of several files.

  sequences.py --count 100                  seeds 0...
  sequences.py --shapes buffers,threads     only these
  sequences.py --seed 7 --show              print a program, say where it fails

Each program is compiled by itself, run, and ends with one verdict per level:
ok, refused <tag> (by the compiler or at run time), wrong <check>, crash, hang,
error. What one mode accepts and the other refuses is listed as "one mode".
Results go to <out>/results.jsonl. Exit status 1 if anything failed.
"""
import argparse
import json
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from ternfuzz import report  # noqa: E402
from ternfuzz.hunt import Verdict, verdict_of_build  # noqa: E402
from ternfuzz.sequences import SHAPES, generate  # noqa: E402
from ternfuzz.toolchain import COMMON, ROOT, SUPPORT, Toolchain, run  # noqa: E402

FLAGS = [*COMMON, "-isystem", str(ROOT / "include"), "-pthread"]
MODES = {"reverse": "-DSEQUENCE_NO_FORWARD", "forward": "-DSEQUENCE_NO_REVERSE"}


class Bench:
    """Compiles and runs one program after another in a folder."""

    def __init__(self, args):
        self.tools = Toolchain(plugin=Path(args.plugin).resolve(),
                               limit=args.limit)
        self.out = Path(args.out)
        self.folder = self.out / "work"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.headers = {}

    def header(self, level):
        """sequence.h, compiled once per level."""
        if level not in self.headers:
            made = f"sequence-{level}.pch"
            done = run([self.tools.clang, f"-{level}", *FLAGS, "-x",
                        "c++-header", str(SUPPORT / "sequence.h"), "-o", made],
                       self.tools.limit, self.folder)
            if done.status != "ok":
                sys.exit(done.output[:2000])
            self.headers[level] = made
        return ["-include-pch", self.headers[level]]

    def build(self, files, level, *defines):
        """Objects, one by one (a header of one file is none of the other's)."""
        plug = f"-fpass-plugin={self.tools.plugin}"
        objects = []
        for name, text in files.items():
            (self.folder / name).write_text(text)
            objects.append(Path(name).stem + ".o")
            first = self.header(level) if name == "main.cpp" else []
            done = run([self.tools.clang, f"-{level}", *FLAGS, *first, plug,
                        *defines, "-c", name, "-o", objects[-1]],
                       self.tools.limit, self.folder)
            if done.status != "ok":
                return done
        return run([self.tools.clang, "-pthread", *objects, "-o", "program",
                    "-lm"], self.tools.limit, self.folder)

    def verdict(self, files, level, *defines):
        made = self.build(files, level, *defines)
        if made.status != "ok":
            return verdict_of_build(made)
        ran = run(["./program"], 20, self.folder)
        tag = re.search(r"\[(tern-D\d+)\]", ran.output)
        wrong = re.search(r"^0 fail (\S+) (.*)", ran.output, re.M)
        if wrong:  # even if it stopped later
            return Verdict("wrong", wrong[1], wrong[2])
        if ran.status == "refused" or ran.status == "crash" and tag:
            return Verdict("refused", tag[1], "at run time")
        if ran.status == "ok" and "0 ok" in ran.output:
            return Verdict("ok")
        kind = ran.status if ran.status != "ok" else "error"
        return Verdict(kind, "run", ran.output[-300:])

    def one_mode(self, files, level, refused):
        """Which mode alone is accepted, if only one is."""
        found = [mode for mode, define in MODES.items()
                 if self.build(files, level, define).status == "ok"]
        return found[0] if len(found) == 1 else None


def second_order(seed):
    """hvp in one program of three: it is a compile of its own."""
    return ["-DSEQUENCE_SECOND"] if seed % 3 == 0 else []


def examine(bench, seed, shapes, levels):
    name, files = generate(seed, shapes)
    row = {"seed": seed, "features": [name], "levels": {}}
    for level in levels:
        extra = second_order(seed)
        v = bench.verdict(files, level, *extra)
        if v.kind == "refused" and extra and "run time" not in v.detail:
            row.setdefault("extras", {})[level] = f"hvp {v.cause}"
            v = bench.verdict(files, level)
        row["levels"][level] = [v.kind, v.cause, v.detail[:600]]
        if (v.kind == "refused" and "run time" not in v.detail and
                "sequence_requests.h" in files["main.cpp"]):
            mode = bench.one_mode(files, level, v)
            if mode:
                row.setdefault("one mode", {})[level] = f"{mode} {v.cause}"
    return row


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--count", type=int, default=60)
    p.add_argument("--start", type=int, default=0)
    p.add_argument("--seed", type=int)
    p.add_argument("--show", action="store_true")
    p.add_argument("--shapes", default=",".join(SHAPES))
    p.add_argument("--levels", default="O0,O2")
    p.add_argument("--limit", type=int, default=120)
    p.add_argument("--plugin", default=str(ROOT / "build/lib/TernPlugin.so"))
    p.add_argument("--out", default=str(ROOT / "build/sequences"))
    args = p.parse_args()
    shapes = set(args.shapes.split(","))
    if shapes - set(SHAPES):
        p.error(f"--shapes: of {' '.join(sorted(SHAPES))}")
    bench, levels = Bench(args), args.levels.split(",")
    seeds = ([args.seed] if args.seed is not None else
             range(args.start, args.start + args.count))
    records = []
    with (bench.out / "results.jsonl").open("w") as out:
        for seed in seeds:
            if args.show:
                for name, text in generate(seed, shapes)[1].items():
                    print(f"// ---- {name}\n{text}")
            row = examine(bench, seed, shapes, levels)
            records.append(row)
            out.write(json.dumps(row) + "\n")
            out.flush()
            if args.seed is not None:
                print(json.dumps(row, indent=1))
    print(report.table(records))
    print_one_mode(records)
    return 1 if report.groups(records) else 0


def print_one_mode(records):
    listed = [(r["seed"], mode) for r in records
              for mode in r.get("one mode", {}).values()]
    for mode, n in Counter(m for _, m in listed).items():
        seeds = sorted({s for s, m in listed if m == mode})
        print(f"one mode: only {mode}: {n} ({' '.join(map(str, seeds[:12]))})")


if __name__ == "__main__":
    sys.exit(main())
