# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The two files of a batch: programs with requests, programs with duals.

One text serves every way to compile it:

  -DFUZZ_WITHOUT_p7   leaves a program out (it was refused); its row is null
  -DFUZZ_FIRST_p7     leaves it one forward and one reverse request
  -DFUZZ_FOV_p7       leaves out reverse over reverse
  -DFUZZ_PART=1, 2    the programs alone, the requests alone: link-time
                      optimisation then has something to link
"""

PARAMETERS = "(real *x, real *y, real a, real b, long n, long m)"
CELLS = ("primal", "forward", "reverse", "fov", "rov", "wide", "wide_reverse",
         "split", "fixed")
ABSENT = ", ".join(["nullptr"] * len(CELLS))


def extras_of(p, second_order):
    """{cell: macro} of what is asked beside forward and reverse mode."""
    extras = {}
    if second_order:
        extras |= {"fov": "FORWARD_OVER_REVERSE", "rov": "REVERSE_OVER_REVERSE"}
    extras |= {2: {"wide": "WIDE", "wide_reverse": "WIDE_REVERSE"},
               3: {"split": "SPLIT"}, 5: {"fixed": "FIXED_COPY"},
               6: {"fixed": "FIXED_COPY"}}.get(p.seed % 8, {})
    if p.seed % 32 == 5:  # mostly refused, as it should be
        extras["fixed"] = "FIXED"
    return extras


def requests_of(p, second_order):
    """(macros, cells of the table) of a program: what is asked of it."""
    suffix = "_UNMARKED" if p.unmarked else ""
    lines = [f"FUZZ_PRIMAL({p.name})", f"FUZZ_FORWARD{suffix}({p.name})",
             f"FUZZ_REVERSE{suffix}({p.name})"]
    extras = extras_of(p, second_order)
    for cell, macro in extras.items():
        unless = f"defined FUZZ_FIRST_{p.name}"
        if cell == "rov":
            unless += f" || defined FUZZ_FOV_{p.name}"
        lines += [f"#if {unless}", f"#define {p.name}_{cell} nullptr", "#else",
                  f"FUZZ_{macro}({p.name})", "#endif"]
    cells = [f"{p.name}_{cell}" if cell in CELLS[:3] or cell in extras
             else "nullptr" for cell in CELLS]
    return lines, ", ".join(cells)


def batch_text(programs, prelude, second_order=()):
    lines = ["#define FUZZ_DOUBLE 1", '#include "reals.h"',
             '#include "requests.h"', prelude]
    rows = []
    for p in programs:
        asked, cells = requests_of(p, p.ident in second_order)
        head = f"real {p.name}{PARAMETERS}"
        text = p.text().replace(f"static {head}", f"FUZZ_SHARED {head}")
        lines += [f"#ifndef FUZZ_WITHOUT_{p.name}", "#if FUZZ_PART == 2",
                  f"{head};", "#else", text, "#endif", "#if FUZZ_PART != 1",
                  *asked, "#endif", "#endif"]
        floats = "true" if p.has_floats else "false"
        rows += [f"#ifdef FUZZ_WITHOUT_{p.name}",
                 f'{{"{p.name}", {floats}, {ABSENT}}},', "#else",
                 f'{{"{p.name}", {floats}, {cells}}},', "#endif"]
    lines += ["#if FUZZ_PART != 1", "FUZZ_TABLE", *rows, "};",
              f"FUZZ_COUNT({len(programs)})", "#endif"]
    return "\n".join(lines) + "\n"


def oracle_text(programs, prelude, second_order=(), validating=False):
    lines = []  # oracle.h comes precompiled
    meanings = [("first", "dual1", "tern_fuzz::dual<float>", programs),
                ("second", "dual2", "tern_fuzz::dual<tern_fuzz::dual<float>>",
                 [p for p in programs if p.ident in second_order])]
    for space, real, floating, members in meanings:
        lines += [f"namespace {space} {{", "#define FUZZ_DUAL 1",
                  f"#define FUZZ_REAL tern_fuzz::{real}",
                  f"#define FUZZ_FLOAT {floating}", '#include "reals.h"',
                  prelude, *(p.text() for p in members), "#undef FUZZ_DUAL",
                  "#undef FUZZ_REAL", "#undef FUZZ_FLOAT", "}"]
    if validating:
        lines += ["namespace extended {", '#include "reals.h"', prelude,
                  *(p.text() for p in programs), "}"]
    lines.append("""
template <class T, T (*F)(T *, T *, T, T, long, long)>
static T entered(tern_fuzz::state<T> &s, tern_fuzz::call_sizes z) {
  return F(s.x, s.y, s.a, s.b, z.n, z.m);
}
extern const tern_fuzz::oracle fuzz_oracles[] = {""")
    for p in programs:
        cells = [f"entered<tern_fuzz::dual1, first::{p.name}>",
                 f"entered<tern_fuzz::dual2, second::{p.name}>"
                 if p.ident in second_order else "nullptr",
                 f"entered<long double, extended::{p.name}>"
                 if validating else "nullptr"]
        lines.append("{" + ", ".join(cells) + "},")
    lines.append("};")
    return "\n".join(lines) + "\n"
