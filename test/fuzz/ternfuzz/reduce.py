# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a failing program small, keeping why it fails.

Greedy descent over the tree: a candidate drops statements, puts a block in
place of the statement around it, or puts a smaller expression in place of an
expression. A candidate counts if `fails` says that it still fails in the same
way (which includes that plain clang accepts it).
"""
import time

from .tree import Node


def parents(tree):
    """(node, parent, position) for each node, outermost first."""
    stack = [tree]
    while stack:
        node = stack.pop()
        for i, part in enumerate(node.parts):
            if isinstance(part, Node):
                yield part, node, i
                stack.append(part)


def chunks_of_blocks(tree):
    """Edits that delete runs of statements, long runs first."""
    for node in list(tree.walk()):
        if node.kind != "block" and node is not tree:
            continue
        removable = [i for i, p in enumerate(node.parts)
                     if isinstance(p, Node) and p.kind in ("stmt", "item")]
        length = len(removable)
        while length:
            for start in range(0, len(removable), length):
                run = set(removable[start:start + length])

                def edit(node=node, run=run):
                    node.parts = [p for i, p in enumerate(node.parts)
                                  if i not in run]
                yield edit
            length //= 2


def hoists(tree):
    """Edits that put a block (or a loop's body) in place of its statement."""
    for node, parent, i in list(parents(tree)):
        if node.kind != "stmt":
            continue
        for inner in node.walk():
            if inner.kind == "block" and inner.parts:
                def edit(parent=parent, i=i, inner=inner):
                    # Names are unique: the block needs no braces of its own.
                    parent.parts[i:i + 1] = [inner]
                yield edit


def smaller_expressions(tree):
    for node, parent, i in list(parents(tree)):
        if node.kind not in ("real", "cond"):
            continue
        text = node.text()
        choices = []
        if node.kind == "real":
            choices = [n for n in node.walk()
                       if n is not node and n.kind == "real"]
            choices.sort(key=lambda n: len(n.text()))
            for short in ("x[0] + a", "(real)0.5", "x[0]", "a"):
                if len(short) < len(text):
                    choices.insert(0, Node("real", short))
        elif len(text) > 9:
            choices = [Node("cond", "a > 0.0013"), Node("cond", "n > 3")]
        for choice in choices:
            if choice.text() == text:
                continue

            def edit(parent=parent, i=i, choice=choice):
                parent.parts[i] = Node(choice.kind, "(", choice, ")") \
                    if " " in choice.text() else choice
            yield edit


def reduce(program, fails, seconds=120, report=lambda size: None):
    """The smallest program found in the time given."""
    end = time.time() + seconds
    best = program
    improved = True
    while improved and time.time() < end:
        improved = False
        for edits in (chunks_of_blocks, hoists, smaller_expressions):
            position = 0
            while time.time() < end:
                tree = best.tree.copy()
                edit = next(iter_from(edits(tree), position), None)
                if edit is None:
                    break
                before = len(best.tree.text())
                edit()
                candidate = best.with_tree(tree)
                if len(tree.text()) < before and fails(candidate):
                    best, improved = candidate, True
                    report(len(best.text().splitlines()))
                else:
                    position += 1
    return best


def iter_from(edits, position):
    for i, edit in enumerate(edits):
        if i >= position:
            yield edit
