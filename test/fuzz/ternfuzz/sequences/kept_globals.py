# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Static variables that one request leaves and the next one finds."""
from .base import Sequence, shape, term

EACH = "template <class V> void each(V visit, long k) {{\n{}\n}}\n"


@shape("globals")
def element_of_a_global(rng):
    """What was there before counts as constant, whoever put it there."""
    read = rng.choice(["0.1 * w[i] * a", "w[i] * b", "0.2 * w[i] * w[i] * a"])
    return Sequence(
        "static real w[2] = {1.0, 1.0};\ninline real f(real a, real b, long k) "
        f"{{\nlong i = k & 1;\nreal s = {read};\nw[i] = 0.5 * ({term(rng)});\n"
        f"return s + w[i] * {rng.choice('ab')};\n}}\n" +
        EACH.format("(void)k;\nfor (real &x : w) visit(x);"))


@shape("globals")
def only_written(rng):
    return Sequence(
        "static real w[2];\ninline real f(real a, real b, long k) {\n"
        f"w[k & 1] = {term(rng)};\nreturn w[k & 1] * {rng.choice('ab')};\n}}\n"
        + EACH.format("(void)k;\nfor (real &x : w) visit(x);"))


@shape("globals")
def counted_up(rng):
    """A sum over all calls."""
    where = rng.choice(["", "inline ", "static "])
    helper = rng.choice(["inline", "__attribute__((noinline)) inline"])
    return Sequence(
        f"{where or 'static '}real sum{{0.5}};\n{helper} void add(real x) {{ sum "
        f"= 0.5 * sum + x; }}\ninline real f(real a, real b, long k) {{\n"
        f"for (long i = 0; i <= k; ++i) add({term(rng)});\nreturn sum * a;\n}}\n"
        + EACH.format("(void)k;\nvisit(sum);"))


@shape("threads")
def row_of_its_own(rng):
    """Each thread works in its own row of one static table."""
    return Sequence(
        "static real work[4][16];\ninline real f(real a, real b, long k) {\n"
        f"real *w = work[k];\nfor (int i = 0; i < 16; ++i) w[i] = 0.1 * i * a + "
        f"0.2 * ({term(rng)});\nreal s = 0.0;\nfor (int i = 0; i < 16; ++i) s += "
        "w[i] * w[15 - i];\nreturn s;\n}\n" +
        EACH.format("for (real &x : work[k]) visit(x);"), threads=4)


@shape("threads")
def thread_local_buffer(rng):
    return Sequence(
        "inline thread_local std::vector<real> work;\ninline real f(real a, real "
        "b, long k) {\nif (work.empty()) work.resize(4, real(1.0));\nwork[k & 3] "
        f"= {term(rng)};\nreturn work[k & 3] * a;\n}}\n" +
        EACH.format("(void)k;\nfor (real &x : work) visit(x);"), threads=4)
