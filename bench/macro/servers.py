"""Crier, and the servers that are made for the comparison: each starts on free ports."""

import dataclasses
import os
import signal
import tempfile

from child import Child


@dataclasses.dataclass(frozen=True)
class Setup:
    """What a session wants of its server."""

    echo: bool = False  # what a client sends comes back to it
    queue_bytes: int = 256 << 20  # what may wait for one client, where the server can be told


class Server:
    """What a session asks of every server."""

    nodes = 1  # that clients spread over and that share the work
    parts = ()  # other servers that it consists of

    @property
    def pids(self):
        """Of its nodes, the one that is called first."""
        return (self.pid,)

    @property
    def bus_pid(self):
        """Of what joins the nodes."""
        return None


class OwnProgram(Server):
    """A server that was built here, once started."""

    @property
    def pid(self):
        return self._child.pid

    @property
    def exit_status(self):
        return self._child.exit_status


class Crier(OwnProgram):
    """Crier with its defaults, in which 2 MiB and 1024 messages may wait for one client."""

    name = "crier"
    kind = "crier"  # what bench_publish calls it
    protocol = "line"  # what bench_clients calls it
    acknowledges = False  # that a client is subscribed
    addresses_group = True
    can_echo = True
    CONFIG = """\
listeners:
  - name: default
    address: "127.0.0.1:0"
    framing: line
    processor: {processor}
control:
  address: "127.0.0.1:0"
ops:
  address: "127.0.0.1:0"
drain:
  spread: 0s
log:
  format: json
"""

    def __init__(self, programs, setup, more=""):
        self._config = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self._config.write(self.CONFIG.format(processor="echo" if setup.echo else "discard") + more)
        self._config.flush()
        self._child = Child(programs("crier"), "--config", self._config.name)
        addresses = {}
        while len(addresses) < 3:
            line = self._child.answer()
            if line["message"] == "listening":
                addresses[line["plane"]] = line["address"]
        self.data, self.control = addresses["data"], addresses["control"]

    def stop(self):
        self._child.stop(signal.SIGTERM)
        self._config.close()

    @classmethod
    def configuration(cls):
        return cls.CONFIG.format(processor="discard (echo where round trips are measured)")

    @staticmethod
    def version_command(programs):
        return (programs("crier"), "--version")


class BareServer(OwnProgram):
    """A server without configuration that prints where it listens and ends with its input."""

    kind = "line"
    protocol = "line"
    acknowledges = False
    addresses_group = False
    can_echo = True
    OPTIONS = ()
    ECHO_OPTION = "--echo"

    def __init__(self, programs, setup):
        options = (self.ECHO_OPTION,) if setup.echo else self.OPTIONS
        self._child = Child(programs(self.PROGRAM), *options)
        addresses = self._child.answer()
        self.data, self.control = addresses["data"], addresses["control"]

    def stop(self):
        self._child.stop()

    @classmethod
    def configuration(cls):
        return cls.__doc__


class Floor(BareServer):
    """One epoll set and, for each message, a `for` loop of `send()`; one thread. It frames nothing,
    checks nothing, counts nothing and bounds nothing."""

    name = "floor"
    PROGRAM = "bench_floor"


class CoalescedFloor(BareServer):
    """The floor with one `send()` per client for all messages that wait at the control port."""

    name = "floor-coalesced"
    can_echo = False
    PROGRAM = "bench_floor"
    OPTIONS = ("--coalesce",)


class Article(BareServer):
    """The design of the article that crier began with, in Go: two goroutines per client, a channel
    of 4096 messages for each, a map behind a mutex; a full channel drops the message."""

    name = "article"
    PROGRAM = "bench_article"
    ECHO_OPTION = "-echo"

    @staticmethod
    def version_command(_programs):
        return ("/usr/bin/go", "version")

    @classmethod
    def is_there(cls, programs):
        return os.access(programs(cls.PROGRAM), os.X_OK)
