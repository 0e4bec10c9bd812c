#!/usr/bin/env python3
"""Removes each counter update of the data plane in turn and shows which tests notice.

Works on a copy of the tree in a temporary folder. Exits with 1 where a removal goes unnoticed.
Takes a few minutes: every removal compiles one file and runs the connection and model tests.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

FILES = [
    "dataplane/connection/connection.cpp",
    "dataplane/connection/connection_input.cpp",
    "dataplane/connection/connection_output.cpp",
    "dataplane/fanout/fanout.cpp",
    "dataplane/fanout/fanout_named.cpp",
]
# A whole statement on one line that changes a count.
COUNTER = re.compile(r"^\s+(\+\+|--)[a-z_.>\[\]()-]*.*;$|^\s+[^=;]*\s[+-]=\s[^;]*;$|"
                     r"^\s+count_[a-z]+\(.*\);$|^\s+.*\.observe\(.*\);$|"
                     r"^\s+.*fetch_sub\(.*\);$|^\s+after_queue_change\(\);$")
# Steps through slots and positions, which are no counts.
NOT_COUNTED = re.compile(r"walked_|named_next_|for \(")
TESTS = "ModelTest.*:ConnectionTest.*:RelayTest.*:LaterTest.*:FanoutTest.*"


def main() -> int:
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with tempfile.TemporaryDirectory() as work:
        tree = os.path.join(work, "tree")
        shutil.copytree(root, tree, ignore=shutil.ignore_patterns("build", ".git"))
        build = os.path.join(work, "build")
        subprocess.run(
            ["cmake", "-S", tree, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
             "-DCRIER_GRPC=OFF", "-DCRIER_BENCH=OFF"], check=True, stdout=subprocess.DEVNULL)
        run(build)  # the unchanged tree must pass, or nothing below means anything
        survivors = 0
        for name in FILES:
            survivors += mutate(os.path.join(tree, name), name, build)
        print(f"{survivors} removals went unnoticed")
        return 1 if survivors else 0


def run(build: str) -> None:
    subprocess.run(["ninja", "-C", build, "dataplane_test"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([os.path.join(build, "bin", "dataplane_test"), f"--gtest_filter={TESTS}"],
                   check=True, timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def mutate(path: str, name: str, build: str) -> int:
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    survivors = 0
    for index, line in enumerate(lines):
        if not COUNTER.match(line) or NOT_COUNTED.search(line):
            continue
        write(path, lines[:index] + ["  ;\n"] + lines[index + 1:])
        verdict = judge(build)
        survivors += verdict == "UNNOTICED"
        print(f"{verdict:9} {name}:{index + 1}: {line.strip()}", flush=True)
    write(path, lines)
    return survivors


def judge(build: str) -> str:
    try:
        run(build)
    except subprocess.TimeoutExpired:
        return "noticed"
    except subprocess.CalledProcessError as error:
        return "noticed" if "dataplane_test" in str(error.cmd[0]) else "no build"
    return "UNNOTICED"


def write(path: str, lines: list) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(lines)


if __name__ == "__main__":
    sys.exit(main())
