# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""fake-prefix.py DIR TERN: a bin/ with the real tern and a compiler that prints
fixed messages, so that the test does not depend on what the analysis decides."""
import os
import shutil
import sys

folder, tern = sys.argv[1:]
os.makedirs(os.path.join(folder, "bin"))
shutil.copy(tern, os.path.join(folder, "bin", "tern"))
compiler = os.path.join(folder, "bin", "tern-clang++")
with open(compiler, "w") as script:
    script.write("""#!/bin/sh
case "$*" in
*REFUSED*)
  echo "a.cpp:1:5: error: no derivative for call to 'f' [tern-D01]; make the body visible" >&2
  exit 1 ;;
esac
for again in 1 2; do
  echo "a.cpp:2:8: remark: records 8 bytes per iteration of 'g' in 'f': it is overwritten [tern-R01] [-Rpass-analysis=tern]" >&2
done
""")
os.chmod(compiler, 0o755)
