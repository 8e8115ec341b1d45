# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counts, tables and the files that describe findings."""
import re
from collections import Counter, defaultdict

from .hunt import FAILURES


def verdict_of(record):
    """The worst of its levels: failure, refusal, skip or ok."""
    kinds = [v[0] for v in record["levels"].values()]
    for kind in (*FAILURES, "refused"):
        if kind in kinds:
            return kind
    return "skip" if kinds and all(k == "skip" for k in kinds) else "ok"


def groups(records):
    """{kind and cause: [(seed, level)]}, most frequent first."""
    found = defaultdict(list)
    for r in records:
        for level, (kind, cause, _) in r["levels"].items():
            if kind in FAILURES:
                found[f"{kind} {cause}".strip()].append((r["seed"], level))
    return dict(sorted(found.items(), key=lambda kv: -len(kv[1])))


def one_line(records):
    c = Counter(verdict_of(r) for r in records)
    bad = sum(c[k] for k in FAILURES)
    return f"{c['ok']} ok, {c['refused']} refused, {bad} failed"


def summary(records):
    features = defaultdict(Counter)
    for r in records:
        for f in r["features"]:
            features[f][verdict_of(r)] += 1
    tags = Counter()
    for r in records:
        tags.update({v[1] for v in r["levels"].values() if v[0] == "refused"})
    return {
        "programs": len(records),
        "verdicts": Counter(verdict_of(r) for r in records),
        "tags": tags,
        "groups": {k: len({s for s, _ in v})
                   for k, v in groups(records).items()},
        "features": {k: dict(v) for k, v in sorted(features.items())},
    }


def table(records):
    s = summary(records)
    lines = [f"{s['programs']} programs: " +
             ", ".join(f"{n} {k}" for k, n in s["verdicts"].most_common())]
    lines.append(f"{'feature':18}{'programs':>9}{'ok':>7}{'refused':>9}"
                 f"{'failed':>8}  refused share")
    for name, c in s["features"].items():
        total = sum(c.values())
        bad = sum(c.get(k, 0) for k in FAILURES)
        refused = c.get("refused", 0)
        lines.append(f"{name:18}{total:9}{c.get('ok', 0):7}{refused:9}{bad:8}"
                     f"  {refused / total:6.1%}")
    for tag, n in s["tags"].most_common():
        lines.append(f"refused {tag}: {n} programs")
    for key, n in s["groups"].items():
        lines.append(f"FAILED {key}: {n} programs")
    return "\n".join(lines)


def short_name(key):
    return re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:40]


def finding_text(key, program, members, levels_seen):
    seed, level = min(members)
    second = any(word in key for word in ("fov", "rov"))
    macro = ("FUZZ_SINGLE_SECOND" if second else
             "FUZZ_SINGLE_SPLIT" if "split" in key else
             "FUZZ_SINGLE_WIDE" if "wide" in key else
             "FUZZ_SINGLE_FLOAT" if program.has_floats else "FUZZ_SINGLE")
    return (f"// {key}; found at {level}, this seed fails at "
            f"{' '.join(levels_seen)}.\n"
            f"// Seed {seed}, {len({s for s, _ in members})} programs of the "
            f"run; features {' '.join(program.features)}.\n"
            f'#include "single.h"\n\n{program.text()}\n{macro}({program.name})\n')


def write_finding(folder, key, program, members, records):
    folder.mkdir(parents=True, exist_ok=True)
    seed = min(members)[0]
    levels = [level for s, level in sorted(members) if s == seed]
    number = 1 + max([int(f.name[:3]) for f in folder.glob("[0-9]*.cpp")],
                     default=0)
    path = folder / f"{number:03}-{short_name(key)}.cpp"
    path.write_text(finding_text(key, program, members, levels))
    return path
