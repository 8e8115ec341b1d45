# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names that the compiler knows, with another meaning; names of its own."""
from .base import NOTHING, Sequence, shape, number, term

TWO = ["minimum", "maximum"]  # what no header of C declares


@shape("meanings")
def row_of_another_file(rng):
    """Named as a library function is, defined in the other file."""
    name, body = rng.choice(TWO), rng.choice(["a * b", "a * a + b", "a - b * b"])
    return Sequence(
        f"#ifdef SEQUENCE_PLAIN\nextern \"C\" double {name}(double, double);\n"
        f"#else\ninline real {name}(real a, real b) {{ return {body}; }}\n#endif\n"
        f"inline real f(real a, real b, long) {{ return {name}(a, b) * "
        f"({term(rng)}); }}\n" + NOTHING,
        {"other.cpp": f"extern \"C\" double {name}(double a, double b) {{ return "
         f"{body}; }}\n"})


@shape("meanings")
def static_beside_the_library(rng):
    """A static function whose symbol is that of a library row's derivative."""
    mine, theirs = rng.choice([("j1", "j0"), ("cosh", "sinh"), ("cos", "sin")])
    x = number(rng)
    want = {"j0": "-j1(x)", "sinh": "cosh(x)", "sin": "cos(x)"}[theirs]
    return Sequence(requests=False, outside=(
        f"extern \"C\" double {theirs}(double);\n__attribute__((noinline)) static "
        f"double mine(double) __asm__(\"{mine}\");\nstatic double mine(double x) "
        f"{{ return 7 + x; }}\nstatic double g(double x) {{ return {theirs}(x) + "
        "0.0 * mine(x); }\n"
        "static double apart(double x, double h) { return ("
        f"{theirs}(x + h) - {theirs}(x - h)) / (2 * h); }}\n"), more=(
        f"double x = {x}, d = tern::grad<g>(x);\nagree(\"library\", \"dx\", "
        "0.00001 * d, 0.00001 * apart(x, 1e-5));\n"))


@shape("meanings")
def runtime_names(rng):
    """The user's function is called as one of the runtime's."""
    name = rng.choice(["tern_tape_scale", "tern_polygamma", "tern_tape_push",
                       "tern_shadow", "tern_stop_if"])
    return Sequence(
        f"#ifdef SEQUENCE_PLAIN\n__attribute__((noinline)) inline real mine(real, "
        f"real) __asm__(\"{name}\");\n#endif\n__attribute__((noinline)) inline "
        f"real mine(real a, real b) {{ return {term(rng)}; }}\ninline real f(real "
        "a, real b, long) { return mine(a, b) * a; }\n" + NOTHING)


@shape("meanings")
def our_symbols(rng):
    """A variable whose symbol is another one's with a suffix of ours."""
    suffix = rng.choice([".shadow", ".known", ".grad", ".frame"])
    label = (f"#ifdef SEQUENCE_PLAIN\n#define SYMBOL(x) __asm__(x)\n#else\n"
             "#undef SYMBOL\n#define SYMBOL(x)\n#endif\n")
    return Sequence(
        label + "static real one[2] SYMBOL(\"w\");\nstatic real two[2] SYMBOL(\"w"
        f"{suffix}\");\ninline real f(real a, real b, long k) {{\nstatic real "
        f"shadow[2];\none[k & 1] = {term(rng)};\ntwo[k & 1] = one[k & 1] * b;\n"
        "shadow[k & 1] = two[k & 1] * a + one[k & 1];\nreturn shadow[k & 1];\n}\n"
        "template <class V> void each(V visit, long) {\nfor (real &x : one) "
        "visit(x);\nfor (real &x : two) visit(x);\n}\n")


@shape("meanings")
def own_allocator(rng):
    """Called as an allocator is, with another idea of its argument."""
    return Sequence(
        "#ifdef SEQUENCE_PLAIN\nstatic real *mine(int) __asm__(\"valloc\");\n"
        "#endif\n__attribute__((noinline)) static real *mine(int n) {\nreturn "
        "(real *)calloc(n, sizeof(real));\n}\ninline real f(real a, real b, long "
        f"k) {{\nreal *p = mine(4);\np[k & 3] = {term(rng)};\nreal r = p[k & 3] * "
        "a + p[0];\nfree(p);\nreturn r;\n}\n" + NOTHING)


@shape("meanings")
def inactive_by_substring(rng):
    """core::fmt is Rust's; this one is the user's."""
    return Sequence(
        "namespace core {\nnamespace fmt {\n__attribute__((noinline)) inline void "
        "scale(real *p) { *p = *p * *p; }\n}\n}\ninline real f(real a, real b, "
        f"long) {{\nreal t = {term(rng)};\ncore::fmt::scale(&t);\nreturn t * a;\n"
        "}\n" + NOTHING)
