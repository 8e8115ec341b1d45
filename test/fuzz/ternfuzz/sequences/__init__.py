# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs of several requests, of several files, with classes of their own."""
from . import (aliasing, containers, files, kept_buffers,  # noqa: F401
               kept_globals, meanings, numbers)
from .base import SHAPES, generate  # noqa: F401
