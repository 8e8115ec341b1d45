# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check-links.py REPOSITORY"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
faults = []
pages = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("benchmarks/*.md"),
         *root.glob("examples/*.md"), *root.glob("test/**/*.md")]


def anchors_of(page):
    """The names that the headings of a page get where it is shown."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}


for page in pages:
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", text):
        if "://" in target:
            continue
        file = page.parent / target if target else page
        if not file.exists():
            faults.append(f"{page.relative_to(root)}: {target} does not exist")
        elif anchor and file.suffix == ".md" and anchor not in anchors_of(file):
            faults.append(f"{page.relative_to(root)}: {target}#{anchor} leads nowhere")
print("\n".join(faults) or f"{len(pages)} pages")
sys.exit(bool(faults) or not pages)
