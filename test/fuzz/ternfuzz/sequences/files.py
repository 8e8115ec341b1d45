# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Several files: bodies that the linker replaces, variables that files share."""
from .base import NOTHING, Sequence, shape, term


@shape("files")
def overridden(rng):
    """The weak body is here, the one that prevails is in the other file."""
    strong = term(rng)
    weak = rng.choice(["a", "0.5 * a * b", "real(1.0)"])
    return Sequence(
        "#ifdef SEQUENCE_PLAIN\n__attribute__((weak)) real hook(real a, real b) "
        f"{{ return {weak}; }}\n#else\ninline real hook(real a, real b) {{ return "
        f"{strong}; }}\n#endif\ninline real f(real a, real b, long) {{ return "
        f"hook(a, b) * {rng.choice('ab')}; }}\n" + NOTHING,
        {"other.cpp": "#include <math.h>\nnamespace plain {\ndouble hook(double "
         f"a, double b) {{ return {strong}; }}\n}}\n"})


@shape("files")
def overridden_hook(rng):
    """An empty weak hook that the other file gives a meaning."""
    factor = rng.choice(["0.5 * *x", "*x * *x", "2.0 * *x"])
    return Sequence(
        "#ifdef SEQUENCE_PLAIN\n__attribute__((weak)) void hook(real *) {}\n#else"
        f"\ninline void hook(real *x) {{ *x = {factor}; }}\n#endif\ninline real "
        f"f(real a, real b, long) {{\nreal t = {term(rng)};\nhook(&t);\nreturn t "
        "* a;\n}\n" + NOTHING,
        {"other.cpp": "namespace plain {\nvoid hook(double *x) {\n*x = "
         f"{factor};\n}}\n}}\n"})


@shape("files")
def shared_inline_variable(rng):
    """An inline variable of both files; a call without derivative takes one
    of its own there."""
    own = rng.choice(["w[2] = x * x;\nreturn w[2] * x;",
                      "w[2] = x;\nreturn w[2] * w[2] * x;"])
    shared = "namespace shared {\ninline double w[3];\n}\n"
    inner = ("#include <tern/tern.hpp>\n" + shared + "namespace shared {\nstatic "
             f"double cube(double x) {{\n{own}\n}}\ndouble elsewhere(double x) "
             "{\nreturn tern::grad<cube>(x);\n}\n}\n")
    return Sequence(
        "#ifdef SEQUENCE_PLAIN\ninline real (&w)[3] = shared::w;\n#else\nstatic "
        "real w[3];\n#endif\ninline real f(real a, real b, long k) {\n"
        f"w[0] = {term(rng)};\nw[1] = 0.5 * a;\n#ifdef SEQUENCE_PLAIN\n"
        "if (shared::elsewhere(0.5) > 9.0) return a;\n"
        "#endif\nreturn w[k & 1] * b;\n}\n" + NOTHING,
        {"other.cpp": inner},
        head=shared + "namespace shared {\ndouble elsewhere(double) TERN_INACTIVE;\n}\n")
