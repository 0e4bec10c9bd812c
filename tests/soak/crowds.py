"""Who talks to crier during a soak, beside those that harness.trouble knows."""

import contextlib
import os
import random
import selectors
import socket
import struct
import time

from harness.client import host_port
from harness.control import Control
from harness.process import TIMEOUT_SECONDS
from harness.trouble import Loop

NUMBERED = b"soak "


class Churn(Loop):
    """Clients that come, say something right or wrong, and leave in every way."""

    PAUSE_SECONDS = 0.02

    def __init__(self, address, seed):
        super().__init__()
        self._address = host_port(address)
        self._dice = random.Random(seed)
        self.connections = 0

    def work(self):
        client = socket.create_connection(self._address, TIMEOUT_SECONDS)
        self.connections += 1
        with client, contextlib.suppress(ConnectionError):
            client.settimeout(TIMEOUT_SECONDS)
            match self._dice.randrange(5):
                case 0:
                    client.sendall(b"hello\n" * self._dice.randrange(20))
                case 1:
                    client.sendall(b"begun and never ended")
                case 2:
                    client.sendall(os.urandom(1 + self._dice.randrange(100_000)))
                case 3:
                    client.sendall(b"x" * 200_000)  # no frame is that long
            if self._dice.randrange(2) == 0:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class NumberedCaller(Loop):
    """Broadcasts numbers, one after another."""

    PAUSE_SECONDS = 0.01

    def __init__(self, crier):
        super().__init__()
        self._control = Control(crier)
        self.sent = 0

    def work(self):
        self._control.broadcast(NUMBERED + b"%d %d" % (self.sent, time.monotonic_ns()))
        self.sent += 1

    def close(self):
        self._control.channel.close()


class Witnesses(Loop):
    """Clients that must get every number once and in order, and the time that it took."""

    PAUSE_SECONDS = 0.001

    def __init__(self, address, size):
        super().__init__()
        self._selector = selectors.DefaultSelector()
        self._latencies = []
        self.next = [0] * size
        self._rest = [b""] * size
        for index in range(size):
            client = socket.create_connection(host_port(address), TIMEOUT_SECONDS)
            client.setblocking(False)
            self._selector.register(client, selectors.EVENT_READ, index)

    def work(self):
        for key, _ in self._selector.select(0.1):
            data = key.fileobj.recv(1 << 20)
            if not data:
                raise AssertionError("a witness was closed")
            self._take(key.data, data)

    def _take(self, index, data):
        now = time.monotonic_ns()
        *lines, self._rest[index] = (self._rest[index] + data).split(b"\n")
        for line in lines:
            if not line.startswith(NUMBERED):
                continue
            number, sent = map(int, line[len(NUMBERED):].split())
            if number != self.next[index]:
                raise AssertionError(f"a witness awaited {self.next[index]} and got {number}")
            self.next[index] += 1
            self._latencies.append(now - sent)

    def latency_seconds(self):
        """The median since the last call; None where nothing came."""
        latencies, self._latencies = sorted(self._latencies), []
        return latencies[len(latencies) // 2] / 1e9 if latencies else None

    def close(self):
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()
