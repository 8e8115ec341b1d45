# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Variables that several functions share, numbers moved in pieces, cycles with
two entries. Each of these was wrong once, and no random program had it."""
from .calls import LINKAGE, as_argument, inner_expr
from .control import stmt
from .patterns import outermost
from .registry import registry
from .scope import Scalar
from .tree import Node

STATEMENTS, statement = registry()


@statement("global-grid")
def global_grid(g):
    """Two static grids behind swapped pointers, then a sum over one of them."""
    outermost(g)
    g.need("acc", "x", "y")
    one, two, sweep = (g.global_name(s) for s in ("u", "w", "sweep"))
    rows = g.pick([2, 4, 5])
    g.items.append(Node("item", f"static real {one}[{rows}][4], "
                                f"{two}[{rows}][4];\n"))
    each = f"for (long i = 0; i < {rows}; ++i) for (long j = 0; j < 4; ++j) "
    there = g.pick(["now[i][j]", f"now[{rows - 1} - i][j]", "now[i][3 - j]"])
    step = g.pick([f"next[i][j] = now[i][j] * k;\n",
                   f"next[i][j] = 0.5 * now[i][j] + 0.3 * sin({there} * k);\n",
                   f"next[i][j] = bounded({there} + k * now[i][j]);\n"])
    if g.chance(0.4):
        g.items.append(Node(
            "item", f"{g.pick(LINKAGE)}void {sweep}(real (*next)[4], real "
            f"(*now)[4], real k) {{\n{each}{step}}}\n"))
        step = f"{sweep}(next, now, k);\n"
    else:
        step = each + step
    start = g.pick(["x[(i + j) & 7]", "sin(x[i] * y[j])", "x[j] * k"])
    return stmt(
        "{\nreal k = ", g.fit(g.real(1), 1.0),
        f";\n{each}{one}[i][j] = {start};\nreal (*now)[4] = {one}, (*next)[4] "
        f"= {two};\nfor (long s = 0; s < {g.pick(['2', 'n', 'm'])}; ++s) {{\n",
        step, "real (*t)[4] = now;\nnow = next;\nnext = t;\n}\n",
        f"{each}acc += 0.1 * now[i][j] * now[i][j];\n}}\n")


@statement("global-callback")
def global_callback(g):
    """A variable that functions called through pointers read and write."""
    if any("_box" in i.text() for i in g.items):
        return None  # every function is a candidate at every call
    box, get, put = (g.global_name(s) for s in ("box", "get", "put"))
    t, f = g.fresh("t"), g.fresh("f")
    g.items.append(Node("item", f"static real {box};\n"))
    g.items.append(Node("item", f"static real {get}(real a) {{\nreturn {box} * ",
                        g.fit(inner_expr(g), 1.0), ";\n}\n"))
    g.items.append(Node("item", f"static real {put}(real a) {{\nreal old = "
                        f"{box};\n{box} = bounded(", as_argument(inner_expr(g)),
                        " + old);\nreturn a * 0.5;\n}\n"))
    other = g.pick([get, put])
    e, first = g.fit(g.real(1)), g.fit(g.leaf())
    g.declare(Scalar(t))
    return stmt(f"{box} = ", first, f";\nreal (*{f}[2])(real) = {{{put}, "
                f"{other}}};\nreal {t} = {f}[{g.index(2)}](", as_argument(e),
                f");\n{t} = bounded({t} + {f}[{g.index(2)}]({t}) + {box});\n")


@statement("pieces")
def pieces(g):
    """A number copied byte by byte or by halves, in a loop."""
    s, t, i = g.fresh("s"), g.fresh("t"), g.fresh("i")
    how = g.pick(["bytes", "bytes", "halves", "back"])
    node = stmt(f"real {s} = ", g.fit(g.real(1)), f", {t};\n", {
        "bytes": f"for (size_t {i} = 0; {i} < sizeof(real); ++{i}) ((unsigned "
                 f"char *)&{t})[{i}] = ((unsigned char *)&{s})[{i}];\n",
        "back": f"for (size_t {i} = sizeof(real); {i} > 0; --{i}) ((char *)&{t})"
                f"[{i} - 1] = ((char *)&{s})[{i} - 1];\n",
        "halves": f"for (size_t {i} = 0; {i} < sizeof(real); {i} += 4) {{\n"
                  f"unsigned half;\nmemcpy(&half, (char *)&{s} + {i}, 4);\n"
                  f"memcpy((char *)&{t} + {i}, &half, 4);\n}}\n"}[how])
    g.declare(Scalar(t))
    return node


@statement("two-entries")
def two_entries(g):
    """A cycle that is entered, and entered again, at two places."""
    g.need("x")
    one, two, go = (g.fresh(s) for s in ("one", "two", "go"))
    s, i = g.fresh("s"), g.fresh("i")
    first, again = g.cond(), g.pick(["n > 3", "m > 1", "(n & 1)", f"{i} > 2"])
    e = g.fit(g.real(1), 1.0)
    node = stmt(
        f"real {s} = ", e, f";\nlong {i} = {g.pick(['n', 'm', '3'])};\nif (",
        first, f") goto {one};\n{two}:\n{s} = sin({s}) + 0.1 * (real){i};\n"
        f"goto {go};\n{one}:\n{s} = {s} * 0.9 + 0.2 * (real){i};\n{go}:\n{s} = "
        f"bounded({s} * x[{i} & 7]);\nif ({i} > 0) {{\n{i} -= 1;\nif ({again}) "
        f"goto {one};\ngoto {two};\n}}\n")
    g.declare(Scalar(s))
    return node
