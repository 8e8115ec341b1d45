#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: each-case.py SOURCE COMPILER [OPTIONS]

Compiles SOURCE with -DCASE=1, 2, ... up to the number in its line
"// LAST-CASE: N" and prints what the compiler says. Fails if a case compiles,
or if the compiler dies instead of refusing.
"""
import re
import subprocess
import sys

source, command = sys.argv[1], sys.argv[2:]
with open(source) as text:
    last = int(re.search(r"LAST-CASE: (\d+)", text.read()).group(1))
status = 0
for case in range(1, last + 1):
    print(f"case {case}:", flush=True)
    run = subprocess.run(
        [*command, "-w", f"-DCASE={case}", source],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    print(run.stdout, flush=True)
    if run.returncode != 1:
        print(f"case {case}: exit status {run.returncode}", file=sys.stderr)
        status = 1
sys.exit(status)
