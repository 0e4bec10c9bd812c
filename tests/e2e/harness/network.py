"""A network of this test's own, whose links lose what they carry."""

import concurrent.futures
import contextlib
import ctypes
import os
import re
import socket
import subprocess
import threading
import unittest

from .client import Client
from .process import TIMEOUT_SECONDS

CRIER_ADDRESS = "198.51.100.1"  # of TEST-NET-2, so of nobody
CLIENT_ADDRESS = "198.51.100.2"
# Whoever is not root may have no path to tc.
WITH_ALL_PROGRAMS = {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
# from sched.h
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def _unshare(flags):
    if _libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def ip(*arguments):
    _run("ip", *arguments)


def _run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          timeout=TIMEOUT_SECONDS, env=WITH_ALL_PROGRAMS).stdout


def leave_the_machines_network():
    """Puts this process, and what it starts, into a network with nothing but loopback.

    Before there is any thread. Skips the test where the kernel allows it to nobody like us.
    """
    try:
        try:
            _unshare(CLONE_NEWNET)
        except PermissionError:
            user, group = os.getuid(), os.getgid()
            _unshare(CLONE_NEWUSER | CLONE_NEWNET)
            for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"),
                               ("gid_map", f"0 {group} 1")):
                with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                    file.write(text)
        ip("link", "set", "lo", "up")
    except (OSError, subprocess.CalledProcessError) as error:
        raise unittest.SkipTest(f"no network namespace to be had here: {error}") from error


def set_sysctl(name, value):
    """Of this network. Skips the test where it cannot be set, as in many containers."""
    try:
        with open("/proc/sys/" + name.replace(".", "/"), "w", encoding="ascii") as file:
            file.write(str(value))
    except OSError as error:
        raise unittest.SkipTest(f"{name} cannot be set here: {error}") from error


def counter(group, name):
    """What the kernel has counted in this network: of /proc/net/snmp or netstat."""
    for path in ("/proc/net/snmp", "/proc/net/netstat"):
        with open(path, encoding="ascii") as file:
            lines = [line.split() for line in file if line.startswith(group + ":")]
        for names, values in zip(lines[::2], lines[1::2]):
            if name in names:
                return int(values[names.index(name)])
    raise KeyError(f"{group} {name}")


class Link:
    """Between crier's network, which is this process's, and another one, where clients are.

    Skips the test where the kernel knows no such links.
    """

    def __enter__(self):
        self._clients = concurrent.futures.ThreadPoolExecutor(1, initializer=_unshare,
                                                              initargs=(CLONE_NEWNET,))
        thread = self._there(threading.get_native_id)
        try:
            ip("link", "add", "crier0", "type", "veth", "peer", "name", "client0",
               "netns", str(thread))
        except subprocess.CalledProcessError as error:
            self._clients.shutdown()
            raise unittest.SkipTest(f"no link to be had here: {error.stderr}") from error
        ip("addr", "add", CRIER_ADDRESS + "/24", "dev", "crier0")
        ip("link", "set", "crier0", "up")
        self._there(ip, "link", "set", "client0", "up")
        self.come_back()
        return self

    def __exit__(self, *_):
        ip("link", "del", "crier0")
        self._clients.shutdown()

    def _there(self, call, *arguments):
        return self._clients.submit(call, *arguments).result(TIMEOUT_SECONDS)

    def connect(self, address):
        return self._there(Client, address)

    def socket(self):
        return self._there(socket.socket)

    def vanish(self):
        """Nothing that is sent to clients is answered any more, not even by a reset."""
        self._there(ip, "addr", "del", CLIENT_ADDRESS + "/24", "dev", "client0")

    def come_back(self):
        self._there(ip, "addr", "add", CLIENT_ADDRESS + "/24", "dev", "client0")

    @contextlib.contextmanager
    def bottleneck(self, rate, queue):
        """Towards clients: packets beyond the queue are dropped."""
        try:
            _run("tc", "qdisc", "add", "dev", "crier0", "root", "tbf", "rate", rate, "burst", "5kb",
                 "limit", queue)
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(f"no token bucket in this kernel: {error.stderr}") from error
        yield
        _run("tc", "qdisc", "del", "dev", "crier0", "root")

    @staticmethod
    def dropped_packets():
        """Of the bottleneck."""
        return int(re.search(r"dropped (\d+)", _run("tc", "-s", "qdisc", "show", "dev", "crier0"))[1])
