# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Two names for one place."""
from .base import NOTHING, Sequence, shape, number, term


@shape("aliasing")
def pointers_into_one_array(rng):
    far = rng.choice(["cell", "cell + (k & 1)", "k > 1 ? cell : cell + 2"])
    return Sequence(
        "__attribute__((noinline)) inline real through(real *p, real *q, real a) "
        "{\np[0] = a * a;\np[1] = 0.5 * a;\nreturn q[0] * a + q[1];\n}\n"
        "inline real f(real a, real b, long k) {\nreal cell[4] = {a, b, b, a};\n"
        f"return through(cell, {far}, {term(rng)});\n}}\n" + NOTHING)


@shape("aliasing")
def constant_twice(rng):
    """One variable passed as two constant pointers: D07 or the whole sum."""
    x = number(rng)
    return Sequence(requests=False, outside=(
        "extern int enzyme_const;\ntemplate <class R, class... T> R "
        "__enzyme_autodiff(void *, T...);\nstatic double g(double x, double *p, "
        "double *q) {\n*p = x * x;\nreturn *q * x;\n}\n"), more=(
        f"double m = 0, x = {x};\nagree(\"const\", \"dx\", "
        "__enzyme_autodiff<double>((void *)g, x, enzyme_const, &m, enzyme_const, "
        "&m), 3 * x * x);\n"))


@shape("aliasing")
def global_as_argument(rng):
    x = number(rng)
    return Sequence(requests=False, outside=(
        "extern int enzyme_const;\ntemplate <class R, class... T> R "
        "__enzyme_autodiff(void *, T...);\ndouble work;\nstatic double g(double "
        "x, double *p) {\n*p = x * x;\nreturn work * x;\n}\n"), more=(
        f"double x = {x};\nagree(\"const\", \"dx\", __enzyme_autodiff<double>("
        "(void *)g, x, enzyme_const, &work), 3 * x * x);\n"))


@shape("aliasing")
def same_vector_twice(rng):
    """Both gradients together are that of the one vector, or it stops."""
    x = number(rng)
    return Sequence(requests=False, outside=(
        "static double g(std::vector<double> &a, const std::vector<double> &b) {\n"
        "a[0] = 2 * a[0];\nreturn b[0] * b[0];\n}\n"), more=(
        f"std::vector<double> v = {{{x}}};\nauto [da, db] = tern::grad<g>(v, v);"
        f"\nagree(\"twice\", \"sum\", da[0] + db[0], 8 * {x});\n"))
