# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The two files of a batch: programs with requests, programs with duals.

One text serves every way to compile it:

  -DFUZZ_WITHOUT_p7   leaves a program out (it was refused); its row is null
  -DFUZZ_FIRST_p7     leaves out its second derivatives
  -DFUZZ_PART=1, 2    the programs alone, the requests alone: link-time
                      optimisation then has something to link
"""

PARAMETERS = "(real *x, real *y, real a, real b, long n, long m)"
ABSENT = "nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr"


def requests_of(p, second_order):
    """(macros, cells of the table) of a program: what is asked of it."""
    suffix = "_UNMARKED" if p.unmarked else ""
    lines = [f"FUZZ_PRIMAL({p.name})", f"FUZZ_FORWARD{suffix}({p.name})",
             f"FUZZ_REVERSE{suffix}({p.name})"]
    fov = rov = wide = split = "nullptr"
    if second_order:
        lines += [f"#ifdef FUZZ_FIRST_{p.name}",
                  f"#define {p.name}_fov nullptr",
                  f"#define {p.name}_rov nullptr", "#else",
                  f"FUZZ_FORWARD_OVER_REVERSE({p.name})",
                  f"#ifdef FUZZ_FOV_{p.name}",
                  f"#define {p.name}_rov nullptr", "#else",
                  f"FUZZ_REVERSE_OVER_REVERSE({p.name})", "#endif", "#endif"]
        fov, rov = f"{p.name}_fov", f"{p.name}_rov"
    if p.seed % 8 == 2:
        lines.append(f"FUZZ_WIDE({p.name})")
        wide = f"{p.name}_wide"
    if p.seed % 8 == 3:
        lines.append(f"FUZZ_SPLIT({p.name})")
        split = f"{p.name}_split"
    cells = (f"{p.name}_primal, {p.name}_forward, {p.name}_reverse, {fov}, "
             f"{rov}, {wide}, {split}")
    return lines, cells


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
