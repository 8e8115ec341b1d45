#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Nonsense at the front door: malformed requests must be refused with a tag.

  markers.py --count 300            C++ with wrong markers, odd types, bad
                                    registrations, missing arguments
  markers.py --ir --count 300       the same one level lower: mutated IR

A request may be served, refused with [tern-...], or rejected by clang itself.
It may not crash or hang the compiler, nor leave the call in the object file.
"""
import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from ternfuzz.hunt import crash_signature  # noqa: E402
from ternfuzz.toolchain import ROOT, Toolchain, run  # noqa: E402

HEAD = """
extern int enzyme_const, enzyme_dup, enzyme_dupnoneed, enzyme_out, enzyme_width,
    enzyme_dupv, enzyme_dupnoneedv, enzyme_interleave, enzyme_tape,
    enzyme_allocated, enzyme_noret, enzyme_primal_return, enzyme_const_return,
    enzyme_active_return, enzyme_dup_return, enzyme_byref, enzyme_nofree,
    enzyme_not_overwritten, enzyme_runtime_activity, enzyme_strong_zero,
    enzyme_vector, enzyme_scalar, enzyme_buffer, enzyme_nonsense;
typedef float float4 __attribute__((vector_size(16)));
struct pair { double a, b; };
struct mixed { double a; int k; float f; double *p; };
struct empty {};
struct big { double v[20]; };
union either { double d; long i; };
extern "C" double sin(double);
extern "C" int printf(const char *, ...);
extern "C" double missing(double);
double scalar(double x) { return x * sin(x); }
float scalar_f(float x) { return x * x; }
double memory(double *p, long n) { double s = 0; for (long i = 0; i < n; ++i) s += p[i] * p[i]; return s; }
void store(double *p, double *q) { *q = *p * *p; }
pair make_pair(double a, double b) { return {a * b, a + b}; }
double from_struct(mixed m) { return m.a * m.f * *m.p; }
double from_big(big b) { return b.v[0] * b.v[19]; }
void nothing() {}
int integer(int k) { return k + 1; }
double *pointer(double *p) { return p + 1; }
__int128 wide(__int128 k) { return k * 3; }
__fp16 *half(__fp16 *p) { *p = *p * *p; return p; }
long double extended(long double x) { return x * x; }
_Complex double complex(_Complex double z) { return z * z; }
float4 lanes(float4 v) { return v * v; }
double variadic(double x, ...) { return x * x; }
double through(double (*f)(double), double x) { return f(x) * 2; }
double forever(double x) { for (;;) x = sin(x); }
double thrower(double x) { if (x > 1) throw 1; return x; }
double calls_missing(double x) { return missing(x); }
double endless(double x) { return endless(x) * x; }
double traps(double x) { __builtin_trap(); }
double assembly(double x) { double r; asm("" : "=x"(r) : "0"(x)); return r * x; }
double bits(double x) { either e; e.d = x; e.i += 12345; return e.d; }
double atomics(double *p) { double v; __atomic_load(p, &v, 5); return v * v; }
double volatiles(volatile double *p) { return *p * *p; }
static double table[4] = {1, 2, 3, 4};
double indirect(double x, int k) { static double (*const f[2])(double) = {scalar, calls_missing}; return f[k](x); }
double (*volatile unknown_function)(double);
template <class R, class... T> R __enzyme_autodiff(T...);
template <class R, class... T> R __enzyme_fwddiff(T...);
template <class R, class... T> R __enzyme_augmentfwd(T...);
template <class R, class... T> R __enzyme_reverse(T...);
template <class R, class... T> R __enzyme_virtualreverse(T...);
template <class R, class... T> R __enzyme_batch(T...);
template <class R, class... T> R __enzyme_augmentsize(T...);
template <class R, class... T> R __enzyme_error_estimate(T...);
"""
HOOKS = ["autodiff"] * 5 + ["fwddiff"] * 5 + ["augmentfwd", "reverse", "batch",
         "virtualreverse", "augmentsize", "error_estimate"]
FUNCTIONS = re.findall(r"^[\w_ ]+?[ *](\w+)\([^;]*\) \{", HEAD, re.M)
FUNCTIONS += ["0", "5", "missing", "printf", "unknown_function", "table",
              "(1 ? scalar : calls_missing)", "(k ? scalar : sin)", "&k"]
MARKERS = re.findall(r"\b(enzyme_\w+)", HEAD.split(";")[0])
RETURNS = ["double", "void", "int", "pair", "double *", "big", "empty", "float",
           "mixed", "float4", "long double", "__int128"]
VALUES = ["x", "2.0", "1.0f", "k", "p", "q", "5L", "(double *)0", "m", "b",
          "pr", "em", "\"text\"", "'c'", "true", "v4", "(void *)scalar",
          "(__int128)1", "1.0L", "&p", "(short)3", "table", "nullptr"]
# Requests that are right: most mutants differ from one of them in one place.
GOOD = [
    ("autodiff", "double", "scalar", ["x"]),
    ("autodiff", "double", "scalar", ["enzyme_out", "x"]),
    ("autodiff", "void", "memory", ["enzyme_dup", "p", "q", "enzyme_const", "5L"]),
    ("autodiff", "pair", "make_pair", ["enzyme_out", "x", "enzyme_out", "2.0"]),
    ("fwddiff", "double", "scalar", ["enzyme_dup", "x", "1.0"]),
    ("fwddiff", "double", "memory", ["enzyme_dup", "p", "q", "5L"]),
    ("fwddiff", "pair", "make_pair", ["x", "1.0", "2.0", "1.0"]),
    ("fwddiff", "pair", "scalar", ["enzyme_primal_return", "x", "1.0"]),
    ("fwddiff", "pair", "scalar", ["enzyme_width", "2", "enzyme_dup", "x", "1.0", "2.0"]),
    ("autodiff", "void", "store", ["p", "q", "p", "q"]),
]
REGISTRATIONS = [
    "void *__enzyme_register_gradient_a[] = {{ (void *){f}, (void *){g}, (void *){h} }};",
    "void *__enzyme_register_gradient_b[] = {{ (void *){f}, (void *){g} }};",
    "void *__enzyme_register_derivative_c[] = {{ (void *){f}, (void *){g} }};",
    "void *__enzyme_register_derivative_d[] = {{ (void *){f} }};",
    "void *__enzyme_inactivefn_e[] = {{ (void *){f} }};",
    "void *__enzyme_inactivefn_f = (void *){f};",
    "const void *__enzyme_function_like_g[] = {{ (void *){f}, (void *)\"log1p\" }};",
    "const void *__enzyme_function_like_h[] = {{ (void *){f}, (void *)\"nonsense\" }};",
    "const void *__enzyme_function_like_i[] = {{ (void *){f} }};",
    "void *__enzyme_register_gradient_j[3];",
    "int __enzyme_register_derivative_k = 3;",
    "extern void *__enzyme_register_gradient_l[3];",
    "void *__enzyme_register_splitderivative_m[] = {{ (void *){f}, (void *){g}, (void *){h} }};",
    "void *__enzyme_allocation_like_n[] = {{ (void *){f}, (void *)0, (void *)\"-1\", (void *){g} }};",
    "void *__enzyme_register_gradient_o[] = {{ (void *){f}, 0, 0 }};",
    "void *__enzyme_inactive_global_p[] = {{ (void *)table }};",
]


def mutated_arguments(rng, args):
    args = list(args)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(args) + 1)
        what = rng.randrange(6)
        if what == 0 and args:
            del args[min(at, len(args) - 1)]
        elif what == 1:
            args.insert(at, rng.choice(MARKERS))
        elif what == 2:
            args.insert(at, rng.choice(VALUES))
        elif what == 3 and args:
            args[min(at, len(args) - 1)] = rng.choice(VALUES)
        elif what == 4:
            args[at:at] = ["enzyme_width",
                           rng.choice(["0", "-1", "2", "1000000", "k", "x"])]
        elif args:
            rng.shuffle(args)
    return args


def source(rng):
    hook, result, function, args = rng.choice(GOOD)
    if rng.random() < 0.7:
        args = mutated_arguments(rng, args)
    if rng.random() < 0.3:
        function = rng.choice(FUNCTIONS)
    if rng.random() < 0.2:
        result = rng.choice(RETURNS)
    if rng.random() < 0.2:
        hook = rng.choice(HOOKS)
    lines = [HEAD]
    if rng.random() < 0.3:
        names = [f for f in FUNCTIONS if f.isidentifier()]
        lines.append(rng.choice(REGISTRATIONS).format(
            f=rng.choice(["scalar", rng.choice(names)]), g=rng.choice(names),
            h=rng.choice(names)))
    operands = ", ".join(([f"(void *){function}"] if rng.random() < 0.97
                          else []) + args)
    call = f"__enzyme_{hook}<{result}>({operands})"
    keep = "" if result == "void" else f"{result} r = "
    lines.append("void entry(double x, int k, double *p, double *q, mixed m, "
                 "big b, pair pr, empty em, float4 v4) {\n"
                 f"  {keep}{call};\n" +
                 ("" if result == "void" else
                  "  asm volatile(\"\" :: \"r\"(&r) : \"memory\");\n") + "}\n")
    return "\n".join(lines)


def mutated_ir(rng, text):
    """Renames one operand, type or global in a call of a hook or its callee."""
    lines = text.split("\n")
    candidates = [i for i, l in enumerate(lines)
                  if "__enzyme" in l or "enzyme_" in l or
                  re.match(r"  .*(load|store|call|ret|fmul|fadd|phi)", l)]
    i = rng.choice(candidates)
    line = lines[i]
    swaps = [("double", "float"), ("double", "i64"), ("ptr", "i64"),
             ("@enzyme_dup", "@enzyme_out"), ("@enzyme_out", "undef"),
             ("@enzyme_const", "null"), ("external global i32",
             "global i32 0"), ("i32", "i1"), ("double", "x86_fp80"),
             ("double", "<2 x double>"), ("double", "half"), ("ptr", "double"),
             ("call", "tail call"), ("load", "load volatile"),
             ("ptr", "ptr addrspace(1)"), ("fmul double", "frem double"),
             ("enzyme_dup", "enzyme_dup2"), ("i64 5", "i64 poison"),
             ("double", "fp128"), ("double", "bfloat"), ("call", "musttail call")]
    rng.shuffle(swaps)
    for a, b in swaps:
        places = [m.start() for m in re.finditer(re.escape(a), line)]
        if places:
            at = rng.choice(places)
            lines[i] = line[:at] + b + line[at + len(a):]
            break
    return "\n".join(lines)


def left_behind(folder, tools):
    listed = run(["llvm-nm-22", "out.o"], 20, folder, tools.nice)
    return [l.split()[-1] for l in listed.output.splitlines()
            if " U " in l and "__enzyme" in l]


def examine_source(tools, folder, rng):
    (folder / "in.cpp").write_text(source(rng))
    level = rng.choice(["-O0", "-O1", "-O2"])
    compiler = [tools.clang, level, "-w", "-std=c++20", "in.cpp", "-c", "-o",
                "out.o", "-fno-crash-diagnostics"]
    done = run(compiler + [f"-fpass-plugin={tools.plugin}"], tools.limit, folder,
               tools.nice)
    if done.status == "error":
        if run(compiler, tools.limit, folder, tools.nice).status != "ok":
            return "rejected by clang", ""
        return "untagged error", done.output
    if done.status == "ok" and left_behind(folder, tools):
        return "call left behind", " ".join(left_behind(folder, tools))
    if done.status in ("crash", "hang"):
        return f"{done.status} {crash_signature(done.output)}", done.output
    if "tern-X" in done.output:
        return "internal error", done.output
    return done.status, " ".join(done.tags)


def examine_ir(tools, folder, rng):
    level = rng.choice(["-O0", "-O1", "-O2"])
    (folder / "in.cpp").write_text(source(rng))
    made = run([tools.clang, level, "-w", "-std=c++20", "-S", "-emit-llvm",
                "in.cpp", "-o", "in.ll"], tools.limit, folder, tools.nice)
    if made.status != "ok":
        return "rejected by clang", ""
    text = (folder / "in.ll").read_text()
    for _ in range(rng.randint(1, 2)):
        text = mutated_ir(rng, text)
    (folder / "in.ll").write_text(text)
    check = run([tools.opt, "-passes=verify", "in.ll", "-o", "/dev/null"],
                tools.limit, folder, tools.nice)
    if check.status != "ok":
        return "rejected by opt", ""
    done = run([tools.opt, f"-load-pass-plugin={tools.plugin}", "-passes=tern",
                "-verify-each", "in.ll", "-o", "/dev/null"], tools.limit,
               folder, tools.nice)
    if done.status in ("crash", "hang"):
        return f"{done.status} {crash_signature(done.output)}", done.output
    if done.status == "error":
        return "untagged error", done.output
    if "tern-X" in done.output:
        return "internal error", done.output
    return done.status, " ".join(done.tags)


ALLOWED = {"ok", "refused", "rejected by clang", "rejected by opt"}


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--count", type=int, default=100)
    p.add_argument("--start", type=int, default=0)
    p.add_argument("--ir", action="store_true")
    p.add_argument("--plugin", default=str(ROOT / "build/lib/TernPlugin.so"))
    p.add_argument("--keep", help="folder for the inputs that fail")
    args = p.parse_args()
    tools = Toolchain(plugin=Path(args.plugin).resolve(), limit=30)
    verdicts, tags = Counter(), Counter()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for seed in range(args.start, args.start + args.count):
            rng = random.Random(seed)
            examine = examine_ir if args.ir else examine_source
            verdict, detail = examine(tools, folder, rng)
            verdicts[verdict] += 1
            if verdict == "refused":
                tags[detail] += 1
            if verdict not in ALLOWED:
                first = detail.strip().splitlines()[:1]
                print(f"seed {seed}: {verdict} {first}", flush=True)
                if args.keep:
                    keep = Path(args.keep)
                    keep.mkdir(parents=True, exist_ok=True)
                    suffix = "ll" if args.ir else "cpp"
                    (keep / f"{seed}.{suffix}").write_text(
                        (folder / f"in.{suffix}").read_text())
                    (keep / f"{seed}.txt").write_text(verdict + "\n" + detail)
    print(", ".join(f"{n} {k}" for k, n in verdicts.most_common()))
    print("tags:", dict(tags))
    return 0 if set(verdicts) <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
