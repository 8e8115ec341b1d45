#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs reduced findings again: which are fixed?

  findings.py FOLDER [--levels O0,O1,O2,O3,opt2]

Each NNN-name.cpp is compiled and run at every level. FOLDER/STATUS.txt says
OPEN with what goes wrong, FIXED where all levels pass, or REFUSED with the tag
where a failure has become an error message.
"""
import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from ternfuzz.hunt import crash_signature  # noqa: E402
from ternfuzz.toolchain import COMMON, ROOT, Toolchain, run  # noqa: E402


def verdict(tools, source, level, folder):
    plug = f"-fpass-plugin={tools.plugin}"
    flags = ["-flto", "-O2"] if level == "lto" else [f"-O{level[-1]}"]
    link = (["-fuse-ld=lld", f"-Wl,--load-pass-plugin={tools.plugin}"]
            if level == "lto" else [])
    if level.startswith("opt"):
        made = through_opt(tools, source, flags, folder)
    else:
        made = run([tools.clang, *flags, *COMMON, plug, *link, str(source),
                    "-o", "single", "-lm"], tools.limit, folder, tools.nice)
    if made.status == "refused":
        return "refused " + " ".join(made.tags)
    if made.status != "ok":
        return f"compiler {made.status} ({crash_signature(made.output)})"
    ran = run(["./single"], 20, folder, tools.nice)
    if ran.status == "ok":
        return "ok"
    if ran.status in ("crash", "hang"):
        return f"{ran.status} at run time"
    return "wrong: " + "; ".join(ran.output.splitlines()[:2])


def through_opt(tools, source, flags, folder):
    """Tern runs on IR that clang has optimised already."""
    for command in (
            [tools.clang, *flags, *COMMON, "-emit-llvm", "-c", str(source),
             "-o", "plain.bc"],
            [tools.opt, f"-load-pass-plugin={tools.plugin}", "-passes=tern",
             "plain.bc", "-o", "ad.bc"],
            [tools.clang, *flags, *COMMON, "ad.bc", "-o", "single", "-lm"]):
        made = run(command, tools.limit, folder, tools.nice)
        if made.status != "ok":
            break
    return made


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("folder", type=Path)
    p.add_argument("--levels", default="O0,O1,O2,O3,opt2")
    p.add_argument("--plugin", default=str(ROOT / "build/lib/TernPlugin.so"))
    args = p.parse_args()
    tools = Toolchain(plugin=Path(args.plugin).resolve(), limit=60)
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted(args.folder.glob("[0-9]*.cpp")):
            found = {level: verdict(tools, source.resolve(), level, folder)
                     for level in args.levels.split(",")}
            bad = {k: v for k, v in found.items()
                   if v != "ok" and not v.startswith("refused")}
            refused = {k: v for k, v in found.items()
                       if v.startswith("refused")}
            state = "OPEN" if bad else "REFUSED" if refused else "FIXED"
            why = ", ".join(f"{k} {v}" for k, v in (bad or refused).items())
            lines.append(f"{state:8}{source.name}  {why}")
            print(lines[-1], flush=True)
    (args.folder / "STATUS.txt").write_text("\n".join(lines) + "\n")
    return 1 if any(line.startswith("OPEN") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
