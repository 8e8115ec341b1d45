# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of the user's that look like ours: the compiler may not find its own
things by what they are called."""
from .calls import LINKAGE, as_argument, inner_expr
from .control import stmt
from .registry import registry
from .scope import Array, Scalar
from .tree import Node

STATEMENTS, statement = registry()
WORDS = ["shadow", "known", "tape", "adjoint", "tangent", "diffe", "primal"]


@statement("our-names")
def static_local(g):
    """A static local called `shadow`."""
    name = g.pick(WORDS)
    if any(name == a.name for a in g.arrays()):
        return None
    i = g.fresh("i")
    node = stmt(f"static real {name}[4];\nfor (long {i} = 0; {i} < 4; ++{i}) "
                f"{name}[{i}] = ", g.fit(g.real(2)), f" + 0.01 * (real){i};\n")
    g.declare(Array(name, 4))
    return node


@statement("our-names")
def dotted_symbol(g):
    """A variable whose symbol is another one's with a suffix of ours."""
    one, two = g.global_name("w"), g.global_name("w")
    suffix = g.pick([".shadow", ".grad", ".known", ".tangent", ".tape"])
    g.items.append(Node(
        "item", f"static real {one}[2] FUZZ_SYMBOL(\"{one}\");\nstatic real "
        f"{two}[2] FUZZ_SYMBOL(\"{one}{suffix}\");\n"))
    first, second = g.fit(g.real(2)), g.fit(g.leaf())
    node = stmt(f"{one}[0] = ", first, f";\n{two}[0] = 0.5 * ", second,
                f";\n{one}[1] = bounded({one}[0] * {two}[0]);\n{two}[1] = "
                f"{one}[1] + 0.2;\n")
    for name in (one, two):
        g.declare(Array(name, 2))
    return node


@statement("our-names")
def runtime_name(g):
    """A function that is called as one of the runtime's might be."""
    name = "tern_" + g.pick(["tape_scale", "polygamma", "shadow_of", "known"])
    name, t = f"{name}_{g.prefix}_{g.fresh('f')}", g.fresh("t")
    g.items.append(Node("item", f"{g.pick(LINKAGE)}real {name}(real a) {{\n"
                        "return ", g.fit(inner_expr(g)), ";\n}\n"))
    e = g.fit(g.real(1))
    g.declare(Scalar(t))
    return stmt(f"real {t} = {name}(", as_argument(e), ");\n")
