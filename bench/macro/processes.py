"""The programs of a measurement, and what the kernel says of them."""

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time

TIMEOUT_SECONDS = 300  # for any one answer; never part of a measurement


class Child:
    """A program that answers lines with lines of JSON."""

    def __init__(self, *command):
        self.name = os.path.basename(command[0])
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         text=True)
        self._answers = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self):
        return self._process.pid

    def _read(self):
        for line in self._process.stdout:
            self._answers.put(json.loads(line))
        self._answers.put(None)

    def answer(self):
        """The next line that it prints."""
        answer = self._answers.get(timeout=TIMEOUT_SECONDS)
        if answer is None:
            raise RuntimeError(f"{self.name} ended with {self._process.wait()}")
        return answer

    def tell(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def ask(self, line):
        self.tell(line)
        return self.answer()

    def stop(self, number=None):
        """Ends with its standard input, or by a signal."""
        if number is None:
            self._process.stdin.close()
        else:
            self._process.send_signal(number)
        try:
            self._process.wait(TIMEOUT_SECONDS)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()


class Floor:
    """The bare loop, once for each message or once for all that wait."""

    kind = "floor"

    def __init__(self, programs, coalesce=False):
        self._child = Child(programs("bench_floor"), *(["--coalesce"] if coalesce else []))
        addresses = self._child.answer()
        self.data, self.control = addresses["data"], addresses["control"]

    @property
    def pid(self):
        return self._child.pid

    def stop(self):
        self._child.stop()


class Crier:
    """Crier with its defaults, on free ports."""

    kind = "crier"
    CONFIG = """\
listeners:
  - name: default
    address: "127.0.0.1:0"
    framing: line
    processor: discard
control:
  address: "127.0.0.1:0"
ops:
  address: "127.0.0.1:0"
drain:
  spread: 0s
log:
  format: json
"""

    def __init__(self, programs):
        self._config = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self._config.write(self.CONFIG)
        self._config.flush()
        self._child = Child(programs("crier"), "--config", self._config.name)
        addresses = {}
        while len(addresses) < 3:
            line = self._child.answer()
            if line["message"] == "listening":
                addresses[line["plane"]] = line["address"]
        self.data, self.control = addresses["data"], addresses["control"]

    @property
    def pid(self):
        return self._child.pid

    def stop(self):
        self._child.stop(signal.SIGTERM)
        self._config.close()


SERVERS = {
    "crier": Crier,
    "floor": Floor,
    "floor, coalesced": lambda programs: Floor(programs, coalesce=True),
}


def cpu_seconds(pid):
    """User and system time of all threads so far, in the kernel's own nanoseconds."""
    return time.clock_gettime((~pid << 3) | 2)  # the process' CPU clock, as clock_getcpuclockid()


def cpu_seconds_by_thread(pid):
    """The same by the names of the threads that live now."""
    found = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm", encoding="utf-8") as file:
                name = file.read().strip()
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                found[name] = found.get(name, 0) + int(file.read().split()[0]) / 1e9
        except FileNotFoundError:
            continue  # ended meanwhile
    return found


def private_bytes(pid):
    """Memory that this process alone uses."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def kernel_bytes():
    """Slab and socket buffers of the whole machine."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        slab = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Slab:"))
    with open("/proc/net/sockstat", encoding="ascii") as lines:
        tcp = next(line.split() for line in lines if line.startswith("TCP:"))
    return slab + int(tcp[tcp.index("mem") + 1]) * os.sysconf("SC_PAGE_SIZE")
