# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Memory that outlives the call: made on first use, found again by the next.

The harness asks a program for several derivatives one after another, so what
one request leaves in a shadow is there when the next one starts. Each call
writes before it reads: the oracles, which call more often, see the same values.
"""
from .calls import LINKAGE
from .control import stmt
from .registry import registry
from .scope import Array
from .tree import Node

STATEMENTS, statement = registry()


def makers(g, p, size):
    """Ways to fill a null pointer; new[] is not C."""
    ways = [f"{p} = (real *)calloc({size}, sizeof(real));\n",
            f"{p} = (real *)malloc({size} * sizeof(real));\n"]
    if g.language != "c":
        ways.append(f"{p} = new real[{size}];\n")
    return ways


def filled(g, name, size, i):
    values = g.fit(g.real(2))
    return Node("glue", f"for (long {i} = 0; {i} < {size}; ++{i}) {name}[{i}] "
                f"= 0.1 * (real){i} + 0.4 * (", values, ");\n")


@statement("kept-buffer")
def behind_a_pointer(g):
    """`if (!p) p = calloc(...)`, in a global or in a static local."""
    size, i = 8, g.fresh("i")
    if g.chance(0.5):
        p = g.global_name("kept")
        g.items.append(Node("item", f"static real *{p};\n"))
        declare = ""
    else:
        p = g.fresh("kept")
        declare = f"static real *{p};\n"
    make = f"if (!{p}) {g.pick(makers(g, p, size))}"
    node = stmt(declare, make, filled(g, p, size, i))
    g.declare(Array(p, size))
    return node


@statement("kept-buffer", 0.7)
def behind_a_function(g):
    """The buffer is handed out by a function that makes it."""
    give, p, i = g.global_name("scratch"), g.fresh("kept"), g.fresh("i")
    g.items.append(Node(
        "item", f"{g.pick(LINKAGE)}real *{give}(void) {{\nstatic real *p;\n"
        f"if (!p) {g.pick(makers(g, 'p', 8))}return p;\n}}\n"))
    node = stmt(f"real *{p} = {give}();\n", filled(g, p, 8, i))
    g.declare(Array(p, 8))
    return node


@statement("kept-buffer", 0.7)
def grown_when_needed(g):
    """A buffer with its length in a second global: replaced as it grows."""
    g.need("n")
    p, room, i = g.global_name("kept"), g.global_name("room"), g.fresh("i")
    g.items.append(Node("item", f"static real *{p};\nstatic long {room};\n"))
    node = stmt(f"if ({room} < n + 2) {{\nfree({p});\n{p} = (real *)malloc((n "
                f"+ 2) * sizeof(real));\n{room} = n + 2;\n}}\n",
                filled(g, p, "n + 2", i))
    g.declare(Array(p, 4))
    return node


@statement("kept-row")
def row_of_a_table(g):
    """One row of a static table is written, the others keep what they had."""
    table, p, i = g.global_name("table"), g.fresh("row"), g.fresh("i")
    g.items.append(Node("item", f"static real {table}[4][8];\n"))
    node = stmt(f"real *{p} = {table}[{g.index(4)}];\n", filled(g, p, 8, i))
    g.declare(Array(p, 8))
    return node
