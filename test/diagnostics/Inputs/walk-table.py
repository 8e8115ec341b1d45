# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: walk-table.py REPOSITORY    compares messages, pages and tests"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
table = (root / "plugin" / "Diagnostics.def").read_text()
page = (root / "docs" / "diagnostics.md").read_text()
tags = re.findall(r'^DIAGNOSTIC\(\s*\w+,\s*"(\w+)"', table, re.MULTILINE)
sections = dict(re.findall(r"^## tern-(\w+)\b.*\n((?:(?!## ).*\n?)*)", page, re.MULTILINE))
tests = {}
for path in (root / "test" / "diagnostics").rglob("*"):
    match = re.match(r"([DBORX]\d\d)-", path.name)
    if match and path.is_file():
        tests.setdefault(match[1], []).append(path)

faults = []
if not tags:
    faults.append("plugin/Diagnostics.def has no rows")
for tag in sorted(set(tag for tag in tags if tags.count(tag) > 1)):
    faults.append(f"tern-{tag} stands in plugin/Diagnostics.def twice")
for tag in tags:
    if tag not in sections:
        faults.append(f"tern-{tag} has no section in docs/diagnostics.md")
    else:
        for part in ("**Cause.**", "**Example.**", "**Cure.**"):
            if part not in sections[tag]:
                faults.append(f"docs/diagnostics.md: tern-{tag} lacks {part}")
    if not any(f"tern-{tag}" in path.read_text() for path in tests.get(tag, [])):
        faults.append(f"tern-{tag} has no test in test/diagnostics")
for tag in sorted((sections.keys() | tests.keys()) - set(tags)):
    faults.append(f"tern-{tag} is not in plugin/Diagnostics.def")

print("\n".join(faults) or f"{len(tags)} tags, each with a section and a test")
sys.exit(1 if faults else 0)
