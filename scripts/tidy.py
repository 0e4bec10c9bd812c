#!/usr/bin/env python3
"""Runs clang-tidy over the tracked sources of build/lint, several at a time.

A source is looked at again only when it, a header of ours that it reaches, its command,
.clang-tidy or the tool changed. What was fine is remembered for all checkouts of this user.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys

BUILD = "build/lint"
CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
DONE = f"{CACHE}/crier/tidy"
TIDY = ["clang-tidy-19", "--quiet", f"-p={BUILD}",
        # The database has GCC's commands. Clang needs two names for Asio's coroutines and knows
        # some warnings that GCC has not.
        "--extra-arg=-DASIO_HAS_CO_AWAIT", "--extra-arg=-DASIO_HAS_STD_COROUTINE",
        "--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-everything"]
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def digest(path, command, tool):
    """Of everything that can change what clang-tidy says about a source."""
    total = hashlib.sha256(tool + command.replace(os.getcwd(), ".").encode())
    waiting, seen = [".clang-tidy", path], set()
    while waiting:
        name = waiting.pop()
        found = next((p for p in (name, f"{BUILD}/generated/{name}") if os.path.isfile(p)), None)
        if name in seen or found is None:
            continue
        seen.add(name)
        with open(found, "rb") as file:
            text = file.read()
        total.update(name.encode() + b"\0" + text)
        waiting += sorted(include.decode() for include in INCLUDE.findall(text))
    return total.hexdigest()


def check(path, command, tool):
    mark = f"{DONE}/{digest(path, command, tool)}"
    if os.path.exists(mark):
        return True, ""
    result = subprocess.run([*TIDY, path], capture_output=True, text=True)
    if result.returncode == 0:
        open(mark, "w").close()
        return True, ""
    return False, result.stdout or result.stderr


def main():
    os.makedirs(DONE, exist_ok=True)
    tool = subprocess.run([TIDY[0], "--version"], check=True, capture_output=True).stdout
    tracked = set(subprocess.run(["git", "ls-files", "*.cpp"], check=True, capture_output=True,
                                 text=True).stdout.split())
    with open(f"{BUILD}/compile_commands.json", encoding="utf-8") as file:
        commands = {os.path.relpath(c["file"]): c["command"] for c in json.load(file)}
    paths = sorted(tracked & commands.keys())
    jobs = int(os.environ.get("JOBS", os.cpu_count()))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, (fine, said) in zip(paths, pool.map(lambda p: check(p, commands[p], tool), paths)):
            if not fine:
                failed += 1
                print(said, flush=True)
    print(f"clang-tidy: {len(paths) - failed} sources fine, {failed} not")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
