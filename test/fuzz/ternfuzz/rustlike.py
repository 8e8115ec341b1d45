# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What rustc makes of slices, iterators and enums, said in C.

Accesses are checked and panic through a cold function that does not return,
arithmetic traps on overflow, iterators are pairs of pointers, an enum is a tag
beside the payload of its variants.
"""
from .calls import as_argument, inner_expr
from .control import MAX_TRIPS, stmt
from .memory import two_arrays
from .registry import registry
from .scope import Integer, Scalar
from .tree import Node

STATEMENTS, statement = registry()


def panic(g):
    """The function that reports an index out of bounds."""
    name = f"{g.prefix}_panic"
    if not any(f" {name}(" in i.text() for i in g.items):
        g.items.insert(0, Node(
            "item", "__attribute__((noinline, noreturn, cold)) static void "
            f"{name}(unsigned long i, unsigned long len, const char *where) {{"
            "\nchar text[80];\nsnprintf(text, sizeof text, \"%s: %lu of %lu\", "
            "where, i, len);\nabort();\n}\n"))
    return name


@statement("panic-index")
def checked_slice(g):
    """(pointer, length) by value to a function that checks each index."""
    if g.trips * 8 > MAX_TRIPS:
        return None
    fail, name = panic(g), g.global_name("slice")
    a, b = two_arrays(g)
    g.need("n")
    body = Node("glue", g.fit(inner_expr(g), 1.0))
    attribute = g.pick(["static ", "__attribute__((noinline)) static "])
    g.items.append(Node(
        "item", f"{attribute}real {name}(real *p, unsigned long len, const "
        "real *q, unsigned long qlen) {\nreal sum = 0.0;\nfor (unsigned long "
        "i = 0; i < len; ++i) {\nunsigned long j;\nif (__builtin_add_overflow("
        f"i, 1ul, &j)) {fail}(i, j, \"overflow\");\nif (i >= qlen) {fail}(i, "
        f"qlen, \"index\");\nreal a = q[i];\nif (i >= len) {fail}(i, len, "
        "\"index\");\np[i] = 0.5 * p[i] + 0.3 * a;\nif (j < len) sum = 0.5 * "
        "sum + p[j] * (", body, ");\n}\nreturn sum;\n}\n"))
    t = g.fresh("t")
    length = g.pick(["4", "(unsigned long)n", "(unsigned long)(n + 2)"])
    node = stmt(f"real {t} = bounded({name}({a.name}, {length}, {b.name}, "
                "8));\n")
    g.declare(Scalar(t))
    return node


@statement("iterator")
def zipped(g):
    """zip, windows, chunks, rev and fold over pairs of pointers."""
    if g.trips * 8 > MAX_TRIPS:
        return None
    g.need("acc", "n")
    a, b = (v.name for v in two_arrays(g))
    p, q, e, k = (g.fresh(s) for s in ("p", "q", "end", "k"))
    value = as_argument(g.fit(g.leaf(), 1.0))
    start = f"real *{p} = {a}, *{e} = {a} + (n + 2);\n"
    return stmt("{\n", start, *g.pick([
        # zip: as long as the shorter one
        [f"real *{q} = {b}, *{q}_end = {b} + 6;\nwhile ({p} != {e} && {q} != "
         f"{q}_end) {{\nreal *v = {p}++, *w = {q}++;\n*v = 0.5 * *v + 0.3 * *w "
         "* ", value, ";\n}\n"],
        # windows(2), fold
        [f"unsigned long {k} = {e} - {p};\nreal fold = ", value,
         f";\nwhile ({k} >= 2) {{\nfold = 0.5 * fold + {p}[0] * {p}[1];\n++{p};"
         f"\n--{k};\n}}\nacc += fold;\n"],
        # chunks(3): the last one is shorter
        [f"unsigned long {k} = {e} - {p};\nwhile ({k}) {{\nunsigned long take ="
         f" {k} < 3 ? {k} : 3;\nfor (unsigned long i = 0; i < take; ++i) {p}[i]"
         f" = 0.5 * {p}[i] + 0.2 * {p}[take - 1] * ", value,
         f";\n{p} += take;\n{k} -= take;\n}}\n"],
        # rev, with an early way out (find)
        [f"real *{q} = (real *)0;\nwhile ({e} != {p}) {{\n--{e};\nif (*{e} > "
         f"0.2013) {{\n{q} = {e};\nbreak;\n}}\n}}\nif ({q}) *{q} = 0.5 * *{q} *"
         " ", value, f";\nelse acc += {a}[0];\n"]]), "}\n")


@statement("enum")
def matched(g):
    """An array of variants; what the payload means depends on the tag."""
    if g.trips * 6 > MAX_TRIPS:
        return None
    g.need("acc")
    kind, s, i = f"{g.prefix}_E", g.fresh("shapes"), g.fresh("i")
    if not any(kind + " {" in item.text() for item in g.items):
        g.items.insert(0, Node(
            "item", f"struct {kind} {{\nlong tag;\nunion {{\nreal radius;\n"
            "struct {\nreal w;\nreal h;\n} box;\n} u;\n};\n"))
    a = g.pick(g.memory_arrays()).name
    g.scopes.append(type(g.scopes[-1])())
    g.declare(Integer(i, 0, 3))
    choose, value = g.cond(), as_argument(g.fit(g.leaf(), 1.0))
    g.scopes.pop()
    return stmt(
        f"{{\nstruct {kind} {s}[4];\nfor (long {i} = 0; {i} < 4; ++{i}) if (",
        choose, f") {{\n{s}[{i}].tag = 0;\n{s}[{i}].u.radius = {a}[{i}];\n}} "
        f"else {{\n{s}[{i}].tag = 1;\n{s}[{i}].u.box.w = {a}[{i}];\n{s}[{i}].u"
        ".box.h = ", value, f";\n}}\n{s}[1] = {s}[2];\nfor (long {i} = 0; {i} "
        f"< 4; ++{i}) switch ({s}[{i}].tag) {{\ncase 0:\nacc += 3.14 * {s}[{i}]"
        f".u.radius * {s}[{i}].u.radius;\nbreak;\ncase 1:\nacc += {s}[{i}].u."
        f"box.w * {s}[{i}].u.box.h;\n{a}[{i}] = 0.5 * {s}[{i}].u.box.h;\nbreak;"
        "\ndefault:\n__builtin_unreachable();\n}\n}\n")


@statement("option")
def optional(g):
    """A function returns (is there one, which) by value."""
    kind, name, t = f"{g.prefix}_O", g.global_name("find"), g.fresh("t")
    if not any(kind + " {" in item.text() for item in g.items):
        g.items.insert(0, Node("item", f"struct {kind} {{\nlong some;\nreal "
                               "value;\n};\n"))
    a = g.pick(g.memory_arrays()).name
    fail = panic(g)
    attribute = g.pick(["static ", "__attribute__((noinline)) static "])
    g.items.append(Node(
        "item", f"{attribute}struct {kind} {name}(real *p, unsigned long len, "
        f"unsigned long k) {{\nstruct {kind} r;\nr.some = k < len && p[k] > "
        "-0.2013;\nif (r.some) r.value = p[k] * 0.7;\nreturn r;\n}\n"))
    r = g.fresh("opt")
    miss = g.pick([f"{t} = 0.25 * {a}[1];\n", f"{t} = 0.5;\n"])
    node = stmt(f"real {t};\n{{\nstruct {kind} {r} = {name}({a}, 8, "
                f"{g.index(8)});\nif ({r}.some) {t} = {r}.value;\nelse ", miss,
                f"if ({r}.some > 1) {fail}(1, 1, \"option\");\n}}\n")
    g.declare(Scalar(t))
    return node
