# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops over data and over time: what is recorded, what is run again?

The reverse sweep may run an iteration again instead of recording it, if it
fills the scratch memory that it reads, or with the state that entered it. Here
fills are partial, guarded, late or left out, and states sit in arrays, scalars
and behind swapped pointers, so that each proof has a near miss beside it.
"""
from .control import stmt
from .patterns import outermost as not_in_loops
from .registry import registry
from .scope import Scalar

STATEMENTS, statement = registry()


def outermost(g):
    not_in_loops(g)
    g.need("x", "y", "n", "m", "acc")


class Names:
    """Fresh names of one statement: names.i, names.s, ..."""

    def __init__(self, g, *stems):
        for stem in stems:
            setattr(self, stem, g.fresh(stem))


def own_arrays(g, names, size=8):
    """Declares local or heap arrays, filled; (text before, text after)."""
    before, after = "", ""
    for k, name in enumerate(names):
        if g.chance(0.4):
            before += (f"real *{name} = (real *)malloc({size} * sizeof(real));"
                       "\n")
            after += f"free({name});\n"
        else:
            before += f"real {name}[{size}];\n"
        start = g.pick(["0.0", "x[q] * 0.5", f"y[q] - 0.{k + 1}"])
        before += f"for (long q = 0; q < {size}; ++q) {name}[q] = {start};\n"
    return before, after


def trip_count(g):
    return g.pick(["n", "m", "4", "m + 1", "2 * n", "n - 1"])


def span(g, i):
    """A loop head over part of an array."""
    low, high = g.pick([("0", "8"), ("0", "8"), ("0", "n"), ("1", "8"),
                        ("0", "m"), ("m", "8"), ("2", "6")])
    return f"for (long {i} = {low}; {i} < {high}; ++{i}) "


def guard(g, p):
    if g.chance(0.6):
        return ""
    return g.pick([f"if ({p} > 0) ", "if (m > 1) ", f"if (x[{p} & 7] > 0.1013) ",
                   f"if (({p} & 1) == 0) ", f"if ({p} + 1 < n) "])


def phase(g, p, arrays, total):
    """One inner loop of an iteration."""
    i, j = g.fresh("i"), g.fresh("j")
    s, t = g.rng.sample(arrays, 2)
    where = g.pick([i, i, f"(7 - {i})", f"(({i} + 1) & 7)"])
    body = g.pick([
        f"{s}[{i}] = x[{i}] * y[({p} + {i}) & 7];\n",
        f"{s}[{i}] = sin({t}[{where}] + y[{p} & 7]);\n",
        f"{s}[{i}] = 0.5 * {s}[{i}] + 0.4 * {t}[{where}];\n",
        f"{s}[{i}] = 0.25 * x[{i}];\n",
        f"{{\nreal d = 0.1 * y[{i}];\nfor (long {j} = 0; {j} <= ({i} & 3); "
        f"++{j}) d += 0.2 * {t}[{j}] * x[{j}];\n{s}[{i}] = bounded(d);\n}}\n",
        f"{total} += 0.1 * {s}[{i}] * {t}[{where}];\n",
        f"{total} += 0.1 * {s}[{where}];\n",
    ])
    return guard(g, p) + span(g, i) + body


@statement("scratch", 1.5)
def scratch(g):
    """Points that share scratch memory and a sum."""
    outermost(g)
    v = Names(g, "s", "t", "sum", "p")
    before, after = own_arrays(g, [v.s, v.t])
    body = "".join(phase(g, v.p, [v.s, v.t], v.sum)
                   for _ in range(g.rng.randint(2, 4)))
    body += g.pick(["", f"{v.sum} += 0.2 * {v.s}[{v.p} & 7];\n",
                    f"{v.sum} = 0.9 * {v.sum} + 0.1 * {v.t}[2];\n"])
    end = g.pick(["", "", f"acc += 0.3 * {v.s}[3];\n",
                  f"x[1] = bounded({v.t}[5]);\n"])
    node = stmt(f"real {v.sum} = 0.0;\n{{\n{before}for (long {v.p} = 0; {v.p} < "
                f"{trip_count(g)}; ++{v.p}) {{\n{body}}}\n{end}{after}}}\n"
                f"{v.sum} = bounded({v.sum});\n")
    g.declare(Scalar(v.sum))
    return node


@statement("arg-best", 1.5)
def nearest(g):
    """k-means: the nearest of some centres, for each point."""
    outermost(g)
    v = Names(g, "total", "p", "k", "best", "which", "d", "i")
    better = g.pick(["<", "<=", ">"])
    start = "-1.0" if better == ">" else "1.0e3"
    choose = g.pick([
        f"if ({v.d} {better} {v.best}) {{\n{v.best} = {v.d};\n{v.which} = "
        f"{v.k};\n}}\n",
        f"{v.which} = {v.d} {better} {v.best} ? {v.k} : {v.which};\n{v.best} = "
        f"{v.d} {better} {v.best} ? {v.d} : {v.best};\n",
        f"{v.best} = {'fmax' if better == '>' else 'fmin'}({v.best}, {v.d});\n"])
    then = g.pick([
        "", f"{v.total} += 0.1 * x[{v.which} & 7];\n",
        f"y[{v.which} & 7] = 0.9 * y[{v.which} & 7] + 0.02 * {v.best};\n",
        f"{v.total} = {v.total} * 0.9;\n"])
    # Best of all points instead of one a point.
    one = f"real {v.best} = {start};\n"
    outside, inside = (one, "") if g.chance(0.25) else ("", one)
    node = stmt(
        f"real {v.total} = 0.0;\n{{\n{outside}for (long {v.p} = 0; {v.p} < "
        f"{trip_count(g)}; ++{v.p}) {{\n{inside}long {v.which} = 0;\nfor (long "
        f"{v.k} = 0; {v.k} < {g.pick(['5', 'n', 'm'])}; ++{v.k}) {{\nreal {v.d} "
        f"= 0.0;\nfor (long {v.i} = 0; {v.i} < 3; ++{v.i}) {{\nreal e = x[({v.p} "
        f"+ {v.i}) & 7] - y[({v.k} + {v.i} * {v.i}) & 7];\n{v.d} += e * e;\n}}\n"
        f"{choose}}}\n{v.total} += {v.best} < 9.0e2 && {v.best} > -0.5 ? 0.05 * "
        f"{v.best} : 0.0;\n{then}}}\n}}\n{v.total} = bounded({v.total});\n")
    g.declare(Scalar(v.total))
    return node


@statement("arg-best")
def log_sum_exp(g):
    """The largest of some terms taken out, over points or alone."""
    outermost(g)
    v = Names(g, "total", "p", "top", "sum", "i", "term")
    term = f"({g.pick(['x', 'y'])}[({v.i} + {v.p}) & 7] * 0.7 + 0.1 * {v.i})"
    largest = g.pick([f"if ({v.term}[{v.i}] > {v.top}) {v.top} = {v.term}"
                      f"[{v.i}];\n",
                      f"{v.top} = fmax({v.top}, {v.term}[{v.i}]);\n",
                      f"{v.top} = {v.top} < {v.term}[{v.i}] ? {v.term}[{v.i}] : "
                      f"{v.top};\n"])
    count = g.pick(["8", "n", "m + 1"])
    node = stmt(
        f"real {v.total} = 0.0;\n{{\nreal {v.term}[8];\nfor (long {v.p} = 0; "
        f"{v.p} < {trip_count(g)}; ++{v.p}) {{\nfor (long {v.i} = 0; {v.i} < "
        f"{count}; ++{v.i}) {v.term}[{v.i}] = {term};\nreal {v.top} = {v.term}"
        f"[0];\nfor (long {v.i} = 1; {v.i} < {count}; ++{v.i}) {largest}real "
        f"{v.sum} = 0.0;\nfor (long {v.i} = 0; {v.i} < {count}; ++{v.i}) "
        f"{v.sum} += exp({v.term}[{v.i}] - {v.top});\n{v.total} += 0.1 * "
        f"({v.top} + log({v.sum}));\n}}\n}}\n{v.total} = bounded({v.total});\n")
    g.declare(Scalar(v.total))
    return node


@statement("time-loop", 2.0)
def integrator(g):
    """Steps that go on from a state in the function's own memory."""
    outermost(g)
    v = Names(g, "u", "w", "k", "step", "i", "e", "from", "to")
    before, after = own_arrays(g, [v.u, v.w])
    swaps = g.chance(0.25)
    u, w = (v.to, getattr(v, "from")) if swaps else (v.u, v.w)
    if swaps:
        before += f"real *{u} = {v.u}, *{w} = {v.w};\n"
    slope = g.pick([f"sin({u}[({v.i} + 1) & 7]) - 0.3 * {u}[{v.i}]",
                    f"{w}[{v.i}] * y[{v.i}] - 0.2 * {u}[7 - {v.i}]",
                    f"0.5 * {u}[{v.i}] * x[{v.i}]"])
    change = g.pick([
        f"{u}[{v.i}] += 0.1 * {v.k}[{v.i}];\n",
        f"{u}[{v.i}] = 0.9 * {u}[{v.i}] + 0.1 * {v.k}[7 - {v.i}];\n",
        f"{{\n{w}[{v.i}] += 0.1 * {v.k}[{v.i}];\n{u}[{v.i}] += 0.1 * {w}[{v.i}]"
        ";\n}\n"])
    extra = g.pick([
        "", "", f"{v.e} = 0.9 * {v.e} + 0.1 * {u}[{v.step} & 7];\n",
        f"if ({u}[0] > 0.9513) break;\n", f"acc += 0.1 * {u}[3];\n",
        f"for (long q = 0; q < 3; ++q) {w}[q] = sin({w}[q] + {u}[q + 1]);\n"])
    if swaps:
        extra += f"{{\nreal *other = {u};\n{u} = {w};\n{w} = other;\n}}\n"
    head = g.pick([
        f"for (long {v.step} = 0; {v.step} < {trip_count(g)}; ++{v.step})",
        f"for (long {v.step} = 0; {v.step} < 3 * n; ++{v.step})"])
    node = stmt(
        f"real {v.e} = 0.2;\n{{\n{before}{head} {{\nreal {v.k}[8];\nfor (long "
        f"{v.i} = 0; {v.i} < 8; ++{v.i}) {v.k}[{v.i}] = {slope};\n{span(g, v.i)}"
        f"{change}{extra}}}\nfor (long q = 0; q < 8; ++q) acc += 0.1 * {v.u}[q] "
        f"+ 0.05 * {v.w}[q];\n{after}}}\n{v.e} = bounded({v.e});\n")
    g.declare(Scalar(v.e))
    return node
