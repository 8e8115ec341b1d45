# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Commands with a time limit, how they ended, and what is compiled once."""
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
QUIET = [f"-I{SUPPORT}", "-w", "-fno-crash-diagnostics", "-Wno-everything",
         "-ferror-limit=0"]
COMMON = ["-std=c++20", *QUIET]


@dataclass
class Toolchain:
    plugin: Path = ROOT / "build/lib/TernPlugin.so"
    clang: str = "clang++-22"
    opt: str = "opt-22"
    limit: int = 120  # seconds for one compilation of a batch
    nice: bool = True
    language: str = "c++"  # of the differentiated programs
    valgrind: bool = False  # run them under memcheck

    @property
    def source_flags(self):
        """How the file with the requests is read."""
        if self.language == "c":
            return ["-x", "c", "-std=gnu2x", *QUIET]
        return COMMON


class Outcome:
    """How a command ended: ok, refused (with tags), crash, hang, error."""

    def __init__(self, status, output="", seconds=0.0):
        self.status, self.output, self.seconds = status, output, seconds

    @property
    def tags(self):
        return sorted(set(re.findall(r"\[(tern-[A-Z]\d+)\]", self.output)))

    def refusals(self):
        """(program, what of it, tag, message) for each tagged error.

        "What" is the suffix of a function made around the program (`slope`,
        `inner`: second order) or empty; program is None if none is named.
        """
        found = []
        for line in self.output.splitlines():
            tag = re.search(r"\[(tern-[A-Z]\d+)\]", line)
            if not tag:
                continue
            name = re.search(r"\bp(\d+)(?:_(slope|inner))?(?=_|\b)", line)
            found.append((int(name[1]) if name else None,
                          name[2] or "" if name else "", tag[1], line))
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


def harness_object(tools, sanitized=False):
    flags = ["-O2", "-w", "-std=c++20"]
    if sanitized:
        flags += ["-fsanitize=address", "-DFUZZ_SANITIZED"]
    elif tools.valgrind:
        flags += ["-DFUZZ_SANITIZED"]  # memcheck wants malloc for itself
    name = ("harness-asan" if sanitized else
            "harness-valgrind" if tools.valgrind else "harness")
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
