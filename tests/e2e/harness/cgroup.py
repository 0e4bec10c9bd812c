"""A control group of this test's own, so that crier has little memory or little CPU."""

import os
import re
import tempfile
import unittest

ROOT = "/sys/fs/cgroup"


def _folders():
    """Those of this process: by controller in version 1, and None for version 2."""
    with open("/proc/self/cgroup", encoding="ascii") as file:
        for line in file:
            _, controllers, path = line.rstrip("\n").split(":", 2)
            for controller in controllers.split(","):
                yield (controller or None), path.lstrip("/")


class ControlGroup:
    """with ControlGroup("memory", ...) as group: Crier(wrapper=group.wrapper).

    Skips the test where this process may not make one.
    """

    def __init__(self, controller, version1, version2):
        """version1, version2: the files to fill, with what."""
        own = dict(_folders())
        if controller in own:
            self._parent, self._files = os.path.join(ROOT, controller, own[controller]), version1
        else:
            self._parent, self._files = os.path.join(ROOT, own.get(None, "")), version2

    def __enter__(self):
        try:
            self.path = tempfile.mkdtemp(prefix="crier-test-", dir=self._parent)
        except OSError as error:
            raise unittest.SkipTest(f"no control group to be had here: {error}") from error
        try:
            for name, value in self._files.items():
                with open(os.path.join(self.path, name), "r+", encoding="ascii") as file:
                    file.write(value)
        except OSError as error:
            self.__exit__()
            raise unittest.SkipTest(f"no such control group to be had here: {error}") from error
        return self

    def __exit__(self, *_):
        os.rmdir(self.path)

    @property
    def wrapper(self):
        """Enters the group and stays beside crier, as the harness wants it of a wrapper."""
        return ("sh", "-c", 'echo $$ > "$0"/cgroup.procs && "$@"; exit $?', self.path)

    def count(self, name):
        """Of an event in this group, by either version's file for it."""
        for file_name in ("memory.oom_control", "memory.events", "cpu.stat"):
            path = os.path.join(self.path, file_name)
            if os.path.exists(path):
                with open(path, encoding="ascii") as file:
                    if match := re.search(rf"^{name} (\d+)$", file.read(), re.MULTILINE):
                        return int(match[1])
        raise KeyError(name)


def little_memory(mib):
    return ControlGroup("memory", {"memory.limit_in_bytes": str(mib << 20)},
                        {"memory.max": str(mib << 20)})


def little_cpu(percent):
    return ControlGroup("cpu", {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": f"{percent}000"},
                        {"cpu.max": f"{percent}000 100000"})
