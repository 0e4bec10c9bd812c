#!/usr/bin/env python3
"""Measures crier beside the bare loop: the same clients, the same messages, in turn.

Each server gets the same sessions in each round (A B A B ...), so that what slows the machine
slows both. Results go to <build>/bench/results.json, and with --write to docs/benchmarks.
"""
import argparse
import datetime
import json
import os
import subprocess
import sys

import report
from processes import Crier
from workloads import FULL, TINY, problems, run_session

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = """\
# Benchmarks

Made by `make bench ARGS=--write`, not by hand. One machine holds everything: the server, one process
with all clients, and the publisher. The floor is the least that a server can do: one epoll set and a
`for` loop of `send()`, for each message or (coalesced) for all that wait; it frames nothing, checks
nothing, counts nothing and bounds nothing. Crier runs with its defaults and is driven through
`BroadcastStream`; both get payloads of 64 bytes, and every client checks the sequence and every byte.

- CPU is user and system time of the whole server process, control API included, per delivery.
- Latency runs from the moment when the publisher was due to send until a client has the message; in a
  burst it is mostly the time to work the burst off.
- Figures are medians over {rounds} rounds, with the smallest and the largest. Ratios are taken inside
  each round, to the floor that coalesces where there is one. A row counts only if every message
  arrived at every client, in order.
- User memory is what the server process alone uses, after minus before, divided by the connections;
  kernel memory is slab and socket buffers of both ends, and of whatever else the machine did.

{machine}

{tables}

## In one thread, without sockets

Simulated connections over a null socket: what crier itself costs, without the kernel.

{micro}

## Configuration of crier

```yaml
{config}```
"""


def run_rounds(sessions, rounds, programs):
    rows = []
    for number in range(1, rounds + 1):
        for session in sessions:
            for server in session.servers:
                print(f"round {number} of {rounds}: {server}, {session.clients:,} clients",
                      flush=True)
                rows += [{"round": number, **row}
                         for row in run_session(session, server, programs)]
    return rows


def run_micro(programs, tiny):
    print("micro benchmarks", flush=True)
    wanted = ["--benchmark_filter=-/1[0-9]*0000$", "--benchmark_min_time=0.001"] if tiny else []
    answer = subprocess.run([programs("micro"), "--benchmark_format=json", *wanted],
                            stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(answer.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--build", default="build/release", help="build directory of the programs")
    options.add_argument("--rounds", type=int, default=0, help="rounds; default 5, 1 with --tiny")
    options.add_argument("--tiny", action="store_true",
                         help="a few clients and messages: checks the benchmark, measures nothing")
    options.add_argument("--no-micro", action="store_true", help="leave the micro benchmarks out")
    options.add_argument("--write", action="store_true", help="write docs/benchmarks/README.md")
    given = options.parse_args()
    build = os.path.abspath(given.build)
    rounds = given.rounds or (1 if given.tiny else 5)

    def programs(name):
        return os.path.join(build, "bin", name)

    micro = {"benchmarks": []} if given.no_micro else run_micro(programs, given.tiny)
    rows = run_rounds(TINY if given.tiny else FULL, rounds, programs)
    summary = report.summarize(rows)
    machine = report.machine(ROOT, build)
    machine["date"] = datetime.date.today().isoformat()
    tables = "\n".join(report.tables(summary))
    micro_table = "\n".join(report.micro_table(micro))

    folder = os.path.join(build, "..", "bench") if not given.tiny else os.path.join(build, "bench")
    os.makedirs(folder, exist_ok=True)
    results = os.path.normpath(os.path.join(folder, "results.json"))
    with open(results, "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "rounds": rounds, "summary": summary, "rows": rows,
                   "micro": micro["benchmarks"], "config": Crier.CONFIG}, file, indent=1)
    machine_list = "\n".join(f"- {key}: {value}" for key, value in machine.items())
    print(machine_list, tables, micro_table, f"written: {results}", sep="\n\n")
    faults = list(problems(rows))
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    if given.write and not faults:
        page = os.path.join(ROOT, "docs", "benchmarks", "README.md")
        os.makedirs(os.path.dirname(page), exist_ok=True)
        with open(page, "w", encoding="utf-8") as file:
            file.write(PAGE.format(rounds=rounds, machine=machine_list, tables=tables,
                                   micro=micro_table, config=Crier.CONFIG))
        print(f"written: {page}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
