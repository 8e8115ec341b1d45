# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How the parts of the generator say which constructs they have."""


def registry():
    """A table, feature -> [(maker, weight)], and the decorator that fills it."""
    statements = {}

    def statement(feature, weight=1.0):
        def register(maker):
            statements.setdefault(feature, []).append((maker, weight))
            return maker
        return register
    return statements, statement
