"""Where and on what was measured."""

import datetime
import os
import platform
import subprocess

from registry import SERVERS

SOURCES = ("bench", "dataplane", "proto", "services", "cmake", "CMakeLists.txt")


UNKNOWN = "unknown"


def _output(*command):
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:  # nobody needs git to run the tests
        return UNKNOWN
    return answer.stdout.strip() if answer.returncode == 0 else UNKNOWN


def _commit(root):
    commit = _output("git", "-C", root, "rev-parse", "--short=12", "HEAD")
    changed = _output("git", "-C", root, "status", "--porcelain", "--untracked-files=no", "--",
                      *SOURCES)
    return commit + ("" if changed in ("", UNKNOWN) else " with changes")


def _cmake_cache(build):
    cache = {}
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as lines:
        for line in lines:
            key, found, value = line.strip().partition("=")
            if found:
                cache[key.split(":")[0]] = value
    return cache


def describe(root, build):
    """The machine and the build, as text by name."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        model = next((line.split(":", 1)[1].strip() for line in lines
                      if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo", encoding="ascii") as lines:
        memory = int(next(lines).split()[1]) / 2**20
    cache = _cmake_cache(build)
    kind = cache.get("CMAKE_BUILD_TYPE", "")
    flags = f"{cache.get('CMAKE_CXX_FLAGS', '')} {cache.get('CMAKE_CXX_FLAGS_' + kind.upper(), '')}"
    return {
        "cpu": f"{len(os.sched_getaffinity(0))} x {model}",
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "compiler": _output(cache.get("CMAKE_CXX_COMPILER", "c++"), "--version").split("\n")[0],
        "build": f"{kind} ({flags.strip()})",
        "commit": _commit(root),
        "date": datetime.date.today().isoformat(),
    }


def versions(names, programs):
    """What the servers say of themselves."""
    commands = {name: getattr(SERVERS[name], "version_command", None) for name in names}
    return {name: _output(*command(programs)).split("\n")[0]
            for name, command in commands.items() if command}
