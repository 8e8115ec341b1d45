# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From programs to executables, one per level, with Tern in them.

clang hands Tern the same IR at -O1, -O2 and -O3: the plugin runs before all
optimisation. Levels that share their input form a family, which is
differentiated once. What LLVM makes of the derivatives differs by level.

  family  levels      Tern sees                  the derivatives then go through
  O0      O0          clang -O0                  the compiler's own command
  start   O1 O2 O3    clang -O2, no passes run   default<O1>, on it default<O2>,
                                                 on it default<O3>
  opt2    opt2        default<O2>                nothing
  lto     lto         two files, linked, what    LTO at --lto-O0
                      -flto -O2 made of them

Machine code comes from -O0, as most of the time would go into registers. The
levels O1-full to opt2-full are the compiler's own command instead, with
everything it does; a campaign builds one of them in each fourth batch, by turns.
"""
from pathlib import Path

from .text import batch_text, extras_of, oracle_text
from .toolchain import (COMMON, QUIET, SUPPORT, Outcome, cached,
                        harness_object, run)

DRIVER = {
    "O0": ["-O0"],
    "O1-full": ["-O1"], "O2-full": ["-O2"], "O3-full": ["-O3"],
    "O0g": ["-O0", "-g"], "O2g": ["-O2", "-g"], "Os": ["-Os"],
    "fast": ["-O2", "-ffast-math"],
    "O2asan": ["-O2", "-fsanitize=address,undefined",
               "-fno-sanitize-recover=undefined"],
    "O0asan": ["-O0", "-fsanitize=address"],
    "O1asan": ["-O1", "-fsanitize=address,undefined",
               "-fno-sanitize-recover=undefined"],
}
FAMILIES = {"O1": "start", "O2": "start", "O3": "start",
            "opt1": "opt1", "opt2": "opt2", "opt3": "opt3", "lto": "lto"}
FULL = ["O1-full", "O2-full", "O3-full", "lto-full", "opt2-full"]
LEVELS = [*FAMILIES, *DRIVER, "lto-full", "opt2-full"]
DEFAULT_LEVELS = ["O0", "O1", "O2", "O3", "lto", "opt2"]
SANITIZED_LEVELS = ["O0asan", "O1asan", "O2asan"]
BY_TURNS = [["O1", "O2", "O3"], ["O0", "lto", "opt2"]]
BEFORE = {"O2": "O1", "O3": "O2"}  # whose output the level goes on with


def families(levels):
    """{family: its levels}, in order."""
    found = {}
    for level in levels:
        found.setdefault(FAMILIES.get(level, level), []).append(level)
    return found


class Batch:
    """Some programs in a folder of their own."""

    def __init__(self, folder, programs, prelude, tools, second_order=(),
                 validating=False):
        self.folder, self.programs, self.tools = Path(folder), programs, tools
        self.folder.mkdir(parents=True, exist_ok=True)
        self.extras = {p.ident for p in programs
                       if extras_of(p, p.ident in second_order)}
        self.left_out, self.first_only, self.without_rov = set(), set(), set()
        self.source = "batch.c" if tools.language == "c" else "batch.cpp"
        (self.folder / self.source).write_text(
            batch_text(programs, prelude, second_order))
        (self.folder / "oracle.cpp").write_text(
            oracle_text(programs, prelude, second_order, validating))

    def run(self, command, limit=None):
        return run(command, limit or self.tools.limit, self.folder,
                   self.tools.nice)

    # -- which programs, and what of them

    def present(self):
        return [p for p in self.programs if p.ident not in self.left_out]

    def everything(self):
        """All programs again. Of what is asked beside plain forward and reverse
        mode, what one family has refused the next is not asked for."""
        self.left_out = set()

    def compiler(self, *flags):
        """clang on the file with the requests."""
        kinds = (("WITHOUT", self.left_out), ("FIRST", self.first_only),
                 ("FOV", self.without_rov))
        defines = [f"-DFUZZ_{kind}_p{i}" for kind, idents in kinds
                   for i in sorted(idents)]
        return [self.tools.clang, *self.tools.source_flags, *defines, *flags,
                "-c", self.source]

    # -- without Tern

    def plain(self):
        """The programs as oracles: are they even C++?"""
        t = self.tools
        header = cached(t, "oracle", ".pch", [
            "-O0", *COMMON, "-Xclang", "-fno-pch-timestamp", "-x",
            "c++-header", str(SUPPORT / "oracle.h")])
        return self.run([t.clang, "-O0", *COMMON, "-include-pch", str(header),
                         "-c", "oracle.cpp", "-o", "oracle.o"])

    def plain_seconds(self):
        """Time of -O2 without Tern, the requests left as calls."""
        return self.run([*self.compiler("-O2"), "-o", "plain.o"]).seconds

    # -- with Tern

    def steps(self, *commands):
        """Runs commands until one fails; seconds of all."""
        seconds = 0.0
        for command in commands:
            done = self.run(command)
            seconds += done.seconds
            if done.status != "ok":
                break
        done.seconds = seconds
        return done

    def differentiate(self, family):
        """All that runs Tern; leaves <family>.ad.bc, .o or the executable."""
        t = self.tools
        plug = f"-fpass-plugin={t.plugin}"
        start = [*self.compiler("-O2", "-Xclang", "-disable-llvm-passes",
                                "-emit-llvm"), "-o", f"{family}.bc"]
        output = ["-o", f"{family}.ad.bc"]
        if family == "start":
            # Unlike opt, clang goes on after an error and names them all.
            return self.steps(start, [t.clang, "-O0", *QUIET, plug, "-c",
                                      "-emit-llvm", f"{family}.bc", *output])
        if family.startswith("lto"):
            return self.link_time(family, plug)
        if family.startswith("opt"):
            flags = [f"-O{family[3]}", "-emit-llvm"]
            tern = [t.opt, f"-load-pass-plugin={t.plugin}", "-passes=tern",
                    f"{family}.bc", *output]
            return self.steps([*self.compiler(*flags), "-o", f"{family}.bc"],
                              tern)
        return self.steps([*self.compiler(*DRIVER[family], plug), "-o",
                           f"{family}.o"])

    def link_time(self, family, plug):
        t = self.tools
        parts = [[*self.compiler("-O2", "-flto", plug, f"-DFUZZ_PART={k}"),
                  "-o", f"{family}.{k}.o"] for k in (1, 2)]
        effort = ([] if family == "lto-full" else
                  ["-Wl,--lto-O0", "-Wl,--lto-CGO0"])
        link = [t.clang, "-O2", "-flto", "-fuse-ld=lld", *effort,
                f"-Wl,--load-pass-plugin={t.plugin}", f"{family}.1.o",
                f"{family}.2.o", *self.linked(family)]
        return self.steps(*parts, link)

    def linked(self, level):
        harness = harness_object(self.tools, "asan" in level)
        return ["-fuse-ld=lld", "oracle.o", str(harness), "-o",
                f"run-{level}", "-lm"]

    def finish(self, level):
        """Links `run-<level>` from what its family has left."""
        t, family = self.tools, FAMILIES.get(level, level)
        if family.startswith("lto"):
            return Outcome("ok")
        if family == "opt2-full":
            return self.steps([t.clang, "-O2", *QUIET, f"{family}.ad.bc",
                               *self.linked(level)])
        if family in DRIVER:
            return self.steps([t.clang, *DRIVER[family], f"{family}.o",
                               *self.linked(level)])
        code, commands = f"{family}.ad.bc", []
        if family == "start":
            before = self.folder / f"{BEFORE.get(level)}.ad.bc"
            commands = [[t.opt, "-vectorize-slp=false", "-disable-verify",
                         f"-passes=default<{level}>",
                         before.name if before.exists() else code, "-o",
                         f"{level}.ad.bc"]]
            code = f"{level}.ad.bc"
        done = self.steps(*commands, [t.clang, "-O0", *QUIET, code,
                                      *self.linked(level)])
        if done.status == "error" and "[tern-" not in done.output:
            done.output = "link: " + done.output
        return done

    def forget(self, level):
        """A level whose build failed is no start for the next one."""
        (self.folder / f"{level}.ad.bc").unlink(missing_ok=True)

    def execute(self, level, arguments=()):
        command = [f"./run-{level}", *arguments]
        if self.tools.valgrind:
            command = ["valgrind", "-q", "--error-exitcode=77",
                       "--leak-check=full", "--trace-children=yes", *command]
        patience = 10 if self.tools.valgrind else 1
        return self.run(command,
                        limit=patience * (30 + 25 * len(self.programs)))
