"""TCP clients."""

import socket

from .process import TIMEOUT_SECONDS


def host_port(address):
    host, port = address.rsplit(":", 1)
    return host.strip("[]"), int(port)


class Client:
    """One connection; every wait fails after TIMEOUT_SECONDS."""

    def __init__(self, address):
        self.socket = socket.create_connection(host_port(address), TIMEOUT_SECONDS)
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def address(self):
        """As crier names this client."""
        return "%s:%d" % self.socket.getsockname()

    def send(self, data):
        self.socket.sendall(data)

    def finish(self):
        """Says that nothing more will be sent."""
        self.socket.shutdown(socket.SHUT_WR)

    def read(self, size):
        """Exactly this many bytes."""
        while len(self._rest) < size:
            if not self._fill():
                raise AssertionError(f"closed after {self._rest!r}")
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def read_line(self):
        while b"\n" not in self._rest:
            if not self._fill():
                raise AssertionError(f"closed after {self._rest!r}")
        line, self._rest = self._rest.split(b"\n", 1)
        return line

    def read_to_end(self):
        while self._fill():
            pass
        data, self._rest = self._rest, b""
        return data

    def close(self):
        self.socket.close()

    def _fill(self):
        data = self.socket.recv(65536)
        self._rest += data
        return len(data) > 0
