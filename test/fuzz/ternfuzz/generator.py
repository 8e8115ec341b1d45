# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One random program per seed: which constructs, and how they nest.

A program is a set of file-scope items and a function
  real pK(real *x, real *y, real a, real b, long n, long m)
with x[8], y[8], 2 <= n <= 6, 0 <= m <= 4. Its constructs come from a random
subset of the features asked for, so that rare ones meet in every combination
without every program being a mixture of all of them.
"""
import random

from . import (calls, control, cxx, kept, machine, memory, moves, ournames,
               patterns, rustlike, shared, sweeps)
from .expressions import BOUND, LARGE, CannotMake, Expressions, constant
from .scope import Array, Integer, Scalar, Scope
from .tree import Node, indented

# Constructs register here: feature -> list of (function, weight).
STATEMENTS = {}
for part in (control, memory, moves, calls, cxx, patterns, rustlike,
             shared, sweeps, kept, machine, ournames):
    for name, makers in part.STATEMENTS.items():
        STATEMENTS.setdefault(name, []).extend(makers)

# Features of expressions only.
EXPRESSION_FEATURES = ["division", "math1", "math2", "select", "ties", "steps"]
ALL_FEATURES = EXPRESSION_FEATURES + sorted(STATEMENTS)
CXX_ONLY = set(cxx.STATEMENTS)  # what no C program can have

PRELUDE = """\
#ifndef FUZZ_PRELUDE
#define FUZZ_PRELUDE 1
#endif
static inline real bounded(real v) { return v / (1.0 + v * v); }
static inline real square_plus(real v, double c) { return v * v + c; }
"""


class Generator(Expressions):
    def __init__(self, ident, seed, allowed=None, size=6, dense=False,
                 language="c++"):
        self.ident, self.seed, self.language = ident, seed, language
        self.rng = random.Random(seed)
        self.prefix = f"p{ident}"
        allowed = sorted(set(allowed or ALL_FEATURES) -
                         (CXX_ONLY if language == "c" else set()))
        count = len(allowed) if dense else self.rng.randint(1, 6)
        self.features = set(self.rng.sample(allowed, min(count, len(allowed))))
        if any(f not in STATEMENTS for f in self.features):
            self.features |= {f for f in ("arith",) if f in allowed}
        self.size = size
        self.items, self.scopes = [], [Scope()]
        self.scalar_helpers = []
        self.call_depth = 0
        self.counter = 0
        self.cleanups, self.loops = [], []
        self.trips, self.nesting = 1, 0
        self.may_return = True
        self.function_depth = 0
        self.used = set()

    # -- names and scopes

    def has(self, feature):
        if feature in self.features:
            self.used.add(feature)
            return True
        return False

    def fresh(self, stem):
        self.counter += 1
        return f"{stem}{self.counter}"

    def global_name(self, stem):
        return f"{self.prefix}_{self.fresh(stem)}"

    def scalars(self):
        return [v for s in self.scopes for v in s.scalars]

    def arrays(self):
        return [v for s in self.scopes for v in s.arrays]

    def ints(self):
        return [v for s in self.scopes for v in s.ints]

    def memory_arrays(self, size=8):
        """Arrays of ordinary bound that can be handed on as real *."""
        found = [a for a in self.arrays()
                 if a.is_memory and a.bound == BOUND and a.size >= size]
        if not found:
            raise CannotMake
        return found

    def declare(self, thing):
        scope = self.scopes[-1]
        {Scalar: scope.scalars, Array: scope.arrays,
         Integer: scope.ints}[type(thing)].append(thing)
        return thing

    # -- blocks

    def block(self, count, *things):
        """A block of about `count` statements that also sees `things`."""
        self.scopes.append(Scope())
        for t in things:
            self.declare(t)
        node = Node("block")
        self.nesting += 1
        for _ in range(max(1, count)):
            node.parts += self.statement()
        self.nesting -= 1
        self.scopes.pop()
        return node

    def loop_block(self, count, trips, *things):
        self.loops.append(len(self.cleanups))
        self.trips *= trips
        node = self.block(count, *things)
        self.trips //= trips
        self.loops.pop()
        return node

    def inner_count(self):
        return self.rng.randint(1, 3 if self.nesting < 2 else 2)

    def statement(self):
        if self.nesting > 3 or self.chance(0.3):
            return [control.assign(self)]
        choices, weights = [], []
        for feature in sorted(self.features):
            for maker, weight in STATEMENTS.get(feature, []):
                choices.append((feature, maker))
                weights.append(weight)
        if not choices:
            return [control.assign(self)]
        feature, maker = self.rng.choices(choices, weights)[0]
        state = self.context()
        try:
            made = maker(self)
        except CannotMake:
            made = None
        if made is None:
            self.restore(state)
            return [control.assign(self)]
        self.used.add(feature)
        return made if isinstance(made, list) else [made]

    # -- functions

    def context(self):
        scopes = [Scope(list(s.scalars), list(s.arrays), list(s.ints))
                  for s in self.scopes]
        return (scopes, list(self.cleanups), list(self.loops), self.trips,
                self.nesting, self.may_return, list(self.scalar_helpers),
                self.function_depth, self.call_depth)

    def restore(self, state):
        (self.scopes, self.cleanups, self.loops, self.trips, self.nesting,
         self.may_return, self.scalar_helpers, self.function_depth,
         self.call_depth) = state

    def need(self, *names):
        """Only go on where these variables are visible (in the main body)."""
        known = {v.name for v in self.scalars() + self.ints() + self.arrays()}
        if not all(n in known for n in names):
            raise CannotMake

    def function(self, head, count, *things, result="real", trips=1):
        """A file-scope function with a scope of its own."""
        if self.function_depth > 1:
            raise CannotMake
        saved = self.context()
        self.function_depth += 1
        self.scopes, self.cleanups, self.loops = [Scope()], [], []
        self.trips, self.nesting = trips, 1
        self.may_return = result == "real"
        for t in things:
            self.declare(t)
        body = Node("block")
        for _ in range(count):
            body.parts += self.statement()
        if result == "real":
            body.parts.append(Node("glue", "return ",
                                   self.fit(self.real(2)), ";\n"))
        self.restore(saved)
        return Node("item", head, " {\n", body, "}\n")

    def program(self):
        calls.declare_helpers(self)
        body = Node("block")
        for t in (Array("x", 8), Array("y", 8), Scalar("a"), Scalar("b"),
                  Integer("n", 2, 6), Integer("m", 0, 4)):
            self.declare(t)
        body.parts.append(Node("glue", "real acc = 0.0;\n"))
        self.declare(Scalar("acc", LARGE))
        for _ in range(self.rng.randint(2, self.size)):
            body.parts += self.statement()
        terms = [Node("real", "acc"), self.real(2),
                 Node("real", "x[3] * y[5]"), Node("real", "a * b")]
        total = Node("real", "0.5 * ", terms[0])
        for term in terms[1:]:
            total = Node("real", total, " + ", term)
        result = Node("glue", "return ", total, ";\n")
        body.parts.append(result)
        main = Node("item", f"static real {self.prefix}(real *x, real *y, "
                    "real a, real b, long n, long m) {\n", body, "}\n")
        return Program(self.ident, self.seed, Node("glue", *self.items, main),
                       sorted(self.used))


class Program:
    """A tree with what the harness must know about it."""

    def __init__(self, ident, seed, tree, features):
        self.ident, self.seed, self.tree = ident, seed, tree
        self.features = features

    @property
    def name(self):
        return f"p{self.ident}"

    @property
    def has_floats(self):
        return "float" in self.features

    @property
    def unmarked(self):
        return self.seed % 4 == 1

    def text(self):
        return indented(self.tree.text())

    def with_tree(self, tree):
        return Program(self.ident, self.seed, tree, self.features)


def generate(ident, seed, **options):
    return Generator(ident, seed, **options).program()
