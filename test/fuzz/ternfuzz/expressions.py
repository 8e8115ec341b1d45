# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Expressions whose values stay bounded and away from singular points.

Every expression knows an interval that contains its value. A function is only
applied where that interval lies in its smooth domain; otherwise the operand is
first bent into it (`0.3 + e * e` for a logarithm, `0.9 * tanh(e)` for asin).
"""
from .tree import Node

BOUND = 2.0  # what a variable may hold unless it says otherwise
LARGE = 1e4  # an accumulator


class CannotMake(Exception):
    """A construct that does not fit here."""


def constant(value, cast=False):
    text = f"{value:.4g}"
    if "e" in text:
        text = f"{value:f}".rstrip("0")
    if "." not in text:
        text += ".0"
    if value < 0:
        text = f"({text})"
    return Node("real", f"(real){text}" if cast else text, low=value, high=value)


def call(name, *args, low, high):
    parts = [name, "("]
    for i, a in enumerate(args):
        parts += [", ", a] if i else [a]
    return Node("real", *parts, ")", low=low, high=high)


def product_range(a, b):
    ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
    return min(ends), max(ends)


def width(e):
    return max(abs(e.low), abs(e.high))


# name: (largest |argument|, range)
ANYWHERE = {
    "sin": (1e3, -1, 1), "cos": (1e3, -1, 1), "tanh": (1e3, -1, 1),
    "atan": (1e3, -1.6, 1.6), "erf": (1e3, -1, 1), "erfc": (1e3, 0, 2),
    "asinh": (1e3, -7.7, 7.7), "tan": (1.2, -2.6, 2.6),
    "asin": (0.9, -1.2, 1.2), "acos": (0.9, 0.4, 2.8),
    "atanh": (0.9, -1.5, 1.5), "sinh": (2.5, -6.1, 6.1),
    "cosh": (2.5, 1, 6.2), "exp": (2.0, 0.13, 7.4), "exp2": (3.0, 0.12, 8.0),
    "exp10": (0.9, 0.12, 8.0), "expm1": (2.0, -0.9, 6.4),
    "j0": (20, -1, 1), "j1": (20, -1, 1),
}
# name: (offset c, argument is c + fit(e, 1.5)^2, range)
POSITIVE = {
    "log": (0.3, -1.3, 1.0), "log2": (0.3, -1.8, 1.4),
    "log10": (0.3, -0.6, 0.5), "log1p": (0.1, 0.0, 1.3),
    "sqrt": (0.2, 0.4, 1.6), "cbrt": (0.2, 0.5, 1.4),
    "acosh": (1.2, 0.6, 1.95), "tgamma": (1.2, 0.88, 3.0),
    "lgamma": (1.2, -0.13, 1.1), "y0": (0.6, -0.6, 0.53),
    "y1": (0.6, -1.3, 0.42), "logpow": (0.3, 0, 0),
}
STEPS = ("floor", "ceil", "trunc", "rint", "round", "nearbyint")


class Expressions:
    """Part of Generator: real, integer and boolean expressions."""

    def pick(self, choices):
        if not choices:
            raise CannotMake
        return self.rng.choice(choices)

    def chance(self, p):
        return self.rng.random() < p

    # -- bending into an interval

    def fit(self, e, bound=BOUND):
        """`e` or a smooth function of it, with |value| <= bound."""
        if width(e) <= bound:
            return e
        if width(e) <= 3 * bound:
            factor = constant(float(f"{0.99 * bound / width(e):.2g}"))
            low, high = product_range(e, factor)
            return Node("real", "", factor, " * (", e, ")", low=low, high=high)
        how = self.rng.random()
        if how < 0.4:
            inner = call("sin", e, low=-1, high=1)
        elif how < 0.7:
            inner = call("tanh", e, low=-1, high=1)
        elif how < 0.9 or width(e) > 100:
            inner = Node("real", "bounded(", e, ")", low=-0.5, high=0.5)
        else:
            inner = call("atan", e, low=-1.6, high=1.6)
        if width(inner) > bound:
            return self.fit(inner, bound)
        return inner

    def positive(self, e, offset):
        inner = self.fit(e, 1.5)
        return Node("real", "square_plus(", inner, f", {offset})", low=offset,
                    high=offset + 2.25)

    # -- integers: (text, low, high), never negative

    def int_expr(self):
        variables = self.ints()
        r = self.rng.random()
        if not variables or r < 0.2:
            k = self.rng.randrange(0, 8)
            return str(k), k, k
        v = self.pick(variables)
        if r < 0.6:
            return v.name, v.low, v.high
        if r < 0.8:
            k = self.rng.randrange(1, 5)
            return f"({v.name} + {k})", v.low + k, v.high + k
        w = self.pick(variables)
        return f"({v.name} + {w.name})", v.low + w.low, v.high + w.high

    def index(self, size):
        """An index expression in [0, size)."""
        fitting = [v for v in self.ints() if v.high < size]
        if fitting and self.chance(0.6):
            v = self.pick(fitting)
            slack = size - 1 - v.high
            if slack > 0 and self.chance(0.4):
                return f"{v.name} + {self.rng.randint(1, slack)}"
            return v.name
        if self.chance(0.3):
            return str(self.rng.randrange(size))
        text, _, high = self.int_expr()
        if high < size:
            return text
        if size & (size - 1) == 0:
            return f"{text} & {size - 1}"
        return f"{text} % {size}"

    # -- reals

    def leaf(self):
        r = self.rng.random()
        scalars, arrays = self.scalars(), self.arrays()
        if scalars and r < 0.5:
            v = self.pick(scalars)
            return self.calmed(v.name, v.bound)
        if arrays and r < 0.87:
            a = self.pick(arrays)
            return self.calmed(a.element(self.index(a.size)), a.bound)
        if r > 0.97 and self.ints():
            text, low, high = self.int_expr()
            return Node("real", f"(real){text}", low=low, high=high)
        return constant(round(self.rng.uniform(-1.5, 1.5), 2), cast=True)

    def calmed(self, name, bound):
        """A read; of an accumulator something that cannot cause chaos."""
        if bound < LARGE:
            return Node("real", name, low=-bound, high=bound)
        if self.chance(0.5):
            return Node("real", f"bounded({name})", low=-0.5, high=0.5)
        return Node("real", f"tanh(0.1 * {name})", low=-1, high=1)

    def real(self, depth=2):
        if depth <= 0 or self.chance(0.15):
            return self.leaf()
        makers = [self.sum_of, self.product_of, self.sum_of, self.product_of]
        if self.has("division"):
            makers.append(self.quotient_of)
        if self.has("math1"):
            makers += [self.math1, self.math1]
        if self.has("math2"):
            makers += [self.math2, self.math2]
        if self.has("select"):
            makers.append(self.select_of)
        if self.scalar_helpers and self.call_depth == 0:
            makers += [self.helper_call] * 2
        return self.pick(makers)(depth - 1)

    def sum_of(self, depth):
        a, b = self.real(depth), self.real(depth)
        if self.chance(0.5):
            return Node("real", "(", a, " + ", b, ")", low=a.low + b.low,
                        high=a.high + b.high)
        return Node("real", "(", a, " - ", b, ")", low=a.low - b.high,
                    high=a.high - b.low)

    def product_of(self, depth):
        a, b = self.real(depth), self.real(depth)
        low, high = product_range(a, b)
        return Node("real", a, " * ", b, low=low, high=high)

    def quotient_of(self, depth):
        a, b = self.fit(self.real(depth)), self.positive(self.real(depth), 0.7)
        big = width(a) / 0.7
        return Node("real", "(", a, ") / ", b, low=-big, high=big)

    def math1(self, depth):
        e = self.real(depth)
        r = self.rng.random()
        if r < 0.1 and self.has("steps"):
            name = self.pick(STEPS)
            e = self.fit(e)
            return Node("real", name, "(", self.real_cast(e), " * 3.3)",
                        low=3.3 * e.low - 1, high=3.3 * e.high + 1)
        if r < 0.2 and self.has("ties"):
            e = self.fit(e, 10)
            return call("fabs", self.real_cast(e), low=0, high=width(e))
        if r < 0.65:
            name = self.pick(list(ANYWHERE))
            largest, low, high = ANYWHERE[name]
            return call(name, self.fit(e, largest), low=low, high=high)
        name = self.pick(list(POSITIVE))
        if name == "logpow":
            return call("pow", self.positive(e, 0.4), self.leaf_within(1.5),
                        low=0.2, high=4.5)
        offset, low, high = POSITIVE[name]
        return call(name, self.positive(e, offset), low=low, high=high)

    def real_cast(self, e):
        return e

    def leaf_within(self, bound):
        return self.fit(self.leaf(), bound)

    def math2(self, depth):
        a, b = self.fit(self.real(depth)), self.fit(self.real(depth))
        w = width(a)
        makers = {
            "atan2": lambda: call("atan2", a, self.positive(b, 0.5),
                                  low=-1.6, high=1.6),
            "hypot": lambda: call("hypot", a, self.positive(b, 0.3),
                                  low=0.3, high=w + 2.6),
            "fma": lambda: call("fma", a, b, self.leaf_within(BOUND),
                                low=-w * width(b) - 2, high=w * width(b) + 2),
            "pow2": lambda: call("pow", a, constant(2.0, True), low=0,
                                 high=w * w),
            "pow3": lambda: call("pow", a, constant(3.0, True), low=-w ** 3,
                                 high=w ** 3),
            "pow": lambda: call("pow", self.positive(a, 0.4), b, low=0.1,
                                high=7.1),
            "powi": lambda: Node("real", "powi(", self.positive(a, 0.6),
                                 f", {self.rng.randint(-2, 3)})", low=0,
                                 high=23.2),
            "ldexp": lambda: Node("real", self.pick(["ldexp(", "scalbn("]), a,
                                  f", {self.rng.randint(-2, 1)})", low=-2 * w,
                                  high=2 * w),
            "jn": lambda: Node("real", "jn(2, ", a, ")", low=-1, high=1),
            "yn": lambda: Node("real", "yn(2, ", self.positive(a, 0.9), ")",
                               low=-3.2, high=0.6),
        }
        if self.has("ties"):
            makers.update({
                "fmax": lambda: call("fmax", a, b, low=-BOUND, high=BOUND),
                "fmin": lambda: call("fmin", a, b, low=-BOUND, high=BOUND),
                "fdim": lambda: call("fdim", a, b, low=0, high=2 * BOUND),
                "copysign": lambda: call("copysign", a, b, low=-w, high=w),
                "fmod": lambda: call("fmod", a, self.positive(b, 0.6),
                                     low=-BOUND, high=BOUND),
                "remainder": lambda: call("remainder", a,
                                          self.positive(b, 0.6), low=-BOUND,
                                          high=BOUND),
            })
        return makers[self.pick(list(makers))]()

    def select_of(self, depth):
        a, b = self.real(depth), self.real(depth)
        return Node("real", "(", self.cond(), " ? ", as_real(a), " : ",
                    as_real(b), ")", low=min(a.low, b.low),
                    high=max(a.high, b.high))

    def helper_call(self, depth):
        self.call_depth += 1
        name = self.pick(self.scalar_helpers)
        e = call(name, self.fit(self.real(depth)), self.fit(self.real(0)),
                 low=-BOUND, high=BOUND)
        self.call_depth -= 1
        return e

    # -- conditions

    def data_cond(self):
        e = self.real(1)
        margin = 0.6 * min(width(e), 1.5)
        c = round(self.rng.uniform(-margin, margin), 2)
        return Node("cond", e, self.pick([" < ", " > "]), constant(c + 0.0013))

    def int_cond(self):
        a, low, high = self.int_expr()
        if self.chance(0.5):
            return Node("cond", f"({a} & {self.pick([1, 2, 3])}) == 0")
        return Node("cond", f"{a} {self.pick(['<', '>', '=='])} "
                    f"{self.rng.randint(low, max(high, low))}")

    def cond(self):
        r = self.rng.random()
        if r < 0.15:
            return Node("cond", self.data_cond(),
                        self.pick([" && ", " || "]), self.int_cond())
        if r < 0.4 and self.ints():
            return self.int_cond()
        return self.data_cond()


def as_real(e):
    """Both arms of ?: must have the type `real`."""
    return Node("real", "(real)(", e, ")", low=e.low, high=e.high)
