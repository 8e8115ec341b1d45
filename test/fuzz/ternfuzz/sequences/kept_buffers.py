# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Buffers behind pointers that live in globals, made on first use."""
from .base import Sequence, shape, term

# declaration, how it is filled on first use, element i, all its numbers
OWNERS = {
    "calloc": ("static real *p;", "if (!p) p = (real *)calloc(4, sizeof(real));",
               "p[{}]", "if (p) for (int i = 0; i < 4; ++i) visit(p[i]);"),
    "new": ("static real *p;", "if (!p) p = new real[4]{};", "p[{}]",
            "if (p) for (int i = 0; i < 4; ++i) visit(p[i]);"),
    "vector": ("static std::vector<real> p;",
               "if (p.empty()) p.resize(4, real(1.0));", "p[{}]",
               "for (real &x : p) visit(x);"),
    "unique": ("static std::unique_ptr<real[]> p;",
               "if (!p) p = std::make_unique<real[]>(4);", "p[{}]",
               "if (p) for (int i = 0; i < 4; ++i) visit(p[i]);"),
    "map": ("static std::map<long, real> p;", "", "p[{}]",
            "for (auto &e : p) visit(e.second);"),
    "deque": ("static std::deque<real> p;",
              "if (p.empty()) for (int i = 0; i < 2; ++i) {\np.push_back("
              "real(0.5));\np.push_front(real(0.25));\n}", "p[{}]",
              "for (real &x : p) visit(x);"),
    "struct": ("struct scratch {\nreal *low;\nlong n;\n};\nstatic scratch p;",
               "if (!p.low) p = {(real *)calloc(4, sizeof(real)), 4};",
               "p.low[{}]",
               "if (p.low) for (int i = 0; i < 4; ++i) visit(p.low[i]);"),
}


@shape("buffers")
def made_on_first_use(rng):
    declare, make, element, visit = OWNERS[rng.choice(sorted(OWNERS))]
    i = element.format("(k & 3)")
    before = rng.choice(["real(0.0)", f"0.2 * {i} * a", f"0.3 * {i} * b"])
    after = rng.choice(["a", "b", element.format("0")])
    return Sequence(
        f"{declare}\ninline real f(real a, real b, long k) {{\n{make}\nreal s = "
        f"{before};\n{i} = 0.5 * ({term(rng)});\nreturn s + {i} * {after};\n}}\n"
        f"template <class V> void each(V visit, long) {{\n{visit}\n}}\n")


@shape("buffers")
def replaced_while_a_pullback_lives(rng):
    """The buffer grows; an earlier pullback is called after that."""
    return Sequence(
        "static std::vector<real> p;\ninline real f(real a, real b, long k) {\n"
        "if ((long)p.size() < 2 * k + 1) p.assign(2 * k + 1, real(0.0));\n"
        f"for (long i = 0; i <= k; ++i) p[i] = 0.3 * ({term(rng)});\nreal s = "
        "0.0;\nfor (long i = 0; i <= k; ++i) s += p[i] * a;\nreturn s;\n}\n"
        "template <class V> void each(V visit, long) {\nfor (real &x : p) "
        "visit(x);\n}\n")


@shape("buffers")
def scratch_of_the_call(rng):
    """calloc and free within the call: its shadow too starts from zeros."""
    return Sequence(
        "inline real f(real a, real b, long k) {\nreal *w = (real *)calloc(4, "
        "sizeof(real));\nreal s = w[k & 3] * a;\nw[k & 3] = "
        f"{term(rng)};\ns += w[k & 3] * b;\nfree(w);\nreturn s;\n}}\n"
        "template <class V> void each(V, long) {}\n")
