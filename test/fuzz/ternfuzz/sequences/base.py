# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs of several requests: what they consist of and how they are made.

A shape is a function of a random source that returns a Sequence. Its `text` is
compiled twice, with `real` a double and with `real` a number that carries
derivatives (SEQUENCE_PLAIN says which), and defines

  real f(real a, real b, long k)
  template <class V> void each(V visit, long k)    numbers kept between calls

`others` are further files of the program, `more` is code of main that checks
itself with agree(check, what, got, want).
"""
import random
from dataclasses import dataclass, field

SHAPES = {}


def shape(name):
    def register(maker):
        SHAPES.setdefault(name, []).append(maker)
        return maker
    return register


@dataclass
class Sequence:
    text: str = ""
    others: dict = field(default_factory=dict)
    head: str = ""      # before everything, at file scope
    more: str = ""      # statements of main
    outside: str = ""   # at file scope, once, after the text
    threads: int = 0
    jacobians: bool = True
    requests: bool = True


TERMS = ["a * b", "sin(a) * b", "a * a", "a * a + 0.3 * b", "cos(b) * a",
         "b * b * a", "exp(0.3 * a) + b"]
NOTHING = "template <class V> void each(V, long) {}\n"
PAIR = """inline std::array<real, 2> pair_of(std::array<real, 2> x, long k) {
real r = f(x[0], x[1], k);
return {r, r * x[0]};
}
"""


def term(rng):
    return rng.choice(TERMS)


def number(rng):
    return f"{rng.uniform(0.3, 1.7):.3f}"


def steps(rng, count, jacobians=True, thread=False):
    """Lines of main: requests in any order, pullbacks open side by side."""
    lines, opened = [], []

    def point():
        k = "row" if thread else str(rng.randint(0, 3))
        return f"{number(rng)}, {number(rng)}, {k}"

    kinds = ["call", "grad", "grad", "jvp", "jvp", "open", "open", "back",
             "back", "back", "hvp", "close"]
    kinds += ["jacfwd", "jacrev"] if jacobians else []
    for _ in range(count):
        kind = rng.choice(kinds)
        if kind in ("back", "close") and not opened:
            kind = "open"
        if kind == "open":
            slot = len(lines)
            opened.append(slot)
            lines.append(f"s.open({slot}, {point()});")
        elif kind == "back":
            lines.append(f"s.back({rng.choice(opened)}, {number(rng)});")
        elif kind == "close":
            slot = opened.pop(rng.randrange(len(opened)))
            lines.append(f"s.close({slot});")
        elif kind in ("jacfwd", "jacrev"):
            forward = "true" if kind == "jacfwd" else "false"
            lines.append(f"s.jacobian({forward}, {point()});")
        elif kind == "jvp":
            lines.append(f"s.jvp({point()}, {number(rng)}, {number(rng)});")
        elif kind == "hvp":
            lines.append(f"s.hvp({point()}, {number(rng)});")
        else:
            lines.append(f"s.{kind}({point()});")
    return "\n".join(lines)


def main_text(s, rng):
    """The file with main."""
    parts = ['#include "sequence.h"', s.head]
    if s.requests:
        parts += ["namespace plain {\ntypedef double real;",
                  "#define SEQUENCE_PLAIN 1", s.text, PAIR,
                  "#undef SEQUENCE_PLAIN\n}",
                  "namespace model {\ntypedef tern_fuzz::model_number real;",
                  s.text, PAIR, "}", '#include "sequence_requests.h"']
    parts += ["using tern_fuzz::agree;", s.outside]
    body = s.more
    if s.threads:
        lines = steps(rng, 6, s.jacobians, thread=True)
        body += (f"std::vector<std::thread> all;\nfor (long t = 0; t < "
                 f"{s.threads}; ++t) all.emplace_back([t] {{\nlong row = t;\n"
                 "for (int round = 0; round < 300; ++round) {\n"
                 "tern_fuzz::sequence s{row};\n" + lines + "\n}\n});\n"
                 "for (auto &t : all) t.join();\n")
    elif s.requests:
        body += ("tern_fuzz::sequence s{0};\n" +
                 steps(rng, rng.randint(4, 10), s.jacobians))
    parts += ["int main() {", body,
              'if (!tern_fuzz::mismatches) printf("0 ok\\n");', "}"]
    return "\n".join(parts) + "\n"


def generate(seed, allowed):
    """(shape's name, {file: text}) of a seed."""
    rng = random.Random(seed)
    name = rng.choice(sorted(allowed))
    made = rng.choice(SHAPES[name])(rng)
    return name, {"main.cpp": main_text(made, rng), **made.others}
