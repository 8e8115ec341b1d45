# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The user's classes over containers; containers whose layout has a history."""
from .base import Sequence, shape, number

SQUARES = ("double s = 0;\nlong i = 1;\nfor (double x : v) s += (double)i++ * x "
           "* x;\nreturn s;\n")


def compared(gradient, values):
    return (f"long i = 1;\nauto it = {gradient}.begin();\nfor (double x : "
            f"{values}) {{\nagree(\"grad\", \"element\", *it, 2 * (double)i * x"
            ");\n++i;\n++it;\n}\n")


@shape("containers")
def deque_with_history(rng):
    """Pushes and pops at both ends: a copy has another block layout."""
    count = rng.choice([5, 40, 130])
    body = "std::deque<double> v;\n"
    for _ in range(rng.randint(2, 5)):
        n, x = rng.randint(1, count), number(rng)
        body += rng.choice([
            f"for (int i = 0; i < {n}; ++i) v.push_front({x} + 0.1 * i);\n",
            f"for (int i = 0; i < {n}; ++i) v.push_back({x} - 0.1 * i);\n",
            f"for (int i = 0; i < {n} && v.size() > 1; ++i) v.pop_front();\n"])
    return Sequence(requests=False, outside=(
        "static double g(const std::deque<double> &v) {\n" + SQUARES + "}\n"),
        more=body + "auto d = tern::grad<g>(v);\n" + compared("d", "v"))


@shape("containers")
def derived_from_vector(rng):
    """A class that is a vector and has a number besides."""
    dx, x = number(rng), number(rng)
    return Sequence(requests=False, outside=(
        "struct Field : std::vector<double> {\ndouble dx = 0;\n};\nstatic double "
        "g(const Field &v) {\ndouble s = 0;\nfor (double x : v) s += x * x * "
        "v.dx;\nreturn s;\n}\n"), more=(
        f"Field v;\nv.dx = {dx};\nv.push_back({x});\nv.push_back(2);\nauto d = "
        "tern::grad<g>(v);\nagree(\"grad\", \"dx\", d.dx, v[0] * v[0] + 4);\n"
        "agree(\"grad\", \"element\", d[0], 2 * v[0] * v.dx);\n"
        f"agree(\"grad\", \"kept\", v[0], {x});\n"))


@shape("containers")
def user_view(rng):
    """begin and end, but no owner: the caller's numbers stay as they are."""
    x = number(rng)
    return Sequence(requests=False, outside=(
        "struct View {\ndouble *p;\nlong n;\ndouble *begin() const { return p; }"
        "\ndouble *end() const { return p + n; }\n};\nstatic double g(const View "
        "&v) {\n" + SQUARES + "}\n"), more=(
        f"double cells[2] = {{{x}, 2}};\nView v{{cells, 2}};\n(void)tern::grad<g>("
        f"v);\nagree(\"view\", \"kept\", cells[0], {x});\n"
        "agree(\"view\", \"kept\", cells[1], 2);\n"))


@shape("containers")
def elements_changed(rng):
    """A function may write to the elements of what it takes by reference."""
    x = number(rng)
    call = rng.choice(["jacfwd", "jacrev", "jacfwd", "jacrev"])
    n = rng.choice([2, 5, 11])
    return Sequence(requests=False, outside=(
        "static std::vector<double> g(std::vector<double> &v) {\nfor (double &x : "
        "v) x = x * x;\nreturn v;\n}\n"), more=(
        f"std::vector<double> v({n}, {x});\nauto J = tern::{call}<g>(v);\nfor "
        f"(int i = 0; i < {n}; ++i) agree(\"{call}\", \"diagonal\", J(i, i), 2 * "
        f"{x});\n"))


@shape("containers")
def hessian_of_changed(rng):
    n, x = rng.choice([2, 5, 6]), number(rng)
    return Sequence(requests=False, outside=(
        "static double g(std::vector<double> &v) {\ndouble s = 0;\nfor (double &x "
        ": v) {\nx = x * x;\ns += x * x;\n}\nreturn s;\n}\n"), more=(
        f"std::vector<double> v({n}, {x});\nauto H = tern::hessian<g>(v);\nfor "
        f"(int i = 0; i < {n}; ++i) agree(\"hessian\", \"diagonal\", H(i, i), 12 "
        f"* {x} * {x});\n"))
