# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Doubles that travel: structs, unions, integers, floats, vectors, lists."""
from .control import MAX_TRIPS, stmt
from .expressions import BOUND, constant
from .memory import filled, two_arrays
from .registry import registry
from .scope import Array, Integer, Scalar
from .tree import Node

STATEMENTS, statement = registry()


def struct_type(g):
    """One struct per program: a scalar, a small array, an integer."""
    name = f"{g.prefix}_S"
    if not any(name + " {" in i.text() for i in g.items):
        g.items.insert(0, Node("item", f"struct {name} {{\nreal a;\nlong k;\n"
                               "real v[4];\nreal b;\n};\n"))
    return f"struct {name}"


def declare_struct(g, name, access):
    g.declare(Scalar(f"{name}{access}a"))
    g.declare(Scalar(f"{name}{access}b"))
    g.declare(Array(f"{name}{access}v", 4))
    g.declare(Integer(f"{name}{access}k", 0, 3))


def made_struct(g, kind, name):
    a, b = g.fit(g.real(1)), g.fit(g.real(1))
    init = filled(g, f"{name}.v[{name}_i]", 4, f"{name}_i")
    return Node("glue", f"{kind} {name};\n{name}.a = ", a, f";\n{name}.b = ",
                b, f";\n{name}.k = {g.rng.randint(0, 3)};\n", init)


@statement("struct")
def local_struct(g):
    kind, name = struct_type(g), g.fresh("s")
    node = stmt(made_struct(g, kind, name))
    declare_struct(g, name, ".")
    return node


@statement("struct", 0.7)
def struct_copy(g):
    kind, s, t = struct_type(g), g.fresh("s"), g.fresh("s")
    first = stmt(made_struct(g, kind, s))
    declare_struct(g, s, ".")
    change = stmt(f"{s}.a = ", g.fit(g.real(2)), ";\n")
    how = g.pick([f"{kind} {t} = {s};\n",
                  f"{kind} {t};\nmemcpy(&{t}, &{s}, sizeof {t});\n",
                  f"{kind} {t};\n{t} = {s};\n{t}.b = {s}.v[1];\n"])
    declare_struct(g, t, ".")
    return [first, stmt(how), change]


@statement("struct", 0.7)
def struct_array(g):
    g.need("x")
    kind, name, i = struct_type(g), g.fresh("s"), g.fresh("i")
    g.scopes.append(type(g.scopes[-1])())
    g.declare(Integer(i, 0, 2))
    e1, e2 = g.fit(g.real(1)), g.fit(g.real(1))
    g.scopes.pop()
    node = stmt(f"{kind} {name}[3];\nfor (long {i} = 0; {i} < 3; ++{i}) {{\n"
                f"{name}[{i}].a = ", e1, f";\n{name}[{i}].b = ", e2,
                f";\n{name}[{i}].k = {i};\nfor (long q = 0; q < 4; ++q) "
                f"{name}[{i}].v[q] = {name}[{i}].a * x[q] * 0.5;\n}}\n")
    g.declare(Array(name, 3, pattern=f"{name}[{{}}].a", is_memory=False))
    g.declare(Array(name, 3, pattern=f"{name}[{{}}].b", is_memory=False))
    g.declare(Array(name, 4, pattern=f"{name}[1].v[{{}}]", is_memory=False))
    swap = stmt(f"{{\n{kind} {name}_t = {name}[0];\n{name}[0] = {name}[2];\n"
                f"{name}[2] = {name}_t;\n}}\n")
    return [node, swap] if g.chance(0.5) else [node]


# ---- bits


@statement("union")
def union_of(g):
    kind, u, v = f"{g.prefix}_U", g.fresh("u"), g.fresh("u")
    if not any(kind + " {" in i.text() for i in g.items):
        g.items.insert(0, Node("item", f"union {kind} {{\nreal d;\nbits i;\n"
                               "real pair[2];\n};\n"))
    r = g.fresh("t")
    node = stmt(f"union {kind} {u}, {v};\n{u}.d = ", g.fit(g.real(2)), ";\n",
                g.pick([f"{v}.i = {u}.i;\n", f"{v} = {u};\n",
                        f"{v}.pair[0] = {u}.d;\n{v}.pair[1] = {u}.d;\n"]),
                f"real {r} = {v}.{g.pick(['d', 'pair[0]'])};\n")
    g.declare(Scalar(r))
    return node


@statement("memcpy-scalar")
def memcpy_scalar(g):
    a, t = g.pick(g.memory_arrays()), g.fresh("t")
    node = stmt(f"real {t};\nmemcpy(&{t}, &{a.element(g.index(a.size))}, "
                f"sizeof {t});\n")
    g.declare(Scalar(t))
    back = stmt(f"memcpy(&{a.element(g.index(a.size))}, &{t}, sizeof {t});\n")
    return [node, back] if g.chance(0.6) else [node]


@statement("integer-move")
def integer_swap(g):
    a, b = two_arrays(g)
    s, i = g.fresh("w"), g.fresh("i")
    return stmt(g.pick([
        f"{{\nbits {s} = ((bits *){a.name})[1];\n((bits *){a.name})[1] = "
        f"((bits *){b.name})[2];\n((bits *){b.name})[2] = {s};\n}}\n",
        f"for (long {i} = 0; {i} < 8; ++{i}) ((bits *){a.name})[{i}] = "
        f"((bits *){b.name})[7 - {i}];\n",
        f"{{\nbits {s}[8];\nfor (long {i} = 0; {i} < 8; ++{i}) {s}[{i}] = "
        f"to_bits({a.name}[{i}]);\nfor (long {i} = 0; {i} < 8; ++{i}) "
        f"{a.name}[{i}] = from_bits({s}[({i} + 3) & 7]);\n}}\n"]))


@statement("integer-move", 0.6)
def integer_select(g):
    a, b = two_arrays(g)
    w, t = g.fresh("w"), g.fresh("t")
    node = stmt(f"bits {w} = to_bits({a.name}[1]);\nif (", g.cond(),
                f") {w} = to_bits({b.name}[2]);\nreal {t} = from_bits({w});\n")
    g.declare(Scalar(t))
    return node


@statement("sign-bits")
def sign_bits(g):
    t = g.fresh("t")
    e, s = g.fit(g.real(1)), g.leaf()
    node = stmt(f"real {t} = ", g.pick([
        Node("real", "sign_flipped(", e, ")"),
        Node("real", "sign_cleared(", e, ")"),
        Node("real", "sign_from(", e, ", ", s, ")")]), ";\n")
    g.declare(Scalar(t))
    return node


# ---- float


@statement("float", 2)
def through_float(g):
    g.need("x", "y")
    f, t, i = g.fresh("f"), g.fresh("t"), g.fresh("i")
    call = g.pick(["sinf", "cosf", "tanhf", "atanf"])
    start = Node("glue", f"flt {f} = (flt)(", g.fit(g.real(2)), ");\n")
    step = g.pick([
        f"{f} = {f} * {f} * (flt)0.5;\n",
        f"{f} = {call}({f}) + (flt)0.25;\n",
        f"for (long {i} = 0; {i} < 4; ++{i}) {f} = {f} * (flt)0.5 + "
        f"(flt)x[{i}];\n",
        f"flt {f}_v[4];\nfor (long {i} = 0; {i} < 4; ++{i}) {f}_v[{i}] = "
        f"(flt)y[{i}] * {f};\n{f} = {f}_v[1] + {f}_v[2] * (flt)0.1;\n"])
    node = stmt(start, step, f"real {t} = bounded((real){f});\n")
    g.declare(Scalar(t))
    return node


# ---- vectors


@statement("vector")
def vectors(g):
    n = g.pick([2, 4])
    v, w, t = g.fresh("v"), g.fresh("v"), g.fresh("t")
    lanes = [g.fit(g.real(1)) for _ in range(n)]
    parts = [f"vec{n} {v} = {{"]
    for i, e in enumerate(lanes):
        parts += [", " if i else "", Node("real", "(real)(", e, ")")]
    k = ", ".join(["(real)0.4"] * n)
    op = g.pick(["+", "-", "*"])
    parts += [f"}};\nvec{n} {w} = {{{k}}};\n",
              g.pick([f"{w} = {w} * {v} {op} reversed{n}({v});\n",
                      f"{w} = {v} / ({v} * {v} + {w});\n",
                      f"{w}[1] = {v}[0] * 0.5;\n{v} = {w} {op} {v};\n",
                      f"for (long q = 0; q < 3; ++q) {w} = {w} * {v} {op} "
                      f"{w};\n"])]
    if n == 4 and g.chance(0.3):
        parts.append(f"vec2 {w}_h = upper_half({w});\n{w}[0] = {w}_h[1] * "
                     f"{w}_h[0];\n")
    parts.append(f"real {t} = bounded({w}[0] + {w}[{n - 1}] * {v}[1]);\n")
    g.declare(Scalar(t))
    return stmt(*parts)


@statement("vector", 0.5)
def vector_memory(g):
    a = g.pick(g.memory_arrays()).name
    v = g.fresh("v")
    return stmt(f"{{\nvec4 {v};\nmemcpy(&{v}, {a} + 2, sizeof {v});\n{v} = "
                f"{v} * reversed4({v});\nmemcpy({a}, &{v}, sizeof {v});\n}}\n")


# ---- lists


def node_type(g):
    name = f"{g.prefix}_N"
    if not any(name + " {" in i.text() for i in g.items):
        g.items.insert(0, Node("item", f"struct {name} {{\nreal value;\nstruct "
                               f"{name} *next;\nlong tag;\n}};\n"))
    return f"struct {name}"


@statement("list")
def list_on_stack(g):
    if g.trips * 8 > MAX_TRIPS:
        return None
    g.need("acc", "x", "y")
    kind, s, i, p = node_type(g), g.fresh("nodes"), g.fresh("i"), g.fresh("p")
    build = (f"{kind} {s}[5];\nfor (long {i} = 0; {i} < 5; ++{i}) {{\n"
             f"{s}[{i}].value = x[{i}] * y[{i}];\n{s}[{i}].tag = {i};\n"
             f"{s}[{i}].next = {i} < 4 ? &{s}[{i} + 1] : ({kind} *)0;\n}}\n")
    reverse = (f"{{\n{kind} *before = ({kind} *)0, *at = {s};\nwhile (at) {{\n"
               f"{kind} *after = at->next;\nat->next = before;\nbefore = at;\n"
               f"at = after;\n}}\n{s}[0].tag = 7;\nacc += before->value;\n}}\n")
    unlink = (f"{s}[1].next = {s}[1].next ? {s}[1].next->next : ({kind} *)0;\n")
    walk = (f"for ({kind} *{p} = {g.pick([f'{s}', f'&{s}[4]'])}; {p}; "
            f"{p} = {p}->next) {{\n")
    g.scopes.append(type(g.scopes[-1])())
    g.declare(Scalar(f"{p}->value", BOUND))
    e = g.fit(g.real(2))
    g.scopes.pop()
    return stmt("{\n", build, stmt(g.pick([reverse, unlink])), walk,
                f"{p}->value = ", e, f";\nacc += {p}->value;\n}}\n}}\n")


@statement("list", 0.8)
def list_on_heap(g):
    if g.trips * 6 > MAX_TRIPS:
        return None
    g.need("acc", "x", "n")
    kind, head, i, p = node_type(g), g.fresh("head"), g.fresh("i"), g.fresh("p")
    e = g.fit(g.real(1))
    return stmt(
        f"{{\n{kind} *{head} = ({kind} *)0;\nfor (long {i} = 0; {i} < n; ++{i})"
        f" {{\n{kind} *{p} = ({kind} *)malloc(sizeof({kind}));\n{p}->value = ",
        e, f" * x[{i}];\n{p}->tag = {i};\n{p}->next = {head};\n{head} = {p};\n"
        f"}}\nfor ({kind} *{p} = {head}; {p}; {p} = {p}->next) {{\nacc += "
        f"{p}->value * {p}->value;\nif ({p}->next) {p}->next->value += 0.5 * "
        f"{p}->value;\n}}\nwhile ({head}) {{\n{kind} *{p} = {head}->next;\n"
        f"free({head});\n{head} = {p};\n}}\n}}\n")
