# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs for Tern: a generator, a builder, a reducer, a driver."""
