# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions: inlined or not, recursive, through pointers, with structs."""
from .control import MAX_TRIPS, stmt
from .expressions import BOUND, constant
from .memory import two_arrays
from .moves import declare_struct, made_struct, struct_type
from .registry import registry
from .scope import Array, Integer, Scalar
from .tree import Node

STATEMENTS, statement = registry()
LINKAGE = ["static ", "static inline ", "__attribute__((noinline)) static ",
           "__attribute__((noinline)) static ",
           "__attribute__((always_inline)) static inline "]


def scalar_helper(g):
    name = g.global_name("h")
    head = f"{g.pick(LINKAGE)}real {name}(real a, real b)"
    g.items.append(g.function(head, g.rng.randint(0, 2), Scalar("a"),
                              Scalar("b"), trips=10))
    return name


def declare_helpers(g):
    if g.has("call"):
        for _ in range(g.rng.randint(1, 2)):
            g.scalar_helpers.append(scalar_helper(g))


@statement("call", 0.5)
def call_statement(g):
    t = g.fresh("t")
    e = g.helper_call(2)
    g.declare(Scalar(t))
    return stmt(f"real {t} = ", e, ";\n")


@statement("call-array", 1.5)
def array_call(g):
    """A function that reads and writes two arrays, which may overlap."""
    name, i = g.global_name("u"), "i"
    restrict = "__restrict " if g.chance(0.2) else ""
    head = (f"{g.pick(LINKAGE)}real {name}(real *{restrict}p, real *{restrict}q"
            ", real c, long k)")
    saved_helpers, g.scalar_helpers = g.scalar_helpers, []
    g.items.append(g.function(
        head, g.rng.randint(1, 3), Array("p", 4), Array("q", 4), Scalar("c"),
        Integer("k", 0, 3), trips=10))
    g.scalar_helpers = saved_helpers
    a, b = two_arrays(g)
    if restrict:
        if a.name == b.name:
            return None
        q = b.name
    else:
        q = g.pick([a.name, a.name + " + 1", a.name + " + 2", b.name, b.name])
    t = g.fresh("t")
    e = g.fit(g.leaf())
    g.declare(Scalar(t))
    return stmt(f"real {t} = {name}({a.name}, {q}, ", e,
                f", {g.index(4)});\n")


@statement("recursion")
def recursion(g):
    if g.trips * 6 > MAX_TRIPS:
        return None
    name, t = g.global_name("r"), g.fresh("t")
    base, first = g.fit(inner_expr(g), 1.0), g.fit(inner_expr(g))
    kind = g.pick(["tail", "tree", "array", "data"])
    attribute = g.pick(["static ", "__attribute__((noinline)) static "])
    if kind == "array":
        g.items.append(Node(
            "item", f"{attribute}void {name}(real *p, long low, long high) {{\n"
            "if (high - low < 2) {\np[low] = bounded(p[low] * 1.3);\nreturn;\n"
            "}\nlong mid = (low + high) / 2;\n"
            f"{name}(p, low, mid);\n{name}(p, mid, high);\n"
            "p[low] = 0.5 * p[low] + 0.4 * sin(p[mid]);\n}\n"))
        a = g.pick(g.memory_arrays()).name
        return stmt(f"{name}({a}, {g.rng.randint(0, 2)}, 8);\n")
    step = {
        "tail": f"return {name}(0.5 * a + 0.3 * sin(a), ",
        "tree": f"return 0.5 * {name}(0.7 * a, depth - 1) * "
                f"{name}(sin(a), depth - 2) + 0.3 * {name}(cos(a), ",
        "data": f"if (a > 0.3017) return 0.5 * {name}(0.6 * a - 0.2, depth - 1)"
                f" - a;\nreturn cos(a) * {name}(a * 0.5 + 0.31, "}[kind]
    depth = 4 if kind == "tree" else 6
    g.items.append(Node(
        "item", f"{attribute}real {name}(real a, long depth) {{\nif (depth <= 0)"
        " return ", base, f";\nreal here = ", first, f";\n{step}depth - 1)"
        f"{' * here' if kind != 'tail' else ''};\n}}\n"))
    e = g.fit(g.real(1))
    g.declare(Scalar(t))
    return stmt(f"real {t} = bounded({name}(", Node("real", "(real)(", e, ")"),
                f", {g.rng.randint(2, depth)}));\n")


def inner_expr(g):
    """An expression of `a` alone, for functions built by hand."""
    saved = g.scopes, g.scalar_helpers
    g.scopes, g.scalar_helpers = [type(g.scopes[0])()], []
    g.declare(Scalar("a"))
    e = g.real(2)
    g.scopes, g.scalar_helpers = saved
    return e


@statement("mutual-recursion", 0.7)
def mutual_recursion(g):
    if g.trips * 6 > MAX_TRIPS:
        return None
    even, odd, t = g.global_name("e"), g.global_name("o"), g.fresh("t")
    one, two = g.fit(inner_expr(g), 1.0), g.fit(inner_expr(g), 1.0)
    g.items.append(Node(
        "item", f"static real {odd}(real a, long k);\nstatic real {even}(real "
        "a, long k) {\nif (k <= 0) return ", one, f";\nreturn 0.7 * {odd}(sin(a"
        f"), k - 1) + a * 0.2;\n}}\nstatic real {odd}(real a, long k) {{\n"
        "if (k <= 0) return ", two, f";\nif (a > 1.2) return a;\nreturn a * "
        f"{even}(0.8 * a, k - 1);\n}}\n"))
    e = g.fit(g.real(1))
    g.declare(Scalar(t))
    return stmt(f"real {t} = bounded({even}(", Node("real", "(real)(", e, ")"),
                f", {g.rng.randint(2, 6)}));\n")


@statement("function-pointer")
def function_pointer(g):
    names = []
    for _ in range(2):
        name = g.global_name("f")
        body = g.fit(inner_expr(g))
        g.items.append(Node("item", f"static real {name}(real a) {{\nreturn ",
                            body, ";\n}\n"))
        names.append(name)
    t, f = g.fresh("t"), g.fresh("f")
    e = g.fit(g.real(1))
    how = g.pick(["select", "table", "global-table"])
    if how == "select":
        choose = [f"real (*{f})(real) = ", g.cond(),
                  f" ? {names[0]} : {names[1]};\n"]
        callee = f
    else:
        table = f"real (*{{}}[2])(real) = {{{{{names[0]}, {names[1]}}}}};\n"
        callee = f"{f}[{g.index(2)}]"
        if how == "global-table":
            f = g.global_name("table")
            callee = f"{f}[{g.index(2)}]"
            g.items.append(Node("item", "static real (*const " +
                                f"{f}[2])(real) = {{{names[0]}, {names[1]}}};\n"))
            choose = []
        else:
            choose = [table.format(f)]
    g.declare(Scalar(t))
    return stmt(*choose, f"real {t} = {callee}(", Node("real", "(real)(", e, ")"),
                ");\n")


# ---- structs as arguments and results


@statement("struct-call")
def struct_by_value(g):
    kind, name = struct_type(g), g.global_name("sv")
    g.items.append(Node(
        "item", f"{g.pick(LINKAGE)}{kind} {name}({kind} s, real a) {{\n"
        "s.a = bounded(s.a * a + s.v[s.k & 3]);\ns.v[1] = 0.5 * s.b * s.v[2];\n"
        f"s.b = ", g.fit(inner_expr(g), 1.0), ";\ns.k = (s.k + 1) & 3;\n"
        "return s;\n}\n"))
    s = g.fresh("s")
    node = stmt(made_struct(g, kind, s))
    declare_struct(g, s, ".")
    use = stmt(f"{s} = {name}({s}, ", g.fit(g.leaf()), ");\n")
    return [node, use]


@statement("struct-call")
def struct_by_pointer(g):
    kind, name = struct_type(g), g.global_name("sp")
    scope = [Scalar("s->a"), Scalar("s->b"), Array("s->v", 4),
             Integer("s->k", 0, 3), Scalar("a")]
    saved, g.scalar_helpers = g.scalar_helpers, []
    g.items.append(g.function(f"{g.pick(LINKAGE)}real {name}({kind} *s, real a)",
                              g.rng.randint(1, 3), *scope, trips=10))
    g.scalar_helpers = saved
    s, t = g.fresh("s"), g.fresh("t")
    node = stmt(made_struct(g, kind, s))
    declare_struct(g, s, ".")
    use = stmt(f"real {t} = {name}(&{s}, ", g.fit(g.leaf()), ");\n")
    g.declare(Scalar(t))
    return [node, use]


@statement("struct-call", 0.7)
def small_struct_result(g):
    """Two doubles come back in registers, five through sret."""
    name, count = g.global_name("P"), g.pick([2, 2, 5])
    fields = " ".join(f"real f{i};" for i in range(count))
    make = g.global_name("mk")
    parts = [f"struct {name} {{ {fields} }};\n{g.pick(LINKAGE)}struct {name} "
             f"{make}(real a, real b) {{\nstruct {name} r;\n"]
    for i in range(count):
        parts += [f"r.f{i} = b * ", g.fit(inner_expr(g), 0.9), ";\n"]
    g.items.append(Node("item", *parts, "return r;\n}\n"))
    s = g.fresh("s")
    node = stmt(f"struct {name} {s} = {make}(", as_argument(g.fit(g.real(1))),
                ", ", as_argument(g.fit(g.leaf())), ");\n")
    for i in range(count):
        g.declare(Scalar(f"{s}.f{i}"))
    return node


def as_argument(e):
    return Node("real", "(real)(", e, ")", low=e.low, high=e.high)


# ---- calls that carry no derivative


@statement("inactive-call", 0.6)
def printing(g):
    t, k = g.fresh("text"), g.fresh("k")
    e = g.leaf()
    node = stmt(f"char {t}[40];\nlong {k} = snprintf({t}, sizeof {t}, \"%.3f\","
                " plain_value(", as_argument(e), f")) > 5 ? 1 : 0;\n")
    g.declare(Integer(k, 0, 1))
    return node
