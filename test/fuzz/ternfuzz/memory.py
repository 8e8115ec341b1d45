# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays of every kind and the ways programs overwrite them."""
from .control import MAX_TRIPS, stmt
from .expressions import BOUND, LARGE, constant
from .registry import registry
from .scope import Array, Integer, Scalar
from .tree import Node

STATEMENTS, statement = registry()


def filled(g, element, size, i):
    """A loop that gives every element a value."""
    g.scopes.append(type(g.scopes[-1])())
    g.declare(Integer(i, 0, size - 1))
    e = g.fit(g.real(2))
    g.scopes.pop()
    return Node("glue", f"for (long {i} = 0; {i} < {size}; ++{i}) {element} = ",
                e, ";\n")


@statement("local-array")
def local_array(g):
    name, size = g.fresh("v"), g.pick([4, 8, 8])
    init = filled(g, f"{name}[{name}_i]", size, f"{name}_i")
    g.declare(Array(name, size))
    return stmt(f"real {name}[{size}];\n", init)


@statement("local-array", 0.4)
def initialised_array(g):
    name = g.fresh("v")
    parts = [f"real {name}[4] = {{"]
    for i in range(4):
        parts += [", " if i else "", Node("real", "(real)(", g.fit(g.real(1)), ")")]
    g.declare(Array(name, 4))
    return stmt(*parts, "};\n")


@statement("array-2d")
def array_2d(g):
    name, i, j = g.fresh("m"), g.fresh("i"), g.fresh("jj")
    g.scopes.append(type(g.scopes[-1])())
    g.declare(Integer(i, 0, 3))
    g.declare(Integer(j, 0, 3))
    e = g.fit(g.real(2))
    g.scopes.pop()
    g.need("x", "y")
    declare = stmt(f"real {name}[4][4];\nfor (long {i} = 0; {i} < 4; ++{i})\n"
                   f"for (long {j} = 0; {j} < 4; ++{j}) {name}[{i}][{j}] = ", e,
                   ";\n")
    row = g.index(4)
    g.declare(Array(name, 4, pattern=f"{name}[{row}][{{}}]",
                    is_memory=False))
    use = g.pick([
        f"for (long {i} = 1; {i} < 4; ++{i}) for (long {j} = 1; {j} < 4; "
        f"++{j}) {name}[{i}][{j}] = 0.3 * ({name}[{i} - 1][{j}] + "
        f"{name}[{i}][{j} - 1]) * {name}[{i} - 1][{j} - 1];\n",
        f"for (long {i} = 0; {i} < 4; ++{i}) for (long {j} = 0; {j} < {i}; "
        f"++{j}) {{\nreal s = {name}[{i}][{j}];\n{name}[{i}][{j}] = "
        f"{name}[{j}][{i}];\n{name}[{j}][{i}] = s;\n}}\n",
        f"for (long {i} = 0; {i} < 4; ++{i}) {{\nreal s = 0.0;\nfor (long {j} "
        f"= 0; {j} < 4; ++{j}) s += {name}[{i}][{j}] * x[{j}];\n"
        f"y[{i}] += s;\n}}\n"])
    return [declare, stmt(use)]


def scoped_memory(g, name, size, allocate, release, init):
    g.cleanups.append(release)
    body = g.block(g.inner_count() + 1, Array(name, size))
    g.cleanups.pop()
    return stmt("{\n", allocate, init, body, release, "}\n")


@statement("heap")
def heap_array(g):
    name, size = g.fresh("h"), g.pick([4, 8])
    how = g.pick(["malloc", "calloc", "new", "argument"])
    if how == "new" and g.language == "c":
        how = "malloc"
    count = "n + 2" if how == "argument" else str(size)
    allocate = {
        "malloc": f"real *{name} = (real *)malloc({size} * sizeof(real));\n",
        "calloc": f"real *{name} = (real *)calloc({size}, sizeof(real));\n",
        "new": f"real *{name} = new real[{size}];\n",
        "argument": f"real *{name} = (real *)malloc((n + 2) * sizeof(real));\n",
    }[how]
    if how == "argument":
        g.need("n")
        size = 4
    release = f"delete[] {name};\n" if how == "new" else f"free({name});\n"
    i = f"{name}_i"
    init = filled(g, f"{name}[{i}]", size, i)
    if how == "argument":
        init.parts[0] = init.parts[0].replace(f"{i} < {size}", f"{i} < {count}")
        # The loop now runs to n + 2 <= 8: no element of four may use it.
        init = Node("glue", f"for (long {i} = 0; {i} < {count}; ++{i}) "
                    f"{name}[{i}] = ", g.fit(g.real(1)), f" + 0.1 * {i};\n")
        init.parts[-1] = f" * 0.3 + 0.1 * {i};\n"
    return scoped_memory(g, name, size, allocate, release, init)


@statement("vla")
def alloca_array(g):
    g.need("n")
    name = g.fresh("z")
    i = f"{name}_i"
    init = Node("glue", f"for (long {i} = 0; {i} < n + 2; ++{i}) {name}[{i}] = "
                "0.3 * ", g.fit(g.real(1)), f" + 0.1 * {i};\n")
    how = g.pick([f"real {name}[n + 2];\n",
                  f"real *{name} = (real *)__builtin_alloca((n + 2) * "
                  "sizeof(real));\n"])
    return stmt("{\n", how, init, g.block(g.inner_count() + 1, Array(name, 4)),
                "}\n")


@statement("realloc")
def growing(g):
    """A buffer that is made larger while it is filled."""
    g.need("y")
    name, i, used, room = (g.fresh(s) for s in ("h", "i", "used", "room"))
    if g.trips * 6 > MAX_TRIPS:
        return None
    g.scopes.append(type(g.scopes[-1])())
    g.declare(Integer(i, 0, 5))
    e = g.fit(g.real(2))
    c = g.data_cond()
    g.scopes.pop()
    return stmt(
        f"{{\nlong {used} = 0, {room} = 1;\n"
        f"real *{name} = (real *)malloc(sizeof(real));\n"
        f"for (long {i} = 0; {i} < 6; ++{i}) {{\n"
        f"if ({used} == {room}) {{\n{room} *= 2;\n{name} = (real *)realloc("
        f"{name}, {room} * sizeof(real));\n}}\n", Node("glue", "if (", c, ") "),
        f"{name}[{used}++] = ", e, ";\n}\n",
        f"for (long {i} = 0; {i} < {used}; ++{i}) y[{i} & 7] += {name}[{i}] * "
        f"{name}[0];\n", f"free({name});\n}}\n")


def two_arrays(g):
    arrays = g.memory_arrays()
    first = g.pick(arrays)
    return first, g.pick([a for a in arrays if a.name != first.name] or arrays)


@statement("stencil", 2)
def stencil(g):
    a = g.pick(g.memory_arrays()).name
    i, t = g.fresh("i"), g.fresh("k")
    step = g.pick([
        f"for (long {i} = 1; {i} < 7; ++{i}) {a}[{i}] = 0.4 * {a}[{i} - 1] + "
        f"0.3 * sin({a}[{i} + 1]);\n",
        f"for (long {i} = 6; {i} > 0; --{i}) {a}[{i}] = 0.6 * {a}[{i} - 1] * "
        f"{a}[{i} + 1];\n",
        f"for (long {i} = 1; {i} < 8; ++{i}) {a}[{i}] = bounded({a}[{i}] + "
        f"{a}[{i} - 1]);\n",
        f"for (long {i} = 0; {i} < 4; ++{i}) {a}[{i}] = {a}[{i} + 4] * "
        f"{a}[2 * {i}] * 0.5;\n"])
    if g.chance(0.6) and g.trips * 30 <= MAX_TRIPS:
        sizes = [v.name for v in g.ints() if v.name in ("n", "m")]
        count = g.pick(["3"] + sizes)
        return stmt(f"for (long {t} = 0; {t} < {count}; ++{t}) {{\n",
                    stmt(step), "}\n")
    return stmt(step)


@statement("ping-pong")
def ping_pong(g):
    if g.trips * 40 > MAX_TRIPS:
        return None
    p, q, i, t = (g.fresh(s) for s in "pqit")
    a, b = two_arrays(g)
    if a.name == b.name:
        return None
    scalar = g.fit(g.leaf(), 1.0)
    g.need("acc", "m")
    return stmt(
        f"{{\nreal *{p} = {a.name}, *{q} = {b.name};\n"
        f"for (long {t} = 0; {t} < {g.pick(['3', '4', 'm'])}; ++{t}) {{\n"
        f"for (long {i} = 0; {i} < 8; ++{i}) {q}[{i}] = 0.5 * {p}[{i}] + "
        f"0.4 * sin({p}[({i} + 1) & 7]) * ", scalar, ";\n"
        f"real *s = {p};\n{p} = {q};\n{q} = s;\n}}\n"
        f"acc += {p}[2];\n}}\n")



@statement("block-copy")
def block_copy(g):
    a, b = two_arrays(g)
    k = g.rng.randint(1, 4)
    choices = [
        f"memmove({a.name} + {k}, {a.name}, {8 - k} * sizeof(real));\n",
        f"memmove({a.name}, {a.name} + {k}, {8 - k} * sizeof(real));\n",
        f"memset({a.name} + {k}, 0, 2 * sizeof(real));\n"]
    if a.name != b.name:
        choices += [f"memcpy({a.name}, {b.name}, {k + 3} * sizeof(real));\n"] * 2
    return stmt(g.pick(choices))


@statement("shuffle")
def shuffle(g):
    g.need("x")
    a = g.pick(g.memory_arrays()).name
    i, k = g.fresh("i"), g.fresh("k")
    return stmt(g.pick([
        # reversal
        f"for (long {i} = 0; {i} < 4; ++{i}) {{\nreal s = {a}[{i}];\n"
        f"{a}[{i}] = {a}[7 - {i}];\n{a}[7 - {i}] = s;\n}}\n",
        # insertion sort: the order depends on the data
        f"for (long {i} = 1; {i} < 8; ++{i}) {{\nreal s = {a}[{i}];\n"
        f"long {k} = {i};\nwhile ({k} > 0 && {a}[{k} - 1] > s) {{\n"
        f"{a}[{k}] = {a}[{k} - 1];\n--{k};\n}}\n{a}[{k}] = s;\n}}\n",
        # running sum
        f"for (long {i} = 1; {i} < 8; ++{i}) {a}[{i}] = 0.5 * ({a}[{i}] + "
        f"{a}[{i} - 1]);\n",
        # the largest element's place
        f"{{\nlong {k} = 0;\nfor (long {i} = 1; {i} < 8; ++{i})\nif ({a}[{i}] "
        f"> {a}[{k}]) {k} = {i};\n{a}[{k}] *= 0.5;\nx[0] = 0.5 * x[0] + "
        f"0.2 * {a}[{k}];\n}}\n",
        # a permutation kept in integers that are overwritten
        f"{{\nlong {k}[8];\nfor (long {i} = 0; {i} < 8; ++{i}) {k}[{i}] = "
        f"({i} * 3 + 1) & 7;\nfor (long {i} = 0; {i} < 8; ++{i}) {{\n"
        f"{k}[({i} + 1) & 7] = {k}[{i}] ^ 1;\n{a}[{k}[{i}]] = 0.5 * "
        f"{a}[{i}] * {a}[{k}[7 - {i}]];\n}}\n}}\n"]))


@statement("pointer-select")
def pointer_select(g):
    a, b = two_arrays(g)
    p = g.fresh("p")
    choose = stmt(f"real *{p} = ", g.cond(), f" ? {a.name} : {b.name};\n")
    if g.chance(0.5):
        choose = stmt(f"real *{p} = {a.name};\nif (", g.cond(),
                      f") {p} = {b.name} + {g.rng.randint(0, 4)};\n")
    return stmt("{\n", Node("glue", *choose.parts),
                g.block(g.inner_count(), Array(p, 4)), "}\n")


@statement("pointer-walk")
def pointer_walk(g):
    if g.trips * 8 > MAX_TRIPS:
        return None
    a, p = g.pick(g.memory_arrays()).name, g.fresh("p")
    g.scopes.append(type(g.scopes[-1])())
    g.declare(Scalar(f"*{p}", BOUND, writable=False))
    e = g.fit(g.real(2))
    g.scopes.pop()
    head = g.pick([f"for (real *{p} = {a}; {p} != {a} + 8; ++{p})",
                   f"for (real *{p} = {a} + 7; {p} >= {a}; --{p})"])
    return stmt(head, f" *{p} = ", e, ";\n")


@statement("pointer-table")
def pointer_table(g):
    a, b = two_arrays(g)
    t, i = g.fresh("tab"), g.fresh("i")
    row = g.index(3)
    declare = f"real *{t}[3] = {{{a.name}, {b.name}, {a.name} + 2}};\n"
    swap = f"{{\nreal *s = {t}[0];\n{t}[0] = {t}[2];\n{t}[2] = s;\n}}\n"
    body = g.block(g.inner_count() + 1,
                   Array(t, 4, pattern=f"{t}[{row}][{{}}]", is_memory=False))
    loop = (f"for (long {i} = 0; {i} < 3; ++{i}) {t}[{i}][{i}] = 0.5 * "
            f"{t}[(({i} + 1) & 1)][3] * {t}[{i}][1];\n")
    return stmt("{\n", declare, body, stmt(swap), stmt(loop), "}\n")


@statement("global")
def global_scratch(g):
    name = g.global_name("g")
    g.items.append(Node("item", f"static real {name}[4];\n"))
    init = filled(g, f"{name}[{name}_i]", 4, f"{name}_i")
    g.declare(Array(name, 4))
    return stmt(init)


@statement("global", 0.6)
def global_scalar(g):
    name = g.global_name("g")
    g.items.append(Node("item", f"static real {name};\n"))
    e = g.fit(g.real(2))
    g.declare(Scalar(name))
    return stmt(f"{name} = ", e, ";\n")


@statement("global", 0.4)
def global_pointer(g):
    name = g.global_name("gp")
    a = g.pick(g.memory_arrays()).name
    g.items.append(Node("item", f"static real *{name};\n"))
    g.declare(Array(name, 8))
    return stmt(f"{name} = {a};\n")
