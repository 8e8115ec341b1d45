# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check-links.py REPOSITORY"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
faults = []
pages = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("benchmarks/*.md"),
         *root.glob("examples/*.md"), *root.glob("test/**/*.md")]
for page in pages:
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not (page.parent / target).exists():
            faults.append(f"{page.relative_to(root)}: {target} does not exist")
print("\n".join(faults) or f"{len(pages)} pages")
sys.exit(bool(faults) or not pages)
