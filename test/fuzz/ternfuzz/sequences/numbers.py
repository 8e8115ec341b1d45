# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Bits of numbers in memory, with several requests over them."""
from .base import NOTHING, Sequence, shape, term


@shape("numbers")
def atomic_global(rng):
    how = rng.choice(["__atomic_fetch_add(&s, t, 0)", "__atomic_fetch_sub(&s, t, "
                      "0)"])
    plain = {"a": "s += t", "s": "s -= t"}["a" if "add" in how else "s"]
    return Sequence(
        "static real s = 0.0;\ninline real f(real a, real b, long k) {\ns = 0.0;\n"
        f"for (long i = 0; i <= k; ++i) {{\nreal t = {term(rng)};\n#ifdef "
        f"SEQUENCE_PLAIN\n{how};\n#else\n{plain};\n#endif\n}}\nreturn s * a;\n"
        "}\ntemplate <class V> void each(V visit, long) { visit(s); }\n")


@shape("numbers")
def words_of_a_struct(rng):
    """Integers hold the bits, in a function that stays a call."""
    copy = rng.choice(["*to = *from;", "memcpy(to, from, sizeof *to);",
                       "for (size_t i = 0; i < sizeof *to; ++i) ((char *)to)[i] ="
                       " ((const char *)from)[i];"])
    return Sequence(
        "struct Words {\nunsigned long w[sizeof(real) / 8];\n};\n"
        "__attribute__((noinline)) inline void move(Words *to, const Words *from, "
        f"long deep) {{\nif (deep > 0) return move(to, from, deep - 1);\n{copy}\n}}"
        f"\ninline real f(real a, real b, long k) {{\nreal t = {term(rng)}, u;\n"
        "Words x, y;\nmemcpy(&x, &t, sizeof t);\nmove(&y, &x, k);\nmemcpy(&u, &y,"
        " sizeof u);\nreturn u * a;\n}\n" + NOTHING)
