# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Longer idioms of numerical code, each a known trap for adjoint compilers."""
from .calls import LINKAGE, as_argument, inner_expr
from .control import MAX_TRIPS, stmt
from .expressions import CannotMake
from .memory import two_arrays
from .registry import registry
from .scope import Array, Integer, Scalar, Scope
from .tree import Node

STATEMENTS, statement = registry()


def outermost(g):
    """These run long: not inside loops, not in functions called from them."""
    if g.trips > 1:
        raise CannotMake


@statement("long-loop")
def long_loop(g):
    """Thousands of iterations: the tape has to grow."""
    outermost(g)
    g.need("acc", "x")
    i, t = g.fresh("i"), g.fresh("t")
    trips = g.pick(["3000", "1000 * m", "257 * n"])
    leave = g.pick(["", f"if ({t} > 0.8 && {i} > 1500) break;\n",
                    f"if (({i} & 3) == 1) continue;\n"])
    return stmt(f"{{\nreal {t} = ", g.fit(g.real(1), 1.0),
                f";\nfor (long {i} = 0; {i} < {trips}; ++{i}) {{\n",
                f"{t} = 0.5 * {t} + 0.3 * sin({t} + x[{i} & 7]);\n", leave,
                f"acc += 0.01 * {t};\n}}\n}}\n")


@statement("long-loop", 0.5)
def data_dependent_long_loop(g):
    outermost(g)
    i, t = g.fresh("i"), g.fresh("t")
    node = stmt(f"real {t} = 1.0 + square_plus(", as_argument(g.fit(g.real(1))),
                f", 0.1);\nfor (long {i} = 0; {t} > 0.0513; ++{i}) {t} = {t} * "
                f"(0.996 + 0.002 * cos({t}));\n")
    g.declare(Scalar(t, 6.0))
    return node


@statement("flags")
def flags(g):
    """Decisions taken on data and looked up later."""
    g.need("acc")
    a, b = two_arrays(g)
    f, i, c = g.fresh("flag"), g.fresh("i"), g.fresh("count")
    kind = g.pick(["char", "bool", "int"])
    return stmt(
        f"{{\n{kind} {f}[8];\nlong {c} = 0;\nfor (long {i} = 0; {i} < 8; ++{i})"
        f" {{\n{f}[{i}] = {a.name}[{i}] > 0.1013;\nif ({f}[{i}]) ++{c};\n"
        f"{a.name}[{i}] = 0.5 * {a.name}[{i}] * {b.name}[{c} & 7];\n}}\n"
        f"for (long {i} = 0; {i} < 8; ++{i}) acc += {f}[{i}] ? "
        f"{a.name}[{i}] : {b.name}[{i}] * {b.name}[{c} & 7];\n}}\n")


@statement("index-array")
def index_array(g):
    """Places chosen by data, kept in integers, used to scatter and gather."""
    a, b = two_arrays(g)
    k, i = g.fresh("k"), g.fresh("i")
    return stmt(
        f"{{\nlong {k}[8];\nfor (long {i} = 0; {i} < 8; ++{i}) {k}[{i}] = "
        f"(long)({a.name}[{i}] * 3.0 + 8.0) & 7;\nfor (long {i} = 0; {i} < 8; "
        f"++{i}) {b.name}[{k}[{i}]] = 0.5 * {b.name}[{k}[{i}]] + 0.4 * "
        f"{a.name}[{i}];\nfor (long {i} = 0; {i} < 8; ++{i}) {a.name}[{i}] = "
        f"{b.name}[{k}[{i}]] * sin({a.name}[{k}[{k}[{i}]]]);\n}}\n")


@statement("linear-algebra")
def matrix_product(g):
    g.need("x", "y")
    outermost(g)
    m, i, j, k = g.fresh("m"), g.fresh("i"), g.fresh("jj"), g.fresh("k")
    order = g.rng.sample([
        f"for (long {i} = 0; {i} < 4; ++{i})\n",
        f"for (long {j} = 0; {j} < 4; ++{j})\n",
        f"for (long {k} = 0; {k} < 4; ++{k})\n"], 3)
    return stmt(
        f"{{\nreal {m}[3][4][4];\nfor (long {i} = 0; {i} < 4; ++{i}) for (long "
        f"{j} = 0; {j} < 4; ++{j}) {{\n{m}[0][{i}][{j}] = x[{i}] * y[{j} + 2];\n"
        f"{m}[1][{i}][{j}] = sin(x[{i} + {j}]);\n{m}[2][{i}][{j}] = 0.0;\n}}\n",
        *order, f"{m}[2][{i}][{j}] += {m}[0][{i}][{k}] * {m}[1][{k}][{j}];\n"
        f"for (long {i} = 0; {i} < 4; ++{i}) y[{i}] = bounded({m}[2][{i}][{i}] "
        f"+ {m}[2][{i}][3 - {i}]);\n}}\n")


@statement("linear-algebra", 0.8)
def elimination(g):
    """Gauss elimination in place, then back substitution."""
    g.need("x", "y")
    outermost(g)
    m, i, j, k = g.fresh("m"), g.fresh("i"), g.fresh("jj"), g.fresh("k")
    return stmt(
        f"{{\nreal {m}[4][5];\nfor (long {i} = 0; {i} < 4; ++{i}) {{\nfor (long"
        f" {j} = 0; {j} < 4; ++{j}) {m}[{i}][{j}] = 0.3 * sin(x[{i}] + y[{j}]) "
        f"+ ({i} == {j} ? 2.0 : 0.0);\n{m}[{i}][4] = y[{i}];\n}}\nfor (long {k}"
        f" = 0; {k} < 4; ++{k}) for (long {i} = {k} + 1; {i} < 4; ++{i}) {{\n"
        f"real f = {m}[{i}][{k}] / {m}[{k}][{k}];\nfor (long {j} = {k}; {j} < "
        f"5; ++{j}) {m}[{i}][{j}] -= f * {m}[{k}][{j}];\n}}\nfor (long {i} = 3;"
        f" {i} >= 0; --{i}) {{\nreal s = {m}[{i}][4];\nfor (long {j} = {i} + 1;"
        f" {j} < 4; ++{j}) s -= {m}[{i}][{j}] * x[{j}];\nx[{i}] = bounded(s / "
        f"{m}[{i}][{i}]);\n}}\n}}\n")


@statement("packed")
def packed_struct(g):
    """Doubles at odd addresses."""
    kind, s, t = g.global_name("K"), g.fresh("s"), g.fresh("t")
    g.items.append(Node("item", f"struct __attribute__((packed)) {kind} {{\n"
                        "char c;\nreal d;\nshort k;\nreal e[2];\n};\n"))
    node = stmt(f"struct {kind} {s}, {s}_2;\n{s}.c = 3;\n{s}.k = 1;\n{s}.d = ",
                g.fit(g.real(1)), f";\n{s}.e[0] = ", g.fit(g.real(1)),
                f";\n{s}.e[1] = {s}.d * {s}.e[0];\n{s}_2 = {s};\nreal {t} = "
                f"bounded({s}_2.e[{s}_2.k] + {s}_2.d * {s}.c);\n")
    g.declare(Scalar(t))
    return node


@statement("view")
def view(g):
    """A struct that holds pointers to active memory, passed on by value."""
    kind, use, t = g.global_name("V"), g.global_name("use"), g.fresh("t")
    a, b = two_arrays(g)
    by = g.pick(["struct {} v", "const struct {} &v", "struct {} v"])
    if g.language == "c":
        by = "struct {} v"
    g.items.append(Node(
        "item", f"struct {kind} {{\nreal *p;\nlong n;\nreal *q;\nreal scale;\n"
        f"}};\n{g.pick(LINKAGE)}real {use}({by.format(kind)}) {{\nreal s = 0.0;"
        "\nfor (long i = 0; i < v.n; ++i) {\ns += v.p[i] * v.q[i] * v.scale;\n"
        "v.p[i] = 0.5 * v.q[i] + 0.2 * v.scale;\n}\nreturn s;\n}\n"))
    v = g.fresh("v")
    node = stmt(f"struct {kind} {v} = {{{a.name}, 4, {b.name} + 1, ",
                as_argument(g.fit(g.real(1))), f"}};\nreal {t} = bounded({use}"
                f"({v}));\n{v}.p = {v}.q;\n{v}.p[0] = 0.5 * {t};\n")
    g.declare(Scalar(t))
    return node


@statement("pointer-return")
def pointer_return(g):
    name, p = g.global_name("place"), g.fresh("p")
    a, b = two_arrays(g)
    g.items.append(Node(
        "item", f"{g.pick(LINKAGE)}real *{name}(real *p, real *q, long k) {{\n"
        "if (p[k] > 0.1013) return q;\nreturn p + k;\n}\n"))
    return stmt(f"{{\nreal *{p} = {name}({a.name}, {b.name}, {g.index(4)});\n",
                g.block(g.inner_count(), Array(p, 4)), "}\n")


@statement("heap-matrix")
def heap_matrix(g):
    outermost(g)
    g.need("x", "y", "n")
    m, i, j = g.fresh("m"), g.fresh("i"), g.fresh("jj")
    return stmt(
        f"{{\nreal **{m} = (real **)malloc(n * sizeof(real *));\nfor (long {i} "
        f"= 0; {i} < n; ++{i}) {{\n{m}[{i}] = (real *)malloc(4 * sizeof(real));"
        f"\nfor (long {j} = 0; {j} < 4; ++{j}) {m}[{i}][{j}] = x[{i}] * "
        f"y[{j} + 1] + 0.1 * {j};\n}}\n{{\nreal *s = {m}[0];\n{m}[0] = {m}[1];"
        f"\n{m}[1] = s;\n}}\nfor (long {i} = 1; {i} < n; ++{i}) for (long {j} ="
        f" 0; {j} < 4; ++{j}) {m}[{i}][{j}] = 0.5 * {m}[{i} - 1][{j}] + 0.3 * "
        f"sin({m}[{i}][3 - {j}]);\nfor (long {i} = 0; {i} < n; ++{i}) {{\n"
        f"y[{i}] = {m}[{i}][{i} & 3];\nfree({m}[{i}]);\n}}\nfree({m});\n}}\n")


@statement("integer-pointer")
def integer_pointer(g):
    a, p = g.pick(g.memory_arrays()).name, g.fresh("p")
    k = g.rng.randint(1, 4)
    return stmt(f"{{\nunsigned long {p}_i = (unsigned long){a} + {k} * "
                f"sizeof(real);\nreal *{p} = (real *){p}_i;\n",
                g.block(g.inner_count(), Array(p, 4)), "}\n")


@statement("varargs")
def variable_arguments(g):
    name, t = g.global_name("va"), g.fresh("t")
    g.items.append(Node(
        "item", f"static real {name}(int n, ...) {{\n__builtin_va_list ap;\n"
        "__builtin_va_start(ap, n);\nreal s = 0.0;\nfor (int i = 0; i < n; ++i)"
        " {\nreal v = __builtin_va_arg(ap, real);\ns = s * 0.5 + v * v;\n}\n"
        "__builtin_va_end(ap);\nreturn s;\n}\n"))
    node = stmt(f"real {t} = bounded({name}(2, ", as_argument(g.fit(g.real(1))),
                ", ", as_argument(g.fit(g.leaf())), "));\n")
    g.declare(Scalar(t))
    return node


@statement("deep-recursion", 0.6)
def deep_recursion(g):
    outermost(g)
    name, t = g.global_name("deep"), g.fresh("t")
    g.items.append(Node(
        "item", f"static real {name}(real a, real *p, long depth) {{\nif (depth "
        "<= 0) return a * p[0];\np[depth & 7] = 0.5 * p[depth & 7] + 0.2 * a;\n"
        f"return 0.9 * {name}(0.5 * a + 0.3 * sin(p[depth & 3]), p, depth - 1) "
        "+ 0.1 * a;\n}\n"))
    a = g.pick(g.memory_arrays()).name
    node = stmt(f"real {t} = {name}(", as_argument(g.fit(g.leaf())),
                f", {a}, {g.pick(['400', '90 * n'])});\n")
    g.declare(Scalar(t, 4.0))
    return node


@statement("min-max")
def reduction(g):
    """The largest element by comparison, its place needed in reverse."""
    g.need("acc")
    a = g.pick(g.memory_arrays()).name
    t, i = g.fresh("best"), g.fresh("i")
    op = g.pick(["<", ">"])
    node = stmt(f"real {t} = {a}[0];\nfor (long {i} = 1; {i} < 8; ++{i}) ",
                g.pick([f"if ({a}[{i}] {op} {t}) {t} = {a}[{i}];\n",
                        f"{t} = {a}[{i}] {op} {t} ? {a}[{i}] : {t};\n",
                        f"{{\nif ({a}[{i}] {op} {t}) {{\n{t} = {a}[{i}];\nacc "
                        f"+= {t} * 0.1;\n}}\n}}\n"]))
    g.declare(Scalar(t))
    return node


@statement("min-max", 2.0)
def winner(g):
    """The extremum of what a loop computes, and what comes along with it."""
    if g.trips * 20 > MAX_TRIPS:
        return None
    g.need("n", "m", "x", "acc")
    best, also, v, i = (g.fresh(s) for s in ("best", "also", "v", "i"))
    trips, most = g.pick([("n", 6), ("m", 4), ("n + m", 10)])
    start, first = g.fit(g.real(1)), g.fit(g.leaf())
    g.scopes.append(Scope())
    g.declare(Integer(i, 0, most - 1))
    value, other = g.fit(g.real(3)), g.fit(g.real(2))
    g.scopes.pop()
    deeper = g.pick(["", f"for (long k = 0; k < {g.pick('nm')}; ++k) {v} = 0.6 "
                     f"* {v} + 0.3 * sin({v} + x[({i} + k) & 7]);\n"])
    op = g.pick(["<", ">", "<=", ">="])
    function = g.pick(["fmin", "fmax"])
    choose = g.pick([
        (f"if ({v} {op} {best}) {{\n{best} = {v};\n{also} = ", other, ";\n}\n"),
        (f"{best} = {v} {op} {best} ? {v} : {best};\n",),
        (f"{best} = {function}({v}, {best});\n",),
        (f"{best} = {function}({best}, {v});\n",)])
    more = g.pick(["", "", f"acc += {best} * 0.1;\n"])
    node = stmt(f"real {best} = ", start, f";\nreal {also} = ", first,
                f";\nfor (long {i} = 0; {i} < {trips}; ++{i}) {{\nreal {v} = ",
                value, ";\n", deeper, *choose, more, "}\n")
    g.declare(Scalar(best))
    g.declare(Scalar(also))
    return node


@statement("time-loop")
def time_loop(g):
    """Steps of an integrator whose state is an array."""
    outermost(g)
    g.need("x", "y", "n")
    s, k, i = g.fresh("step"), g.fresh("k"), g.fresh("i")
    rate = as_argument(g.fit(inner_expr(g), 1.0))
    return stmt(
        f"for (long {s} = 0; {s} < 4 * n; ++{s}) {{\nreal {k}[2][4];\nfor (long "
        f"{i} = 0; {i} < 4; ++{i}) {k}[0][{i}] = sin(x[({i} + 1) & 3]) - 0.3 * "
        f"x[{i}] * ", rate, f";\nfor (long {i} = 0; {i} < 4; ++{i}) {k}[1][{i}]"
        f" = cos(x[{i}] + 0.05 * {k}[0][{i}]);\nfor (long {i} = 0; {i} < 4; "
        f"++{i}) x[{i}] += 0.02 * ({k}[0][{i}] + {k}[1][{i}] * y[{i}]);\n}}\n")


@statement("time-steps", 2)
def time_steps(g):
    """Steps on local arrays: some are state, some scratch, by chance."""
    outermost(g)
    g.need("acc", "x", "n", "m")
    s, k, i, t = g.fresh("step"), g.fresh("k"), g.fresh("i"), g.fresh("t")
    names = [g.fresh("u") for _ in range(3)]
    on_heap = g.rng.random() < 0.6

    def sweep():
        a, b, c = (g.pick(names) for _ in range(3))
        low, high = g.pick(["0", "1", "1", "2"]), g.pick([k, k, f"{k} + 1", "7"])
        value = g.pick([
            f"0.8 * sin({b}[{i}] * {c}[{i} + 1])",
            f"{b}[{i}] / (1.0 + {c}[{i}] * {c}[{i}])",
            f"0.7 * {a}[{i}] + 0.2 * {t} * cos({b}[{i}] * {c}[{i}])",
            f"0.5 * {b}[{i}] - 0.4 * x[{i} & 7] * bounded({c}[{i}])",
            f"0.4 * {b}[{i} + 1] + 0.3 * {c}[{i}]"])
        text = (f"for (long {i} = {low}; {i} < {high}; ++{i}) {a}[{i}] = "
                f"{value};\n")
        return g.pick([text, text, text, f"if ({s} & 1) {text}",
                       f"if ({k} > 2) {text}"])

    def other():
        a, b = g.pick(names), g.pick(names)
        return g.pick([
            f"{a}[{g.pick(['0', '0', '1', k])}] = 0.6 * {b}[{k}] + 0.1;\n",
            f"{t} = 0.5 * {t} + 0.3 * sin({a}[1] * {t});\n",
            f"acc += 0.05 * {a}[{k}];\n",
            f"{{\nreal *other = {a};\n{a} = {b};\n{b} = other;\n}}\n",
            f"if ({t} > 0.9017) break;\n"])

    body = "".join(sweep() if g.rng.random() < 0.75 else other()
                   for _ in range(g.rng.randint(2, 5)))
    end = g.pick([f"{s} < n", f"{s} < n + 2", f"{s} < 9 && {t} < 1.2011"])
    make = "".join(f"real *{u} = (real *)malloc(10 * sizeof(real));\n" if on_heap
                   else f"real {u}_of[10], *{u} = {u}_of;\n" for u in names)
    fill = "".join(f"{u}[{i}] = {g.pick(['x', 'x', '0.2 * x'])}[({i} + {j}) & 7];"
                   for j, u in enumerate(names))
    total = " + ".join(f"{u}[{i}]" for u in names)
    free = "".join(f"free({u});\n" for u in names) if on_heap else ""
    return stmt(
        f"{{\nlong {k} = m & 7;\nreal {t} = 0.5;\n{make}for (long {i} = 0; {i} "
        f"< 10; ++{i}) {{\n{fill}\n}}\nfor (long {s} = 0; {end}; ++{s}) {{\n"
        f"{body}}}\nfor (long {i} = 0; {i} < 10; ++{i}) acc += 0.03 * ({total}) "
        f"* {t};\n{free}}}\n")


@statement("two-results")
def two_results(g):
    """Library functions that hand part of their result back in memory."""
    t, u = g.fresh("t"), g.fresh("u")
    e = as_argument(g.fit(g.real(1)))
    text = g.pick([
        (f"int {u}_k;\nreal {t} = frexp(", e, f", &{u}_k);\nreal {u} = 0.1 * "
         f"{u}_k;\n"),
        (f"real {u};\nreal {t} = modf(3.7 * ", e, f", &{u});\n{u} = 0.1 * "
         f"{u};\n"),
        (f"real {t}, {u};\nsincos(", e, f", &{t}, &{u});\n")])
    g.declare(Scalar(t))
    g.declare(Scalar(u))
    return stmt(*text)
