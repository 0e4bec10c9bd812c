"""Who talks to crier during a soak, beside those that harness.trouble knows."""

import contextlib
import os
import random
import selectors
import socket
import ssl
import struct
import time

from harness.client import host_port
from harness.control import Control
from harness.process import TIMEOUT_SECONDS
from harness.trouble import Loop, Silent

NUMBERED = b"soak "


class Churn(Loop):
    """Clients that come, say something right or wrong, and leave in every way."""

    PAUSE_SECONDS = 0.02

    def __init__(self, crier, kind, seed):
        super().__init__()
        self._kind = kind
        self._address = crier.data(kind.name)
        self._dice = random.Random(seed)
        self.connections = 0

    def work(self):
        self.connections += 1
        # Whoever is not let in, or has said what closes him, may find it out at any time.
        with contextlib.suppress(ConnectionError, ssl.SSLError), self._connect() as client:
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

    def _connect(self):
        match self._dice.randrange(6):
            case 0:  # one who knows neither TLS nor tokens
                return socket.create_connection(host_port(self._address), TIMEOUT_SECONDS)
            case 1:
                return self._kind.connect(self._address, token=b"a-token-that-nobody-has")
        return self._kind.connect(self._address)


class Stuck(Silent):
    """The same clients behind what a kind of listener asks for first."""

    def __init__(self, crier, kind, a_round):
        super().__init__(crier.data(kind.name), a_round)
        self._kind = kind

    def _connect(self):
        return self._kind.connect(self._address, receive_buffer_bytes=4096)


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

    def __init__(self, crier, sizes):
        """sizes: how many, by kind of listener."""
        super().__init__()
        self._selector = selectors.DefaultSelector()
        self._latencies = []
        self.next = []
        for kind in [kind for kind, size in sizes.items() for _ in range(size)]:
            peer = kind.peer(kind.connect(crier.data(kind.name)))
            self._selector.register(peer.socket, selectors.EVENT_READ, (len(self.next), peer))
            self.next.append(0)

    def work(self):
        for key, _ in self._selector.select(0.1):
            index, peer = key.data
            self._take(index, peer.payloads())

    def _take(self, index, payloads):
        now = time.monotonic_ns()
        for payload in payloads:
            if not payload.startswith(NUMBERED):
                continue
            number, sent = map(int, payload[len(NUMBERED):].split())
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
