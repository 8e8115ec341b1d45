#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Builds every problem with Tern, times it, and prints one table:
#
#   gradient / primal, gradient / by hand     from one process (measure.cpp)
#   tape                                      what the gradient takes from the
#                                             heap beyond what the primal takes
#   compile time                              -O2 with the gradient in it, over
#                                             plain -O2 without
#
#   benchmarks/run.py --build build [--write] [--only gmm,lse] [--check]
#
# A derivative that differs from the one by hand fails the run, and so does one
# that does not compile: neither is left out of the table.
import argparse
import json
import os
import platform
import resource
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROBLEMS = ["gmm", "ba", "lstm", "hand", "lse", "llsq", "kmeans", "det", "ode"]
FLAGS = ["-O3", "-march=native"]
WRAPPED = ["malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign"]
VARIANTS = {
    "with_restrict": ["-DBENCH_RESTRICT=__restrict"],
    "without_restrict": ["-DBENCH_RESTRICT="],
    "fast_math": [
        "-DBENCH_RESTRICT=__restrict",
        "-ffast-math",
        "-fveclib=libmvec",
    ],
}
VARIANTS_OF = {"lse": list(VARIANTS)}


class Refused(Exception):
    """A problem that the compiler or the linker rejects; holds its message."""


def compiled(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = [l for l in done.stderr.splitlines() if "error" in l.lower()]
        raise Refused((lines or done.stderr.splitlines() or ["failed"])[0])
    return done


class Bench:
    def __init__(self, build):
        self.tern = str(build / "bin" / "tern-clang++")
        self.plain = "clang++-22"
        self.folder = build / "benchmarks"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.common = []

    def command(self, compiler, problem, variant, flags):
        return [
            compiler,
            "-std=c++20",
            *flags,
            f"-DBENCH_VARIANT={variant}",
            *VARIANTS[variant],
            f'-DBENCH_REPOSITORY="{HERE.parent}"',
            "-c",
            str(HERE / f"{problem}.cpp"),
        ]

    def object(self, compiler, source, variant, flags):
        path = self.folder / f"{source}.{variant}.o"
        compiled(self.command(compiler, source, variant, flags) + ["-o", str(path)])
        return str(path)

    def shared_objects(self):
        if not self.common:
            self.common = [
                self.object(self.plain, source, "with_restrict", ["-O2"])
                for source in ("problem", "allocations", "measure")
            ]
        return self.common

    def program(self, problem, variant):
        flags = FLAGS + ["-DBENCH_TERN"]
        objects = [
            self.object(self.tern, problem, variant, flags),
            self.object(self.plain, problem + "_case", variant, flags),
        ]
        path = self.folder / f"{problem}.{variant}"
        wrap = [f"-Wl,--wrap={name}" for name in WRAPPED]
        veclib = ["-lmvec"] if variant == "fast_math" else []
        link = [self.plain, *objects, *self.shared_objects(), *wrap, *veclib]
        compiled(link + ["-lm", "-o", str(path)])
        return str(path)

    def compile_time(self, problem, variant):
        """Processor seconds with Tern over those without: the better of two."""

        def best(compiler, flags):
            command = self.command(compiler, problem, variant, ["-O2", *flags])
            times = []
            for _ in range(2):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                compiled(command + ["-o", "/dev/null"])
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                user = after.ru_utime - before.ru_utime
                times.append(user + after.ru_stime - before.ru_stime)
            return min(times)

        return best(self.tern, ["-DBENCH_TERN"]) / best(self.plain, [])

    def timed(self, problem, variant, arguments=()):
        """What the program of one problem prints, a dictionary per input."""
        refused = {"name": problem, "variant": variant, "input": ""}
        try:
            program = self.program(problem, variant)
        except Refused as message:
            return [{**refused, "error": f"does not compile: {message}"}]
        done = subprocess.run(
            [program, *arguments], capture_output=True, text=True
        )
        rows = [json.loads(line) for line in done.stdout.splitlines()
                if line.endswith("}")]
        if done.returncode not in (0, 1):
            rows.append({**refused, "error": f"stopped with {done.returncode}"})
        return rows

    def rows(self, problem, variant, check):
        """The lines of the table for one program."""
        rows = self.timed(problem, variant, ["--check"] if check else [])
        if not check and "primal" in rows[0]:
            ratio = self.compile_time(problem, variant)
            rows = [{**row, "compile": ratio} for row in rows]
        return rows


def size(count):
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


COLUMNS = [
    ("problem", "l"),
    ("input", "l"),
    ("variant", "l"),
    ("primal ms", "r"),
    ("gradient / primal", "r"),
    ("target", "r"),
    ("by hand / primal", "r"),
    ("gradient / by hand", "r"),
    ("tape", "r"),
    ("compile time / -O2", "r"),
]


def cells(row):
    first = [row["name"], row["input"], row["variant"].replace("_", " ")]
    if row["error"]:
        return first + [f"**{row['error'].replace('|', '/')}**"]
    if "by_tern" not in row:
        return first + ["right"]
    ratio = row["by_tern"] / row["primal"]
    target = row["target"]
    return first + [
        f"{1e3 * row['primal']:.3f}",
        f"{ratio:.2f}" + ("" if ratio <= target else " (missed)"),
        f"{target:g}",
        f"{row['by_hand'] / row['primal']:.2f}",
        f"{row['by_tern'] / row['by_hand']:.2f}",
        size(max(row["tape"], 0)),
        f"{row['compile']:.2f}",
    ]


def as_markdown(rows):
    lines = [
        "| " + " | ".join(name for name, _ in COLUMNS) + " |",
        "| " + " | ".join("---" if side == "l" else "---:" for _, side in COLUMNS) + " |",
    ]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join(lines)


def machine():
    model = ""
    if Path("/proc/cpuinfo").exists():
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":")[1].strip()
                break
    compiler = compiled(["clang++-22", "--version"]).stdout.splitlines()[0]
    return (
        f"{model or platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}; {compiler}"
    )


def description():
    flags = " ".join(FLAGS)
    return f"`make bench`: `tern-clang++ {flags}`. {machine()}.\n\n"


def write_section(name, text):
    """Replaces what is between the markers of RESULTS.md."""
    path = HERE / "RESULTS.md"
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    content = path.read_text()
    head, rest = content.split(begin)
    _, tail = rest.split(end)
    path.write_text(f"{head}{begin}\n{text}\n{end}{tail}")


def names_in(text, known, parser, option):
    chosen = text.split(",")
    for name in chosen:
        if name not in known:
            parser.error(f"{option}: no {name!r}; there are {', '.join(known)}")
    return chosen


def options():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--build", type=Path, default=HERE.parent / "build")
    arguments.add_argument("--only", default=",".join(PROBLEMS))
    arguments.add_argument("--variants", default=",".join(VARIANTS))
    arguments.add_argument("--check", action="store_true", help="do not time")
    arguments.add_argument("--write", action="store_true", help="RESULTS.md")
    chosen = arguments.parse_args()
    chosen.only = names_in(chosen.only, PROBLEMS, arguments, "--only")
    chosen.variants = names_in(
        chosen.variants, list(VARIANTS), arguments, "--variants"
    )
    if chosen.write and (chosen.only, chosen.variants) != (PROBLEMS, list(VARIANTS)):
        arguments.error("--write replaces the whole table: leave nothing out")
    if not (chosen.build / "bin" / "tern-clang++").exists():
        arguments.error(f"{chosen.build}/bin/tern-clang++ is not there; run make")
    return chosen


def main():
    chosen = options()
    bench = Bench(chosen.build.resolve())
    rows = []
    for problem in chosen.only:
        for variant in VARIANTS_OF.get(problem, list(VARIANTS)[:2]):
            if variant not in chosen.variants:
                continue
            for row in bench.rows(problem, variant, chosen.check):
                rows.append(row)
                print(" · ".join(cells(row)), flush=True)
        if chosen.write:  # after each problem: an interrupted run leaves a table
            write_section("tern", description() + as_markdown(rows))
    if not chosen.check:
        print("\n" + as_markdown(rows))
    return 1 if any(row["error"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
