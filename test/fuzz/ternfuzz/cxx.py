# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What only C++ has, and what compiled Rust looks like."""
from .calls import as_argument, inner_expr
from .control import MAX_TRIPS, stmt
from .expressions import BOUND
from .registry import registry
from .scope import Array, Integer, Scalar
from .tree import Node

STATEMENTS, statement = registry()


@statement("exception")
def thrown_here(g):
    c = g.fresh("caught")
    g.loops.append(1000)  # no break out of a try for now
    attempt, rescue = g.block(g.inner_count()), g.block(1)
    g.loops.pop()
    return stmt("try {\n", attempt, "if (", g.data_cond(), ") throw 7;\n",
                g.block(1), f"}} catch (int {c}) {{\n", rescue, "}\n")


@statement("exception")
def thrown_by_callee(g):
    g.need("x", "y")
    name, t = g.global_name("may_throw"), g.fresh("t")
    g.items.append(Node(
        "item", f"__attribute__((noinline)) static real {name}(real a) {{\n"
        "if (a > 0.4013) throw (int)3;\nreturn ", g.fit(inner_expr(g), 1.0),
        ";\n}\n"))
    e = g.fit(g.real(1))
    node = stmt(f"real {t} = 0.25;\ntry {{\n{t} = {name}(", as_argument(e),
                f");\ny[1] += {t};\n}} catch (int c) {{\n{t} = 0.1 * c * "
                "x[2];\n}\n")
    g.declare(Scalar(t))
    return node


@statement("raii")
def destructor(g):
    kind, name = f"{g.prefix}_guard", g.fresh("guard")
    if not any(kind + " {" in i.text() for i in g.items):
        g.items.insert(0, Node(
            "item", f"struct {kind} {{\nreal *p;\nreal *own;\n{kind}(real *q) : "
            "p(q), own(new real[2]) {\nown[0] = q[0];\nown[1] = q[1];\n}\n"
            f"~{kind}() {{\np[0] = 0.5 * (p[0] + own[1] * own[0]);\n"
            "delete[] own;\n}\n};\n"))
    a = g.pick(g.memory_arrays()).name
    saved = g.may_return
    body = g.block(g.inner_count(), Array(f"{name}.own", 2))
    g.may_return = saved
    return stmt(f"{{\n{kind} {name}({a});\n", body, "}\n")


@statement("virtual")
def virtual_call(g):
    base, t = g.global_name("Base"), g.fresh("t")
    one, two = base + "_one", base + "_two"
    g.items.append(Node(
        "item", f"struct {base} {{\nreal k;\nvirtual real at(real a) {{ return "
        f"a * k; }}\n}};\nstruct {one} : {base} {{\nreal at(real a) override "
        "{\nreturn k * ", g.fit(inner_expr(g), 1.0), f";\n}}\n}};\nstruct {two}"
        f" : {base} {{\nreal at(real a) override {{\nk = 0.5 * k;\nreturn ",
        g.fit(inner_expr(g), 1.0), ";\n}\n};\n"))
    u, v, p = g.fresh("u"), g.fresh("v"), g.fresh("p")
    node = stmt(f"{one} {u};\n{two} {v};\n{u}.k = ", g.fit(g.real(1)),
                f";\n{v}.k = ", g.fit(g.leaf()), f";\n{base} *{p} = ",
                g.cond(), f" ? ({base} *)&{u} : ({base} *)&{v};\nreal {t} = "
                f"0.5 * {p}->at(", as_argument(g.fit(g.real(1))), ");\n")
    g.declare(Scalar(t))
    return node


@statement("tree", 0.5)
def tree(g):
    """Nodes that own their children and are destroyed through their base."""
    if any("_Node" in i.text() for i in g.items):
        return None  # every class is a candidate at every call
    base, t = g.global_name("Node"), g.fresh("t")
    leaf, pair = base + "_leaf", base + "_pair"
    g.items.append(Node(
        "item", f"struct {base} {{\nvirtual ~{base}() {{}}\nvirtual real "
        f"at(real a) = 0;\n}};\nstruct {leaf} : {base} {{\nreal k;\n{leaf}(real"
        " q) : k(q) {}\nreal at(real a) override {\nreturn k * ",
        g.fit(inner_expr(g), 1.0), f";\n}}\n}};\nstruct {pair} : {base} {{\n"
        f"{base} *l, *r;\n{pair}({base} *p, {base} *q) : l(p), r(q) {{}}\n"
        f"~{pair}() {{\ndelete l;\ndelete r;\n}}\nreal at(real a) override {{\n"
        "return bounded(l->at(a)) * r->at(0.7 * a) + 0.3 * a;\n}\n};\n"))
    root = g.fresh("root")
    leaves = [g.fit(g.leaf()) for _ in range(3)]
    node = stmt(f"{base} *{root} = new {pair}(new {leaf}(",
                as_argument(leaves[0]), f"), new {pair}(new {leaf}(",
                as_argument(leaves[1]), f"), new {leaf}(",
                as_argument(leaves[2]), f")));\nreal {t} = bounded({root}->at(",
                as_argument(g.fit(g.real(1))), f"));\ndelete {root};\n")
    g.declare(Scalar(t))
    return node


@statement("lambda")
def closure(g):
    f, t = g.fresh("lam"), g.fresh("t")
    scalars = [v for v in g.scalars() if v.writable and v.bound == BOUND
               and v.name.isalnum()]
    if not scalars:
        return None
    v = g.pick(scalars).name
    capture = g.pick(["&", "=", f"&, {v}"])
    body = ["return ", as_argument(g.fit(inner_expr(g))), f" * 0.5 + {v};\n"]
    if capture == "&":
        body.insert(0, f"{v} = bounded({v} + a);\n")
    if v == "a":
        return None
    node = stmt(f"auto {f} = [{capture}](real a) {{\n", *body,
                f"}};\nreal {t} = bounded({f}(",
                as_argument(g.fit(g.real(1))), f") + {f}(0.3));\n")
    g.declare(Scalar(t))
    return node


@statement("reference")
def reference(g):
    a, r = g.pick(g.memory_arrays()), g.fresh("ref")
    node = stmt(f"real &{r} = {a.element(g.index(a.size))};\n")
    g.declare(Scalar(r))
    return node


@statement("slice")
def bounds_checked(g):
    """A slice as Rust has it: pointer and length, every access checked."""
    kind = f"{g.prefix}_slice"
    if not any(kind + " {" in i.text() for i in g.items):
        g.items.insert(0, Node(
            "item", f"struct {kind} {{\nreal *p;\nunsigned long len;\nreal "
            "&operator[](unsigned long i) {\nif (i >= len) abort();\n"
            f"return p[i];\n}}\n{kind} tail(unsigned long k) {{\nif (k > len) "
            f"abort();\nreturn {kind}{{p + k, len - k}};\n}}\n}};\n"))
    a, s, i = g.pick(g.memory_arrays()).name, g.fresh("sl"), g.fresh("i")
    g.need("n", "acc")
    body = g.block(g.inner_count(), Array(s, 4, is_memory=False))
    return stmt(f"{{\n{kind} {s} = {kind}{{{a}, (unsigned long)(n + 2)}};\n"
                f"for (unsigned long {i} = 0; {i} + 1 < {s}.len; ++{i}) {s}[{i}]"
                f" = 0.5 * {s}[{i}] * {s}.tail(1)[{i}];\n", body,
                f"acc += {s}[1];\n}}\n")
