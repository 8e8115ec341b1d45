# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Assignments, branches, loops and the ways out of them."""
from .expressions import BOUND, LARGE, constant
from .registry import registry
from .scope import Integer, Scalar
from .tree import Node

STATEMENTS, statement = registry()
MAX_TRIPS = 250


def stmt(*parts):
    return Node("stmt", *parts)


def target(g):
    """Something that can be assigned, with its bound."""
    scalars = [v for v in g.scalars() if v.writable]
    arrays = [v for v in g.arrays() if v.writable]
    if arrays and (not scalars or g.chance(0.5)):
        a = g.pick(arrays)
        return a.element(g.index(a.size)), a.bound
    v = g.pick(scalars)
    return v.name, v.bound


@statement("arith")
def assign(g):
    if not [v for v in g.scalars() + g.arrays() if v.writable]:
        return declare_scalar(g)[0]
    name, bound = target(g)
    if bound == LARGE:
        return stmt(name, g.pick([" += ", " -= "]), g.fit(g.real(3)), ";\n")
    if g.chance(0.25):
        return stmt(name, " = ", constant(0.5), f" * {name} + ",
                    g.fit(g.real(2), 1.0), ";\n")
    return stmt(name, " = ", g.fit(g.real(3), bound), ";\n")


@statement("arith")
def declare_scalar(g):
    name = g.fresh("t")
    e = g.fit(g.real(3))
    g.declare(Scalar(name))
    return [stmt(f"real {name} = ", e, ";\n")]


# ---- branches


@statement("if")
def if_else(g):
    parts = ["if (", g.cond(), ") {\n", g.block(g.inner_count()), "}"]
    if g.chance(0.3):
        parts += [" else if (", g.cond(), ") {\n", g.block(1), "}"]
    if g.chance(0.6):
        parts += [" else {\n", g.block(g.inner_count()), "}"]
    return stmt(*parts, "\n")


@statement("switch")
def switch(g):
    text, _, _ = g.int_expr()
    if g.chance(0.5):
        e = g.fit(g.real(2))
        scrutinee = Node("glue", "(int)((", e, ") * 2.0 + 4.0)")
    else:
        scrutinee = Node("glue", f"(int)({text} & 3)")
    parts = ["switch (", scrutinee, ") {\n"]
    for k in sorted(g.rng.sample(range(6), g.rng.randint(2, 4))):
        leave = "" if g.chance(0.25) else "break;\n"
        # A `continue` in here would be fine, a `break` means the switch.
        g.loops.append(len(g.cleanups) + 1000)
        parts += [f"case {k}: {{\n", g.block(1), "}\n", leave]
        g.loops.pop()
    parts += ["default: {\n", g.block(1), "}\n}\n"]
    return stmt(*parts)


# ---- loops


def counted(g, head, variable, trips, count=None):
    if g.trips * trips > MAX_TRIPS:
        return None
    body = g.loop_block(count or g.inner_count(), trips, variable)
    return stmt(head, " {\n", body, "}\n")


@statement("for")
def for_constant(g):
    i, trips = g.fresh("i"), g.rng.randint(1, 8)
    head = g.pick([
        f"for (long {i} = 0; {i} < {trips}; ++{i})",
        f"for (long {i} = {trips}; {i}-- > 0;)",
        f"for (int {i} = {trips - 1}; {i} >= 0; --{i})",
        f"for (long {i} = 0; {i} < {2 * trips}; {i} += 2)"])
    high = 2 * trips - 2 if "+= 2" in head else trips - 1
    return counted(g, head, Integer(i, 0, high), trips)


@statement("for-argument")
def for_argument(g):
    i = g.fresh("i")
    bound, most = g.pick([("n", 6), ("m", 4), ("n - 1", 5), ("n + m", 10)])
    g.need("n", "m")
    head = g.pick([f"for (long {i} = 0; {i} < {bound}; ++{i})",
                   f"for (unsigned long {i} = 0; {i} != {bound}; ++{i})",
                   f"for (long {i} = {bound} - 1; {i} >= 0; --{i})",
                   f"for (int {i} = 0; {i} < (int)({bound}); {i}++)"])
    if bound == "n - 1" and "!=" in head:
        head = head.replace(bound, "n")
        most = 6
    return counted(g, head, Integer(i, 0, most - 1), most)


@statement("for-triangular")
def for_triangular(g):
    outer = [v for v in g.ints() if 2 <= v.high <= 8 and v.name != "n"]
    if not outer:
        return for_argument(g) or for_constant(g)
    v, j = g.pick(outer), g.fresh("jj")
    head = g.pick([f"for (long {j} = 0; {j} <= {v.name}; ++{j})",
                   f"for (long {j} = 0; {j} < {v.name}; ++{j})"])
    return counted(g, head, Integer(j, 0, v.high), v.high + 1)


@statement("while-data")
def while_data(g):
    """Leaves when a number that shrinks has become small."""
    if g.trips * 8 > MAX_TRIPS:
        return None
    t, e = g.fresh("w"), g.fit(g.real(2), 1.0)
    start = stmt(f"real {t} = ", e, ";\n")
    head = f"while ({t} * {t} > {g.rng.uniform(0.02, 0.2):.4f})"
    body = g.loop_block(g.inner_count(), 8, Scalar(t, BOUND, writable=False))
    shrink = g.pick([f"{t} = {t} * 0.55;\n",
                     f"{t} = 0.7 * sin({t}) - 0.01;\n",
                     f"{t} *= 0.4 + 0.1 * tanh({t});\n"])
    loop = stmt("{\n", start, head, " {\n", body, shrink, "}\n}\n")
    loop.parts[1] = Node("glue", *start.parts)
    return loop


@statement("while-data")
def do_while(g):
    if g.trips * 6 > MAX_TRIPS:
        return None
    g.need("y")
    c, t = g.fresh("c"), g.fresh("w")
    e = g.fit(g.real(2), 1.0)
    body = g.loop_block(g.inner_count(), 6, Scalar(t, BOUND),
                        Integer(c, 0, 5))
    return stmt("{\n", f"real {t} = ", e, f";\nint {c} = 0;\ndo {{\n", body,
                f"{t} = {t} * 0.8 + 0.1 * sin({t});\n",
                f"}} while (++{c} < 6 && ", Node("cond", f"{t} > -0.4137"),
                f");\ny[{c}] += {t};\n}}\n")


def leave(g, word):
    """break or continue, freeing what this block owns."""
    if not g.loops or g.loops[-1] >= 1000:
        return None
    frees = "".join(reversed(g.cleanups[g.loops[-1]:]))
    return stmt("if (", g.data_cond() if g.chance(0.8) else g.int_cond(),
                ") {\n", frees, f"{word};\n}}\n")


@statement("break")
def break_out(g):
    if not g.loops:
        return for_argument(g) or for_constant(g)
    return leave(g, "break")


@statement("continue")
def continue_on(g):
    if not g.loops:
        return for_argument(g) or for_constant(g)
    # A while loop would skip its step: only loops that count may continue,
    # and those are the ones whose block declares an integer.
    if not g.scopes[-1].ints:
        return None
    return leave(g, "continue")


@statement("return")
def early_return(g):
    if not g.may_return:
        return None
    frees = "".join(reversed(g.cleanups))
    r = g.fresh("r")
    return stmt("if (", g.data_cond(), ") {\n", f"real {r} = ",
                g.fit(g.real(2)), ";\n", frees, f"return {r};\n}}\n")


@statement("goto")
def goto_loop(g):
    if g.trips * 4 > MAX_TRIPS:
        return None
    label, c = g.fresh("again"), g.fresh("c")
    g.loops.append(1000)
    g.trips *= 4
    body = g.block(g.inner_count(), Integer(c, 0, 3))
    g.trips //= 4
    g.loops.pop()
    return stmt("{\n", f"long {c} = 0;\n{label}:\n{{\n", body, "}\n",
                f"if (++{c} < 4 && ", g.data_cond(), f") goto {label};\n}}\n")


@statement("irreducible", 0.5)
def irreducible(g):
    if g.trips * 4 > MAX_TRIPS:
        return None
    top, middle, c = g.fresh("top"), g.fresh("middle"), g.fresh("c")
    enter = g.data_cond()
    g.loops.append(1000)
    g.trips *= 4
    first = g.block(1, Integer(c, 0, 3))
    second = g.block(1, Integer(c, 0, 3))
    g.trips //= 4
    g.loops.pop()
    return stmt("{\n", f"long {c} = 0;\nif (", enter, f") goto {middle};\n",
                f"{top}:\n{{\n", first, "}\n", f"{middle}:\n{{\n", second,
                "}\n", f"if (++{c} < 4) goto {top};\n}}\n")
