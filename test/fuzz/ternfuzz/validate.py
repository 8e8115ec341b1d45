# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Who guards the guards: dual numbers against finite differences.

Needs no plugin. The same programs run with dual<double> and with long double;
central differences of the latter must agree with the former.
"""
from collections import Counter

from .build import Batch
from .toolchain import COMMON, harness_object
from .generator import PRELUDE


def validate(campaign, args):
    verdicts, bad = Counter(), []
    for start in range(args.start, args.start + args.count, args.batch):
        end = min(start + args.batch, args.start + args.count)
        programs = [campaign.program(s) for s in range(start, end)]
        batch = Batch(campaign.out / "validate", programs, PRELUDE,
                      campaign.tools, validating=True)
        made = batch.plain()
        if made.status != "ok":
            print(made.output[:3000])
            return 1
        rows = "".join(f'{{"{p.name}"}},' for p in programs)
        (batch.folder / "table.cpp").write_text(
            '#include "harness.h"\nextern const tern_fuzz::derivatives '
            f"fuzz_programs[] = {{{rows}}};\nextern const int "
            f"fuzz_program_count = {len(programs)};\n")
        linked = batch.run([campaign.tools.clang, *COMMON, "table.cpp",
                            "oracle.o", str(harness_object(campaign.tools)),
                            "-o", "validate", "-lm"])
        if linked.status != "ok":
            print(linked.output[:3000])
            return 1
        for line in batch.run(["./validate", "--validate"]).output.splitlines():
            words = line.split()
            verdicts[words[1]] += 1
            if words[1] not in ("ok", "skip"):
                bad.append((start + int(words[0]), line))
    for seed, line in bad:
        print(f"seed {seed}: {line}")
    print("oracle against finite differences:",
          ", ".join(f"{n} {k}" for k, n in verdicts.most_common()))
    return 1 if bad else 0
