# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a statement may name: scalars, arrays, integers, with their bounds."""
from dataclasses import dataclass, field

from .expressions import BOUND


@dataclass
class Scalar:
    name: str
    bound: float = BOUND
    writable: bool = True


@dataclass
class Array:
    """`pattern` makes an element of an index: "a[{}]", "s->v[{}]"."""
    name: str
    size: int
    bound: float = BOUND
    writable: bool = True
    pattern: str = ""
    is_memory: bool = True  # contiguous: may be passed as real *

    def element(self, index):
        return (self.pattern or self.name + "[{}]").format(index)


@dataclass
class Integer:
    name: str
    low: int
    high: int


@dataclass
class Scope:
    scalars: list = field(default_factory=list)
    arrays: list = field(default_factory=list)
    ints: list = field(default_factory=list)
