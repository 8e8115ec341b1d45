# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From programs to executables, one per level.

A level is a way to bring the batch to machine code with Tern in it: clang at
-O0 to -O3, link-time optimisation, `opt` on IR that clang has optimised. All
levels share the harness and the oracle, which plain clang compiles once.
"""
import hashlib
import os
import re
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

CACHE_LOCK = threading.Lock()
HERE = Path(__file__).resolve().parent
SUPPORT = HERE.parent / "support"
ROOT = HERE.parent.parent.parent

LEVELS = {
    "O0": ["-O0"], "O1": ["-O1"], "O2": ["-O2"], "O3": ["-O3"],
    "O2g": ["-O2", "-g"], "fast": ["-O2", "-ffast-math"],
    "O2asan": ["-O2", "-fsanitize=address,undefined",
               "-fno-sanitize-recover=undefined"],
    "O0asan": ["-O0", "-fsanitize=address"],
    "lto": [], "opt1": ["-O1"], "opt2": ["-O2"],
}
DEFAULT_LEVELS = ["O0", "O1", "O2", "O3", "lto", "opt2"]
COMMON = ["-std=c++20", f"-I{SUPPORT}", "-w", "-fno-crash-diagnostics",
          "-Wno-everything", "-ferror-limit=0"]


@dataclass
class Toolchain:
    plugin: Path = ROOT / "build/lib/TernPlugin.so"
    clang: str = "clang++-22"
    opt: str = "opt-22"
    limit: int = 120  # seconds for one compilation of a batch
    nice: bool = True


class Outcome:
    """How a compilation ended: ok, refused (with tags), crash, hang, error."""

    def __init__(self, status, output="", seconds=0.0):
        self.status, self.output, self.seconds = status, output, seconds

    @property
    def tags(self):
        return sorted(set(re.findall(r"\[(tern-[A-Z]\d+)\]", self.output)))

    def refusals(self):
        """(program, tag, message) for each error that names its program."""
        found = []
        for line in self.output.splitlines():
            tag = re.search(r"\[(tern-[A-Z]\d+)\]", line)
            if not tag:
                continue
            names = re.findall(r"\bp(\d+)(?:_|\b)", line)
            found.append((int(names[0]) if names else None, tag[1], line))
        return found


def run(command, limit, cwd, nice=True):
    start = time.time()
    if nice:
        command = ["nice", "-n", "5"] + command
    try:
        done = subprocess.run(command, cwd=cwd, timeout=limit, text=True,
                              stdout=subprocess.PIPE, errors="replace",
                              stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired as late:
        output = late.output or b""
        if isinstance(output, bytes):
            output = output.decode(errors="replace")
        return Outcome("hang", output, time.time() - start)
    seconds = time.time() - start
    if done.returncode == 0:
        return Outcome("ok", done.stdout, seconds)
    crashed = (done.returncode < 0 or done.returncode >= 128 or
               "PLEASE submit a bug report" in done.stdout or
               "Stack dump" in done.stdout)
    tagged = "[tern-" in done.stdout and "[tern-X" not in done.stdout
    status = "crash" if crashed else "refused" if tagged else "error"
    return Outcome(status, done.stdout, seconds)


def batch_text(programs, prelude, second_order=()):
    lines = ["#define FUZZ_DOUBLE 1", '#include "reals.h"',
             '#include "requests.h"', prelude]
    rows = []
    for p in programs:
        lines.append(p.text())
        suffix = "_UNMARKED" if p.unmarked else ""
        lines += [f"FUZZ_PRIMAL({p.name})", f"FUZZ_FORWARD{suffix}({p.name})",
                  f"FUZZ_REVERSE{suffix}({p.name})"]
        fov = rov = "nullptr"
        if p.ident in second_order:
            lines += [f"FUZZ_FORWARD_OVER_REVERSE({p.name})",
                      f"FUZZ_REVERSE_OVER_REVERSE({p.name})"]
            fov, rov = f"{p.name}_fov", f"{p.name}_rov"
        wide = split = "nullptr"
        if p.seed % 8 == 2:
            lines.append(f"FUZZ_WIDE({p.name})")
            wide = f"{p.name}_wide"
        if p.seed % 8 == 3:
            lines.append(f"FUZZ_SPLIT({p.name})")
            split = f"{p.name}_split"
        floats = "true" if p.has_floats else "false"
        rows.append(f'{{"{p.name}", {floats}, {p.name}_primal, '
                    f"{p.name}_forward, {p.name}_reverse, {fov}, {rov}, "
                    f"{wide}, {split}}},")
    lines += ["extern const tern_fuzz::derivatives fuzz_programs[] = {", *rows,
              "};", f"extern const int fuzz_program_count = {len(programs)};"]
    return "\n".join(lines) + "\n"


def oracle_text(programs, prelude, validating=False):
    lines = []  # oracle.h comes precompiled
    meanings = [("first", "dual1", "tern_fuzz::dual<float>"),
                ("second", "dual2", "tern_fuzz::dual<tern_fuzz::dual<float>>")]
    body = prelude + "\n" + "\n".join(p.text() for p in programs)
    for space, real, floating in meanings:
        lines += [f"namespace {space} {{", "#define FUZZ_DUAL 1",
                  f"#define FUZZ_REAL tern_fuzz::{real}",
                  f"#define FUZZ_FLOAT {floating}", '#include "reals.h"',
                  body, "#undef FUZZ_DUAL", "#undef FUZZ_REAL",
                  "#undef FUZZ_FLOAT", "}"]
    if validating:
        lines += ["namespace extended {", '#include "reals.h"', body, "}"]
    lines.append("""
template <class T, T (*F)(T *, T *, T, T, long, long)>
static T entered(tern_fuzz::state<T> &s, tern_fuzz::call_sizes z) {
  return F(s.x, s.y, s.a, s.b, z.n, z.m);
}
extern const tern_fuzz::oracle fuzz_oracles[] = {""")
    for p in programs:
        row = (f"{{entered<tern_fuzz::dual1, first::{p.name}>, "
               f"entered<tern_fuzz::dual2, second::{p.name}>, ")
        row += f"entered<long double, extended::{p.name}>" if validating \
            else "nullptr"
        lines.append(row + "},")
    lines.append("};")
    return "\n".join(lines) + "\n"


class Batch:
    """Some programs in a folder of their own."""

    def __init__(self, folder, programs, prelude, tools, second_order=(),
                 validating=False):
        self.folder, self.programs, self.tools = Path(folder), programs, tools
        self.folder.mkdir(parents=True, exist_ok=True)
        self.second_order = second_order
        (self.folder / "batch.cpp").write_text(
            batch_text(programs, prelude, second_order))
        (self.folder / "oracle.cpp").write_text(
            oracle_text(programs, prelude, validating))

    def run(self, command, limit=None):
        return run(command, limit or self.tools.limit, self.folder,
                   self.tools.nice)

    def plain(self):
        """The programs and the oracle without Tern: are they even C++?"""
        t = self.tools
        header = cached(t, "oracle", ".pch", [
            "-O0", *COMMON, "-Xclang", "-fno-pch-timestamp", "-x",
            "c++-header", str(SUPPORT / "oracle.h")])
        return self.run([t.clang, "-O0", *COMMON, "-include-pch", str(header),
                         "-c", "oracle.cpp", "-o", "oracle.o"])

    def plain_seconds(self):
        """Time of -O2 without Tern, the requests left as calls."""
        done = self.run([self.tools.clang, "-O2", *COMMON, "-c", "batch.cpp",
                         "-o", "plain.o"])
        return done.seconds

    def compile(self, level):
        """Links `run-<level>` from the batch, the oracle and the harness."""
        t, flags = self.tools, LEVELS[level]
        harness = harness_object(t, "asan" in level)
        plug = f"-fpass-plugin={t.plugin}"
        link = ["oracle.o", str(harness), "-o", f"run-{level}", "-lm"]
        if level == "lto":
            made = self.run([t.clang, "-O2", "-flto", *COMMON, plug, "-c",
                             "batch.cpp", "-o", "lto.o"])
            if made.status != "ok":
                return made
            done = self.run([t.clang, "-O2", "-flto", "-fuse-ld=lld",
                             f"-Wl,--load-pass-plugin={t.plugin}", "lto.o",
                             *link])
        elif level.startswith("opt"):
            made = self.run([t.clang, *flags, *COMMON, "-emit-llvm", "-c",
                             "batch.cpp", "-o", f"{level}.bc"])
            if made.status != "ok":
                return Outcome("error", made.output)
            made = self.run([t.opt, f"-load-pass-plugin={t.plugin}",
                             "-passes=tern", f"{level}.bc", "-o",
                             f"{level}.ad.bc"])
            if made.status != "ok":
                return made
            done = self.run([t.clang, *flags, *COMMON, f"{level}.ad.bc",
                             *link])
        else:
            made = self.run([t.clang, *flags, *COMMON, plug, "-c",
                             "batch.cpp", "-o", f"{level}.o"])
            if made.status != "ok":
                return made
            done = self.run([t.clang, *flags, f"{level}.o", *link])
        if done.status == "error" and "[tern-" not in done.output:
            done.output = "link: " + done.output
        done.seconds += made.seconds
        return done

    def execute(self, level, arguments=()):
        return self.run([f"./run-{level}", *arguments],
                        limit=30 + 25 * len(self.programs))


def harness_object(tools, sanitized=False):
    flags = ["-O2", "-w", "-std=c++20"]
    if sanitized:
        flags += ["-fsanitize=address", "-DFUZZ_SANITIZED"]
    name = "harness-asan" if sanitized else "harness"
    return cached(tools, name, ".o",
                  [*flags, "-c", str(SUPPORT / "harness.cpp")])


def cached(tools, name, suffix, arguments):
    """What no program changes is compiled once per content of support/."""
    key = hashlib.sha256(b"".join(
        f.read_bytes() for f in sorted(SUPPORT.iterdir())) +
        str(SUPPORT).encode()).hexdigest()[:16]
    cache = Path(tempfile.gettempdir()) / "tern-fuzz-cache"
    cache.mkdir(exist_ok=True)
    made = cache / f"{name}-{key}{suffix}"
    with CACHE_LOCK:
        if not made.exists():
            scratch = cache / f"{name}-{key}.{os.getpid()}{suffix}"
            done = subprocess.run([tools.clang, *arguments, "-o",
                                   str(scratch)])
            if done.returncode:
                raise SystemExit(f"{name} does not compile")
            scratch.rename(made)
    return made
