#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Looks for wrong gradients before users do.

  run.py --count 1000                   a thousand programs, seeds 0...
  run.py --seconds 600 --start 5000     as many as fit into ten minutes
  run.py --features for,stencil         only these constructs
  run.py --seed 4711 --show             print a program (and where it fails)
  run.py --validate --count 500         oracle against finite differences
  run.py --sanitize --count 500         under ASan and UBSan at -O0, -O1, -O2
  run.py --valgrind --levels O1         under memcheck

Results go to <out>/results.jsonl, one program a line; a run that finds the file
goes on after its last seed. Each new kind of failure is reduced to a few lines
and written to <out>/findings/. Exit status 1 if anything failed.
"""
import argparse
import json
import os
import resource
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from ternfuzz import report  # noqa: E402
from ternfuzz.build import (DEFAULT_LEVELS, LEVELS,  # noqa: E402
                            SANITIZED_LEVELS)
from ternfuzz.generator import ALL_FEATURES, generate  # noqa: E402
from ternfuzz.hunt import Hunt, still_fails  # noqa: E402
from ternfuzz.reduce import reduce  # noqa: E402
from ternfuzz.toolchain import ROOT, Toolchain  # noqa: E402
from ternfuzz.validate import validate  # noqa: E402


def options():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--count", type=int, default=100)
    p.add_argument("--seconds", type=float, help="stop after this time")
    p.add_argument("--start", type=int, default=0, help="first seed")
    p.add_argument("--features", help="comma-separated; default all")
    p.add_argument("--without", default="", help="features to leave out")
    p.add_argument("--size", type=int,
                   help="statements at most; default 2 to 7 by seed")
    p.add_argument("--batch", type=int, default=96)
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--levels", default=",".join(DEFAULT_LEVELS),
                   help="of " + " ".join(LEVELS))
    p.add_argument("--full", type=int, default=1, choices=[0, 1],
                   help="0: never build the -full levels by turns")
    p.add_argument("--turns", action="store_true",
                   help="of O1, O2, O3, and of O0, lto, opt2, one per batch")
    p.add_argument("--language", choices=["c++", "c"], default="c++")
    p.add_argument("--sanitize", action="store_true",
                   help="the levels " + " ".join(SANITIZED_LEVELS))
    p.add_argument("--valgrind", action="store_true")
    p.add_argument("--second", type=int, default=4, metavar="N",
                   help="second order for one program in N; 0: never")
    p.add_argument("--plugin", default=str(ROOT / "build/lib/TernPlugin.so"))
    p.add_argument("--limit", type=int, default=120)
    p.add_argument("--out", default=str(ROOT / "build/fuzz"))
    p.add_argument("--reduce", type=int, default=60, metavar="SECONDS",
                   help="time per kind of failure, at the end; 0: do not")
    p.add_argument("--kinds", type=int, default=5,
                   help="reduce at most so many kinds of failure")
    p.add_argument("--fresh", action="store_true", help="forget old results")
    p.add_argument("--seed", type=int, help="one program")
    p.add_argument("--show", action="store_true", help="print its text")
    p.add_argument("--validate", action="store_true")
    p.add_argument("--quiet", action="store_true")
    args = p.parse_args()
    refuse_nonsense(p, args)
    return args


def refuse_nonsense(p, args):
    for name, known in (("levels", LEVELS), ("features", ALL_FEATURES),
                        ("without", ALL_FEATURES)):
        for word in filter(None, (getattr(args, name) or "").split(",")):
            if word not in known:
                p.error(f"--{name}: no {word!r}; there are {' '.join(known)}")
    for name, least in (("count", 0), ("batch", 1), ("jobs", 1), ("limit", 1)):
        if getattr(args, name) < least:
            p.error(f"--{name} is {least} or more")
    if not Path(args.plugin).exists():
        p.error(f"{args.plugin} is not there; run make")


# Compile time grows faster than size: mostly small, some large.
SIZES = (2, 3, 2, 4, 3, 2, 5, 3, 7)


class Campaign:
    """Batches on several threads, results in one file."""

    def __init__(self, args):
        self.args, self.lock = args, threading.Lock()
        self.out = Path(args.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.file = self.out / "results.jsonl"
        if args.fresh and self.file.exists():
            self.file.unlink()
        self.tools = Toolchain(plugin=Path(args.plugin).resolve(),
                               limit=args.limit, valgrind=args.valgrind,
                               language=args.language)
        self.levels = (SANITIZED_LEVELS if args.sanitize else
                       args.levels.split(","))
        self.full = bool(args.full and self.levels == DEFAULT_LEVELS)
        self.features = (set(args.features.split(",")) if args.features
                         else set(ALL_FEATURES))
        self.features -= set(args.without.split(","))
        self.records = []
        self.started = time.time()
        if self.file.exists():
            self.records = self.read_results()
        self.old = len(self.records)
        self.compile_seconds = {}
        self.next_seed = max([args.start] +
                             [r["seed"] + 1 for r in self.records
                              if r["seed"] >= args.start])

    def read_results(self):
        try:
            return [json.loads(line)
                    for line in self.file.read_text().splitlines()]
        except ValueError as error:
            sys.exit(f"{self.file}: not a list of results ({error}); "
                     "--fresh starts anew")

    def program(self, seed, ident=None):
        return generate(seed if ident is None else ident, seed,
                        allowed=self.features, language=self.args.language,
                        size=self.args.size or SIZES[seed % len(SIZES)])

    def hunt(self, name):
        return Hunt(self.tools, self.levels, self.out / "work" / name,
                    self.args.second, self.full, self.args.turns)

    def worker(self, number):
        hunt = self.hunt(str(number))
        while True:
            with self.lock:
                done = self.next_seed - self.args.start
                left = self.args.count - done
                late = (self.args.seconds and
                        time.time() - self.started > self.args.seconds)
                if late or (left <= 0 and not self.args.seconds):
                    return
                size = self.args.batch
                if not self.args.seconds:
                    size = min(size, left)
                seeds = range(self.next_seed, self.next_seed + size)
                self.next_seed += size
            programs = [self.program(s) for s in seeds]
            verdicts = hunt.examine("batch", programs,
                                    seeds[0] // self.args.batch)
            self.record(programs, verdicts, hunt.refused_extras)
            with self.lock:
                self.compile_seconds[number] = (hunt.seconds_with,
                                                hunt.seconds_plain)

    def record(self, programs, verdicts, refused_extras):
        with self.lock:
            with self.file.open("a") as out:
                for p in programs:
                    levels = {k: [v.kind, v.cause, v.detail[:600]]
                              for k, v in verdicts[p.ident].items()}
                    row = {"seed": p.seed, "features": p.features,
                           "levels": levels}
                    if p.ident in refused_extras:
                        row["extras"] = refused_extras[p.ident]
                    self.records.append(row)
                    out.write(json.dumps(row) + "\n")
            if not self.args.quiet:
                new = len(self.records) - self.old
                rate = new / max(time.time() - self.started, 1e-9)
                print(f"\r{new} programs, {rate:.1f}/s, "
                      f"{report.one_line(self.records)}   ", end="",
                      file=sys.stderr, flush=True)

    def run(self):
        with ThreadPoolExecutor(self.args.jobs) as pool:
            for job in [pool.submit(self.worker, i)
                        for i in range(self.args.jobs)]:
                job.result()
        if not self.args.quiet:
            print(file=sys.stderr)

    def reduce_all(self):
        """One small program per kind of failure."""
        if not self.args.reduce:
            return
        groups = report.groups(self.records[self.old:])
        for key, members in list(groups.items())[:self.args.kinds]:
            seed, level = min(members)
            hunt = self.hunt("reduce")
            fails = still_fails(hunt, level, key)
            program = self.program(seed)
            if not fails(program):
                continue
            small = reduce(program, fails, self.args.reduce)
            path = report.write_finding(self.out / "findings", key, small,
                                        members, self.records)
            print(f"{key}: {path}")


def show(campaign, seed):
    program = campaign.program(seed)
    if campaign.args.show:
        print(f"// features: {' '.join(program.features)}")
        print(program.text())
    verdicts = campaign.hunt("one").examine("one", [program])
    for level, v in verdicts[program.ident].items():
        print(f"{level}: {v.key} {v.detail}")


def speed(count):
    """Busy machines: processor time is what can be compared."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    each = (used.ru_utime + used.ru_stime) / max(count, 1)
    cores = os.cpu_count() or 1
    return (f"{each:.2f} s of processor time each: "
            f"{cores / max(each, 1e-9):.1f} programs/s on {cores} idle cores")


def main():
    args = options()
    campaign = Campaign(args)
    if args.validate:
        return validate(campaign, args)
    if args.seed is not None:
        show(campaign, args.seed)
        return 0
    campaign.run()
    fresh = campaign.records[campaign.old:]
    print(report.table(fresh))
    print(speed(len(fresh)))
    with_tern, plain = (sum(t[i] for t in campaign.compile_seconds.values())
                        for i in (0, 1))
    if plain:
        print(f"compile time at -O2: {with_tern / plain:.1f} x plain")
    (campaign.out / "summary.json").write_text(
        json.dumps(report.summary(fresh), indent=1))
    campaign.reduce_all()
    return 1 if report.groups(fresh) else 0


if __name__ == "__main__":
    sys.exit(main())
