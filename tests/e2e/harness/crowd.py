"""Many clients that read what they get, on one thread."""

import collections
import selectors
import socket
import threading

from .client import host_port
from .process import TIMEOUT_SECONDS


class Crowd:
    """Clients whose lines are collected until crier closes them."""

    def __init__(self, address, size):
        self._selector = selectors.DefaultSelector()
        self.received = [b""] * size
        self._open = 0
        for index in range(size):
            client = socket.create_connection(host_port(address), TIMEOUT_SECONDS)
            client.sendall(b"hello\n")  # echoed: proves that it is a client now
            if client.recv(64) != b"hello\n":
                raise AssertionError("no echo")
            client.setblocking(False)
            self._selector.register(client, selectors.EVENT_READ, index)
            self._open += 1
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._thread.join(TIMEOUT_SECONDS)
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()

    def wait_until_closed(self):
        self._thread.join(TIMEOUT_SECONDS)
        if self._open:
            raise AssertionError(f"{self._open} clients were not closed")

    def lines(self):
        """For each client what it got."""
        return [data.split(b"\n")[:-1] for data in self.received]

    def receivers(self):
        """For each line how many clients got it."""
        return collections.Counter(line for lines in self.lines() for line in lines)

    def _read(self):
        while self._open:
            ready = self._selector.select(TIMEOUT_SECONDS)
            if not ready:
                return
            for key, _ in ready:
                data = key.fileobj.recv(65536)  # a reset is an error here: it loses data
                self.received[key.data] += data
                if not data:
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()
                    self._open -= 1
