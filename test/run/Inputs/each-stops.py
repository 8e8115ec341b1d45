# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: each-stops.py PROGRAM... -- WORD...

Runs every program with every word. Each run has to abort; prints the last
one's message, which all have to share."""

import signal
import subprocess
import sys

split = sys.argv.index("--")
messages = set()
for program in sys.argv[1:split]:
    for word in sys.argv[split + 1 :]:
        run = subprocess.run([program, word], capture_output=True, text=True)
        if run.returncode != -signal.SIGABRT:
            sys.exit(f"{program} {word}: exit status {run.returncode}")
        messages.add(run.stderr)
if len(messages) != 1:
    sys.exit(f"several messages: {messages}")
print(messages.pop())
