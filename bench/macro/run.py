#!/usr/bin/env python3
"""Measures crier beside its peers and the bare loop: the same clients, the same messages, in turn.

Results go to build/bench after each round, and with --write to docs/benchmarks at the end, where
the parts that were not measured stay as they are.
"""
import argparse
import os
import resource
import signal
import sys
import time

import checks
import goals
import machine
import plans
import programs_alone
import registry
import results
import rounds
import summary

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORKLOADS = [plan.name for plan in plans.FULL] + list(programs_alone.ALL)
PARTS = {part: [name for name in WORKLOADS if plans.part_of(name) == part]
         for part in ("alone", *plans.PARTS)}


def parse():
    def names_of(known):
        def parse_names(text):
            names = text.split(",")
            for name in names:
                if name not in known:
                    raise argparse.ArgumentTypeError(
                        f"no '{name}'; there are {', '.join(known)}")
            return names
        return parse_names

    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--build", default="build/release", help="build directory of the programs")
    options.add_argument("--rounds", type=int, default=0, help="rounds; default 3, 1 with --tiny")
    options.add_argument("--only", type=names_of([*WORKLOADS, *PARTS]), metavar="WORKLOAD,...",
                         help=f"of {', '.join(WORKLOADS)}; or of parts: {', '.join(PARTS)};"
                         f" default all but {', '.join(plans.ON_REQUEST)}")
    options.add_argument("--servers", type=names_of(list(registry.SERVERS)), metavar="SERVER,...",
                         help=f"of {', '.join(registry.SERVERS)}; default all, and they must be there")
    options.add_argument("--tiny", action="store_true",
                         help="few clients and messages: checks the benchmark, measures nothing")
    options.add_argument("--write", action="store_true", help="write docs/benchmarks")
    given = options.parse_args()
    if given.only:
        given.only = [one for name in given.only for one in PARTS.get(name, (name,))]
    else:
        given.only = [name for name in WORKLOADS if given.tiny or name not in plans.ON_REQUEST]
    only = set(given.only)
    halves = any(only & set(names) and not only >= set(names) for names in PARTS.values())
    if given.write and (given.tiny or given.servers or halves):
        options.error(f"--write is for whole parts ({', '.join(PARTS)}) at full size")
    return given


def measure(given, count, servers, programs, save):
    """All rounds; save(rows) is called after each, and when it is interrupted."""
    chosen = [plan for plan in (plans.TINY if given.tiny else plans.FULL)
              if plan.name in given.only]
    rows = []
    try:
        for number in range(1, count + 1):
            print(f"round {number} of {count}", flush=True)
            rows += rounds.run_alone(number, given.only, programs, given.tiny)
            for row in rounds.run_round(number, chosen, servers, programs):
                rows.append(row)
            save(rows)
    except BaseException:
        save(rows)
        raise
    return rows


def faults(given, rows, servers):
    """What must not be: at full size a peer may lose messages, which is a result."""
    own = [row for row in rows if given.tiny or row["server"] in registry.OWN]
    yield from checks.problems(own)
    if set(servers) >= {"crier", "floor", "floor-coalesced"}:
        keys = {step.key for plan in plans.FULL if plan.name in given.only for step in plan.steps}
        keys |= {"control", "heap"} if {"control", "micro"} <= set(given.only) else set()
        for title in goals.missing(summary.summarize(rows), keys):
            if set(servers) & set(registry.PEERS) or "peer" not in title:
                yield f"no figure for: {title}"


def stop_politely(number, _frame):
    raise KeyboardInterrupt(f"signal {number}")


def main():
    given = parse()
    began = time.monotonic()
    signal.signal(signal.SIGTERM, stop_politely)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))  # the servers inherit it
    build = os.path.abspath(given.build)

    def programs(name):
        return os.path.join(build, "bin", name)

    servers = given.servers or list(registry.SERVERS)
    absent = registry.missing(servers, programs)
    if absent and (given.servers or absent != ["article"]):
        sys.exit(f"not installed: {', '.join(absent)}; scripts/setup.sh bench does that")
    servers = [name for name in servers if name not in absent]
    count = given.rounds or (1 if given.tiny else 3)
    versions = machine.versions(servers, programs)
    described = machine.describe(ROOT, build)
    for key, value in {**described, **versions}.items():
        print(f"{key}: {value}")
    folder = os.path.normpath(
        os.path.join(build, "bench") if given.tiny else os.path.join(build, "..", "bench"))
    def parts_of(rows):
        return results.of_rows(rows, described, servers, versions, registry.SERVERS)

    rows = measure(given, count, servers, programs,
                   lambda so_far: results.write(folder, parts_of(so_far)))
    text = results.write(folder, parts_of(rows))
    print(text, f"written: {folder}", f"took {time.monotonic() - began:.0f} s", sep="\n")
    for problem in (problems := list(checks.problems(rows))):
        print(problem, file=sys.stderr)
    found = list(faults(given, rows, servers))
    for fault in found:
        if fault not in problems:
            print(fault, file=sys.stderr)
    if given.write and not found:
        docs = os.path.join(ROOT, "docs", "benchmarks")
        results.write(docs, {**results.read(docs), **parts_of(rows)})
        print("written: docs/benchmarks")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
