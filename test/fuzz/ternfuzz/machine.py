# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Numbers below the level of numbers: copies in pieces that do not fit them,
bits that lie in memory in another order, pointers that went through integers,
atomic updates."""
from .control import stmt
from .memory import two_arrays
from .registry import registry
from .scope import Array, Scalar
from .tree import Node

STATEMENTS, statement = registry()


@statement("odd-pieces")
def chunks(g):
    """An array copied in chunks that end in the middle of an element."""
    a, t, k = g.pick(g.memory_arrays()).name, g.fresh("copy"), g.fresh("k")
    chunk = g.pick([3, 5, 6, 7, 9, 10, 12, 20])
    rest = f"sizeof {t} - {k}"
    node = stmt(f"real {t}[8];\nfor (size_t {k} = 0; {k} < sizeof {t}; {k} += "
                f"{chunk}) memcpy((char *){t} + {k}, (char *){a} + {k}, {rest} "
                f"< {chunk} ? {rest} : {chunk});\n")
    g.declare(Array(t, 8))
    return node


@statement("odd-pieces", 0.7)
def split_copy(g):
    """Two copies that meet inside an element."""
    a, t = g.pick(g.memory_arrays()).name, g.fresh("copy")
    cut = g.pick([2, 10, 12, 13, 21, 30])
    node = stmt(f"real {t}[8];\nmemcpy({t}, {a}, {cut});\nmemcpy((char *){t} + "
                f"{cut}, (char *){a} + {cut}, sizeof {t} - {cut});\n")
    g.declare(Array(t, 8))
    return node


@statement("odd-pieces", 0.7)
def tagged_cells(g):
    """Structs of an integer and a number, copied in pieces."""
    kind, s, t, k = (g.global_name("Cell"), g.fresh("cell"), g.fresh("cell"),
                     g.fresh("k"))
    g.items.append(Node("item", f"struct {kind} {{\nint k;\nreal v;\n}};\n"))
    chunk = g.pick([4, 6, 10, 12])
    node = stmt(f"struct {kind} {s}, {t};\n{s}.k = 3;\n{s}.v = ",
                g.fit(g.real(2)), f";\nfor (size_t {k} = 0; {k} < sizeof {t}; "
                f"{k} += {chunk}) memcpy((char *)&{t} + {k}, (char *)&{s} + "
                f"{k}, sizeof {t} - {k} < {chunk} ? sizeof {t} - {k} : {chunk}"
                f");\n{t}.v = {t}.v * (0.3 * (real){t}.k);\n")
    g.declare(Scalar(f"{t}.v"))
    return node


@statement("byte-order")
def reversed_bytes(g):
    """A number whose bytes lie in memory back to front, and forth again."""
    s, t, wire, k = (g.fresh(n) for n in ("s", "t", "wire", "k"))
    size = "sizeof(real)"
    node = stmt(f"real {s} = ", g.fit(g.real(2)), f", {t};\nunsigned char "
                f"{wire}[{size}];\nfor (size_t {k} = 0; {k} < {size}; ++{k}) "
                f"{wire}[{size} - 1 - {k}] = ((unsigned char *)&{s})[{k}];\n"
                f"for (size_t {k} = 0; {k} < {size}; ++{k}) ((unsigned char *)"
                f"&{t})[{k}] = {wire}[{size} - 1 - {k}];\n")
    g.declare(Scalar(t))
    return node


@statement("byte-order", 0.7)
def transposed_bytes(g):
    """The shuffle filter: all first bytes, then all second ones."""
    a, t, wire, i, k = (g.pick(g.memory_arrays()).name, g.fresh("copy"),
                        g.fresh("wire"), g.fresh("i"), g.fresh("k"))
    size = "sizeof(real)"
    loops = (f"for (size_t {i} = 0; {i} < 4; ++{i}) for (size_t {k} = 0; {k} < "
             f"{size}; ++{k}) ")
    node = stmt(f"real {t}[4];\nunsigned char {wire}[4 * {size}];\n{loops}{wire}"
                f"[4 * {k} + {i}] = ((unsigned char *)({a} + {i}))[{k}];\n"
                f"{loops}((unsigned char *)({t} + {i}))[{k}] = {wire}[4 * {k} + "
                f"{i}];\n")
    g.declare(Array(t, 4))
    return node


@statement("pointer-difference")
def rebased(g):
    """A pointer into one array made from one into another."""
    a, b = (v.name for v in two_arrays(g))
    p, d, i = g.fresh("p"), g.fresh("d"), g.fresh("i")
    node = stmt(
        f"size_t {d} = (size_t){b} - (size_t){a};\nreal *{p} = {a};\n",
        g.pick([f"{p} = (real *)((size_t){p} + {d});\n",
                f"{p} = (real *)((char *){p} + (long){d});\n",
                f"for (long {i} = 0; {i} < 3; ++{i}) {{\n{p} = (real *)((size_t)"
                f"{p} + {d});\n{d} = 0 - {d};\n}}\n"]))
    g.declare(Array(p, 8))
    return node


@statement("atomic")
def atomic_sum(g):
    """Atomic updates of a local, and of an element of an array."""
    a, s, i = g.pick(g.memory_arrays()).name, g.fresh("s"), g.fresh("i")
    how = g.pick(["atomic_added", "atomic_added", "atomic_taken"])
    where = g.pick([f"&{s}", f"&{s}", f"{a} + 3"])
    node = stmt(f"real {s} = 0.0;\nfor (long {i} = 0; {i} < 4; ++{i}) {how}("
                f"{where}, 0.2 * {a}[{i}] * {a}[{i} + 4]);\n{s} = bounded({s})"
                f";\n{a}[3] = bounded({a}[3]);\n")
    g.declare(Scalar(s))
    return node


@statement("atomic", 0.6)
def atomic_exchange(g):
    a, s, t = g.pick(g.memory_arrays()).name, g.fresh("s"), g.fresh("t")
    node = stmt(f"real {s} = ", g.fit(g.real(1)), f";\nreal {t} = "
                f"atomic_swapped({g.pick([f'&{s}', f'{a} + 2'])}, ",
                "0.5 * ", g.fit(g.leaf()), ");\n")
    g.declare(Scalar(s))
    g.declare(Scalar(t))
    return node
