#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs the problems that other tools can have in a comparable form with the
# tools that are there, in one run with Tern and the derivatives by hand:
#
#   JAX      from PyPI, into a virtual environment below the build folder
#   ADOL-C   libadolc-dev
#   Sacado   libtrilinos-{sacado,kokkos,teuchos}-dev, libopenmpi-dev
#
# What cannot be had is skipped, visibly. Every tool's squared norm of the
# derivative has to agree with the one by hand.
import argparse
import json
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import run as bench  # noqa: E402  (benchmarks/run.py)

PROBLEMS = ["gmm", "lse", "llsq", "kmeans", "ode"]
INPUTS = {
    "gmm_d10_K25",
    "gmm_d32_K25",
    "n=160000",
    "n=2048 m=128",
    "n=10000 k=100 d=8",
    "n=1000 steps=100",
    "n=10000 steps=100",
}
TAPES = {
    "ADOL-C": ["-DPEER_ADOLC", "-ladolc"],
    "Sacado": [
        "-DPEER_SACADO",
        "-isystem/usr/include/trilinos",
        "-I/usr/lib/x86_64-linux-gnu/openmpi/include",
        "-ltrilinos_teuchoscomm",
        "-ltrilinos_teuchosparameterlist",
        "-ltrilinos_teuchoscore",
        "-ltrilinos_kokkoscore",
    ],
}


def skip(tool, why):
    print(f"skipped: {tool}: {why}", flush=True)
    return []


def lines_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
    return [json.loads(l) for l in done.stdout.splitlines() if l.endswith("}")]


def run_jax(folder):
    environment = folder / "peers-venv"
    python = environment / "bin" / "python"
    try:
        if not python.exists():
            venv.create(environment, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "jax"],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        return skip("JAX", f"cannot be installed ({error})")
    return lines_of([str(python), str(HERE / "with_jax.py")])


def run_tape(tool, folder):
    program = folder / f"peer-{tool}"
    sources = [str(HERE / "tapes.cpp"), str(HERE.parent / "problem.cpp")]
    command = [
        "clang++-22",
        "-std=c++20",
        "-w",
        *bench.FLAGS,
        f'-DBENCH_REPOSITORY="{HERE.parents[1]}"',
        *sources,
        *TAPES[tool],
        "-o",
        str(program),
    ]
    try:
        bench.compiled(command)
    except bench.Refused as message:
        return skip(tool, message)
    return lines_of([str(program)])


def run_tern(build):
    rows = []
    for problem in PROBLEMS:
        for row in bench.Bench(build).timed(problem, "with_restrict"):
            if row["input"] not in INPUTS or "primal" not in row:
                continue
            rows.append({**row, "tool": "by hand", "gradient": row["by_hand"]})
            if "by_tern" in row:
                tern = {**row, "tool": "Tern", "gradient": row["by_tern"]}
                rows.append(tern)
            else:
                skip("Tern", f"{problem} {row['input']}: {row['error']}")
    return rows


def table(rows):
    reference = {
        (r["name"], r["input"]): r for r in rows if r["tool"] == "by hand"
    }
    lines = [
        "| problem | input | tool | primal ms | gradient ms | gradient / own"
        " primal | gradient / by hand |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    good = True
    order = {key: i for i, key in enumerate(reference)}
    known = [r for r in rows if (r["name"], r["input"]) in order]
    for row in sorted(known, key=lambda r: order[r["name"], r["input"]]):
        by_hand = reference[row["name"], row["input"]]
        agrees = abs(row["square"] / by_hand["square"] - 1) < 1e-8
        good &= agrees
        lines.append(
            f"| {row['name']} | {row['input']} | {row['tool']}"
            f" | {1e3 * row['primal']:.3f} | {1e3 * row['gradient']:.3f}"
            f" | {row['gradient'] / row['primal']:.2f}"
            f" | {row['gradient'] / by_hand['gradient']:.2f}"
            + (" |" if agrees else " **wrong** |")
        )
    return "\n".join(lines), good


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument(
        "--build", type=Path, default=HERE.parents[1] / "build"
    )
    arguments.add_argument("--write", action="store_true", help="RESULTS.md")
    chosen = arguments.parse_args()
    build = chosen.build.resolve()

    rows = run_tern(build) + run_jax(build)
    for tool in TAPES:
        rows += run_tape(tool, build)
    text, good = table(rows)
    print(text)
    if chosen.write:
        head = "`make bench-peers`. " + bench.machine()
        bench.write_section("peers", f"{head}.\n\n{text}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
