# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a batch over all levels and finds out which program is to blame.

A batch compiles as one file. When that is refused, the programs that the
messages name are left out and the rest goes on; a program of which only a
second derivative, or the like, is refused keeps its first. When the compiler crashes or hangs,
halves of the batch are tried until the culprits are alone. Every program ends
with one verdict per level:

  ok · skip · refused <tag> · wrong <check> · leak · crash · hang · error
"""
import re
import shutil
from pathlib import Path

from .build import BY_TURNS, FULL, Batch, families
from .generator import PRELUDE

FAILURES = ("wrong", "leak", "crash", "hang", "error")
FULL_EVERY = 4  # batches


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
    stage = re.search(r"internal error in stage '(\w+)': (.*)", output)
    if stage:
        return f"X01 {stage[1]}: " + re.sub(r"[%\d].*", "", stage[2])[:60]
    errors = re.findall(r"(?:error|LLVM ERROR): (.*)", output)
    return re.sub(r"\bp\d+\w*|\d+", "#", errors[0])[:90] if errors else "?"


def verdict_of_build(outcome):
    if outcome.status == "hang":
        return Verdict("hang", "compiler", "")
    if outcome.status == "refused":
        refusals = outcome.refusals()
        line = refusals[0][3] if refusals else outcome.output[:200]
        return Verdict("refused", " ".join(outcome.tags), line)
    return Verdict(outcome.status, "compiler: " +
                   crash_signature(outcome.output), outcome.output[-3000:])


def verdict_of_tag(tag, line):
    if tag.startswith("tern-X"):
        return Verdict("error", "compiler: " + crash_signature(line), line)
    return Verdict("refused", tag, line)


def verdict_of_line(line):
    """A line of the harness, see harness.cpp."""
    words = line.split()
    if words[1] in ("ok", "skip"):
        return Verdict(words[1])
    if words[1] == "fail":
        kind = "leak" if words[2] == "leak" else "wrong"
        return Verdict(kind, words[2], " ".join(words[3:]))
    if words[1] == "stop":  # at run time, with a tag
        return Verdict("refused", words[2], "at run time: " + words[3])
    return Verdict(words[1], "run: " + words[2], " ".join(words[3:]))


class Hunt:
    def __init__(self, tools, levels, folder, second_share=4, full=True,
                 turns=False):
        self.tools, self.levels = tools, levels
        self.folder = Path(folder)
        self.second_share, self.full, self.turns = second_share, full, turns
        self.seconds_with, self.seconds_plain = 0.0, 0.0
        self.refused_extras = {}  # ident -> {family: tag}

    def wants_second_order(self, program):
        rough = {"float", "steps"} & set(program.features)
        return (self.second_share and not rough and
                program.seed % self.second_share == 0)

    def levels_of(self, number):
        """The levels of the batch with this number."""
        levels = self.levels
        if number is None:
            return levels
        if self.turns:
            passed_over = {l for group in BY_TURNS for l in group
                           if l != group[number % len(group)]}
            levels = [l for l in levels if l not in passed_over]
        if self.full and number % FULL_EVERY == 0:
            levels = levels + [FULL[number // FULL_EVERY % len(FULL)]]
        return levels

    def examine(self, name, programs, number=None):
        """{ident: {level: Verdict}}"""
        result = {p.ident: {} for p in programs}
        self.refused_extras = {}
        second = {p.ident for p in programs if self.wants_second_order(p)}
        batch = Batch(self.folder / name, programs, PRELUDE, self.tools, second)
        plain = batch.plain()
        if plain.status != "ok":
            return self.not_cxx(name, programs, plain)
        for family, levels in families(self.levels_of(number)).items():
            self.examine_family(batch, family, levels, result)
        shutil.rmtree(batch.folder, ignore_errors=True)
        return result

    def not_cxx(self, name, programs, plain):
        """The generator's fault: examine the others without that program."""
        if len(programs) == 1:
            verdict = Verdict("error", "generator", plain.output[:2000])
            return {programs[0].ident: {l: verdict for l in self.levels}}
        middle = len(programs) // 2
        return (self.examine(name, programs[:middle]) |
                self.examine(name, programs[middle:]))

    def examine_family(self, batch, family, levels, result):
        batch.everything()
        while batch.present():
            made = batch.differentiate(family)
            if made.status == "ok":
                break
            found = (self.named(batch, family, made) or
                     self.culprits(batch, lambda: batch.differentiate(family),
                                   made))
            for ident, verdict in found.items():
                self.note(result, [ident], levels, verdict)
        if not batch.present():
            return
        if family == "O2-full":
            self.seconds_with += made.seconds
            self.seconds_plain += batch.plain_seconds()
        for level in levels:
            self.examine_level(batch, family, level, result)

    @staticmethod
    def note(result, idents, levels, verdict):
        """A failure stays, whatever else is said of the program."""
        for ident in idents:
            for level in levels:
                old = result[ident].get(level)
                if not (old and old.failed):
                    result[ident][level] = verdict

    def named(self, batch, family, made):
        """Leaves out what the tagged errors name. {ident: Verdict}"""
        known = {p.ident for p in batch.present()}
        found = {}
        with_extras = batch.extras - batch.first_only
        lines = made.refusals() if made.status in ("refused", "error") else []
        for ident, what, tag, line in lines:
            if ident not in known:
                continue
            verdict = verdict_of_tag(tag, line)
            if ident in with_extras:
                # Perhaps the plain requests are not refused.
                places = (batch.without_rov if what == "slope" and
                          ident not in batch.without_rov else batch.first_only)
                places.add(ident)
                kinds = self.refused_extras.setdefault(ident, {})
                kinds[family] = f"{what} {tag} {line[:400]}".strip()
                if verdict.kind == "refused":
                    found.setdefault(ident, Verdict("ok"))
                    continue
            else:
                batch.left_out.add(ident)
            found[ident] = verdict
        return found

    def culprits(self, batch, make, outcome):
        """Leaves out the programs that fail by themselves. {ident: Verdict}"""
        before = set(batch.left_out)

        def search(group, outcome):
            if len(group) == 1:
                return {group[0].ident: verdict_of_build(outcome)}
            found = {}
            middle = len(group) // 2
            for part in (group[:middle], group[middle:]):
                batch.left_out = {p.ident for p in batch.programs
                                  if p not in part}
                made = make()
                if made.status != "ok":
                    found |= search(part, made)
            return found

        group = batch.present()
        found = search(group, outcome) or {
            p.ident: verdict_of_build(outcome) for p in group}
        batch.left_out = before | set(found)
        return found

    def examine_level(self, batch, family, level, result):
        made = batch.finish(level)
        if made.status == "ok":
            self.execute(batch, level, result)
            return

        def make():
            again = batch.differentiate(family)
            return batch.finish(level) if again.status == "ok" else again

        before = set(batch.left_out)
        batch.forget(level)
        for ident, verdict in self.culprits(batch, make, made).items():
            self.note(result, [ident], [level], verdict)
        if batch.present() and make().status == "ok":
            self.execute(batch, level, result)
        batch.forget(level)
        batch.left_out = before
        batch.differentiate(family)

    def execute(self, batch, level, result):
        ran = batch.execute(level)
        lines = [l for l in ran.output.splitlines() if re.match(r"\d+ \w", l)]
        present = {p.ident for p in batch.present()}
        for line in lines:
            program = batch.programs[int(line.split()[0])]
            if program.ident not in present:
                continue
            verdict = verdict_of_line(line)
            if verdict.kind == "crash" and "anitizer" in ran.output:
                found = re.findall(r"(?:AddressSanitizer|LeakSanitizer|runtime "
                                   r"error): ?([\w -]+)", ran.output)
                verdict.cause += " " + (found[0][:40] if found else "")
            present.discard(program.ident)
            old = result[program.ident].get(level)
            if verdict.failed or not (old and old.failed):
                result[program.ident][level] = verdict
        self.note(result, present, [level],
                  Verdict("crash", "harness", ran.output[-500:]))


def still_fails(hunt, level, key):
    """The predicate for reduction: same kind and cause at that level."""
    alone = Hunt(hunt.tools, [level], hunt.folder, hunt.second_share, False)

    def fails(program):
        verdict = alone.examine("reduce", [program])[program.ident].get(level)
        if verdict is None or not (verdict.failed or verdict.kind == "refused"):
            return False
        return verdict.key == key
    return fails
