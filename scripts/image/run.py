#!/usr/bin/env python3
"""Runs a program of the unpacked image as a restricted pod would, until it ends.

No capabilities, no new privileges, uid 65532, a read-only root, bounds for memory and processes. The
network is the machine's own, so that tests reach it. Usage:
    run.py STATE-FOLDER ROOT PROGRAM [ARGUMENT...]
"""
import json
import os
import sys
import uuid

MEMORY_BYTES = 512 << 20
PROCESSES = 200


def mount(kind, place, *options):
    return {"destination": place, "type": kind, "source": kind,
            "options": ["nosuid", "noexec", *options]}


def names(state):
    """Mounts of what the kubelet puts into every pod: its own table of names."""
    path = os.path.join(state, "hosts")
    with open(path, "w", encoding="ascii") as file:
        file.write("127.0.0.1 localhost\n127.0.0.1 crier-under-test\n")
    return [{"destination": "/etc/hosts", "type": "bind", "source": path,
             "options": ["bind", "ro", "nosuid", "nodev", "noexec"]}]


def specification(state, root, arguments):
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False, "user": {"uid": 65532, "gid": 65532}, "args": arguments,
            "env": ["PATH=/usr/bin"], "cwd": "/", "noNewPrivileges": True,
            "capabilities": {kind: [] for kind in ("bounding", "effective", "inheritable",
                                                   "permitted", "ambient")},
            "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 1024, "hard": 4096}],
        },
        "root": {"path": root, "readonly": True},
        "mounts": [mount("proc", "/proc", "nodev"),
                   mount("tmpfs", "/dev", "mode=755", "size=64k"),
                   mount("sysfs", "/sys", "nodev", "ro"), *names(state)],
        "linux": {
            "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")],
            "resources": {"memory": {"limit": MEMORY_BYTES}, "pids": {"limit": PROCESSES}},
            "maskedPaths": ["/proc/kcore", "/proc/keys", "/sys/firmware"],
            "readonlyPaths": ["/proc/sys"],
        },
    }


def main(state, root, *arguments):
    name = f"crier-check-{uuid.uuid4().hex[:12]}"
    bundle = os.path.join(state, "bundles", name)
    os.makedirs(bundle)
    with open(os.path.join(bundle, "config.json"), "w", encoding="utf-8") as file:
        json.dump(specification(state, root, list(arguments)), file)
    # In place of this process, so that it gets signals and its exit code is the program's.
    os.execvp("runc", ["runc", "--root", os.path.join(state, "runc"), "run", "--bundle", bundle,
                       name])


if __name__ == "__main__":
    main(*sys.argv[1:])
