# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs batches over all levels and finds out which program is to blame.

A batch compiles as one file. When that is refused, crashes or hangs, the
programs that the message names are set aside and the rest goes on; when no
program is named the batch is halved until the culprits are alone. Every
program ends with one verdict per level:

  ok · skip · refused <tag> · wrong <check> · leak · crash · hang · error
"""
import re
import shutil
from pathlib import Path

from .build import Batch
from .generator import PRELUDE

FAILURES = ("wrong", "leak", "crash", "hang", "error")


class Verdict:
    __slots__ = ("kind", "cause", "detail")

    def __init__(self, kind, cause="", detail=""):
        self.kind, self.cause, self.detail = kind, cause, detail

    @property
    def failed(self):
        return self.kind in FAILURES

    @property
    def key(self):
        return f"{self.kind} {self.cause}".strip()


def crash_signature(output):
    """The innermost frames of ours, or the assertion, or the first error."""
    m = re.search(r"Assertion `(.{0,120})", output)
    if m:
        return "assert " + m[1]
    frames = re.findall(r"\btern::(?:\(anonymous namespace\)::)?([\w:]+)\(",
                        output)
    frames = list(dict.fromkeys(frames))
    if not frames:
        frames = re.findall(r"#\d+ 0x\w+ (?:\(anonymous namespace\)::|llvm::)?"
                            r"([A-Za-z_][\w:]+)", output)[3:6]
    if frames:
        return " < ".join(frames[:3])
    errors = re.findall(r"(?:error|LLVM ERROR): (.*)", output)
    return re.sub(r"\bp\d+\w*|\d+", "#", errors[0])[:90] if errors else "?"


def verdict_of_build(outcome):
    if outcome.status == "hang":
        return Verdict("hang", "compiler", "")
    if outcome.status == "refused":
        refusals = outcome.refusals()
        line = refusals[0][2] if refusals else outcome.output[:200]
        return Verdict("refused", " ".join(outcome.tags), line)
    return Verdict(outcome.status, "compiler: " +
                   crash_signature(outcome.output), outcome.output[-3000:])


def verdict_of_line(line):
    """A line of the harness, see harness.cpp."""
    words = line.split()
    if words[1] in ("ok", "skip"):
        return Verdict(words[1])
    if words[1] == "fail":
        kind = "leak" if words[2] == "leak" else "wrong"
        return Verdict(kind, words[2], " ".join(words[3:]))
    return Verdict(words[1], "run: " + words[2], " ".join(words[3:]))


class Hunt:
    def __init__(self, tools, levels, folder, second_share=4):
        self.tools, self.levels = tools, levels
        self.folder = Path(folder)
        self.second_share = second_share
        self.seconds_with, self.seconds_plain = 0.0, 0.0

    def wants_second_order(self, program):
        rough = {"float", "steps"} & set(program.features)
        return (self.second_share and not rough and
                program.seed % self.second_share == 0)

    def batch(self, name, programs):
        second = {p.ident for p in programs if self.wants_second_order(p)}
        return Batch(self.folder / name, programs, PRELUDE, self.tools, second)

    def examine(self, name, programs):
        """{ident: {level: Verdict}}"""
        result = {p.ident: {} for p in programs}
        for level in self.levels:
            self.examine_level(name, programs, level, result, 0)
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return result

    def examine_level(self, name, programs, level, result, depth):
        if not programs:
            return
        batch = self.batch(name, programs)
        made = batch.folder / "oracle.o"
        stamp = batch.folder / "oracle.txt"
        who = " ".join(p.name for p in programs)
        if not (made.exists() and stamp.exists() and stamp.read_text() == who):
            plain = batch.plain()
            if plain.status != "ok":
                self.isolate(name, programs, level, result, depth,
                             Verdict("error", "generator", plain.output[:2000]))
                return
            stamp.write_text(who)
        outcome = batch.compile(level)
        if outcome.status != "ok":
            named = {}
            for ident, tag, line in outcome.refusals():
                named.setdefault(ident, Verdict("refused", tag, line))
            known = [p for p in programs if p.ident in named]
            if outcome.status == "refused" and known:
                for p in known:
                    result[p.ident][level] = named[p.ident]
                rest = [p for p in programs if p.ident not in named]
                self.examine_level(name, rest, level, result, depth)
                return
            self.isolate(name, programs, level, result, depth,
                         verdict_of_build(outcome))
            return
        if level == "O2" and len(programs) > 5:
            self.seconds_with += outcome.seconds
            self.seconds_plain += batch.plain_seconds()
        self.execute(batch, programs, level, result)

    def isolate(self, name, programs, level, result, depth, verdict):
        if len(programs) == 1:
            result[programs[0].ident][level] = verdict
            return
        middle = len(programs) // 2
        for part in (programs[:middle], programs[middle:]):
            self.examine_level(name, part, level, result, depth + 1)

    def execute(self, batch, programs, level, result):
        ran = batch.execute(level)
        lines = [l for l in ran.output.splitlines() if re.match(r"\d+ \w", l)]
        for line in lines:
            program = programs[int(line.split()[0])]
            verdict = verdict_of_line(line)
            if verdict.kind == "crash" and "anitizer" in ran.output:
                found = re.findall(r"(?:AddressSanitizer|LeakSanitizer|runtime "
                                   r"error): ?([\w -]+)", ran.output)
                verdict.cause += " " + (found[0][:40] if found else "")
            result[program.ident][level] = verdict
        for p in programs:
            result[p.ident].setdefault(
                level, Verdict("crash", "harness", ran.output[-500:]))


def still_fails(hunt, level, key):
    """The predicate for reduction: same kind and cause at that level."""
    def fails(program):
        result = {program.ident: {}}
        hunt.examine_level("reduce", [program], level, result, 0)
        verdict = result[program.ident].get(level)
        if verdict is None:
            return False
        if key.startswith("refused"):
            return verdict.key == key
        return verdict.failed and verdict.key == key
    return fails
