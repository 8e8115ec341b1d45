# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check-sources.py REPOSITORY"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
faults = []
sources = []
for folder in ("plugin", "runtime", "include", "examples", "benchmarks"):
    for path in (root / folder).rglob("*"):
        if path.suffix in (".cpp", ".h", ".hpp", ".c", ".def"):
            sources.append(path)
for path in sources:
    name = path.relative_to(root)
    text = path.read_text()
    if "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception" not in "".join(
        text.splitlines(keepends=True)[:2]
    ):
        faults.append(f"{name}: no SPDX line")
    if re.search(r"#\s*if.*LLVM_VERSION", text):
        faults.append(f"{name}: a switch on the LLVM version")
    if name.parts[0] == "plugin" and re.search(r"\b(errs|outs|dbgs)\(\)", text):
        faults.append(f"{name}: prints; messages belong in Diagnostics.def")
print("\n".join(faults) or f"{len(sources)} files")
sys.exit(bool(faults) or not sources)
