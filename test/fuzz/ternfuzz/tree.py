# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tree of a generated program: all that the reducer has to know.

A node is a kind and a list of parts, each a string or a node; its text is the
parts' text behind one another. Kinds:

  real, int, cond   expressions; a real may be replaced by a smaller real
  stmt              a statement; may be deleted, or replaced by a block in it
  block             parts are statements, each of which may be deleted
  item              a declaration at file scope (struct, helper, global)
  glue              text that is only there for its surroundings
"""
from __future__ import annotations


class Node:
    __slots__ = ("kind", "parts", "low", "high")

    def __init__(self, kind, *parts, low=0.0, high=0.0):
        self.kind, self.parts = kind, list(parts)
        self.low, self.high = low, high  # interval of an expression's value

    def text(self) -> str:
        return "".join(p if isinstance(p, str) else p.text()
                       for p in self.parts)

    def walk(self):
        yield self
        for p in self.parts:
            if isinstance(p, Node):
                yield from p.walk()

    def copy(self):
        parts = [p if isinstance(p, str) else p.copy() for p in self.parts]
        return Node(self.kind, *parts, low=self.low, high=self.high)


def indented(text: str) -> str:
    """Lines by braces; expressions keep theirs (`{a, b}` has no newline)."""
    out, depth = [], 0
    for line in text.split("\n"):
        line = line.strip()
        if not line:
            continue
        closing = len(line) - len(line.lstrip("}"))
        level = depth - closing
        out.append("  " * max(level, 0) + line)
        depth += line.count("{") - line.count("}")
    return "\n".join(out) + "\n"
