"""HTTP/2 by hand: a caller of the control API that keeps to no more of its rules than it likes."""

import select
import socket
import struct
import time

from .client import host_port
from .process import TIMEOUT_SECONDS

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_HEADERS, ACK = 4, 1
CANCEL = 8
INITIAL_WINDOW_SIZE = 4
FRAME_BYTES = 16384


def _integer(value, prefix_bits):
    """As HPACK writes it."""
    full = (1 << prefix_bits) - 1
    if value < full:
        return bytes([value])
    out = [full]
    value -= full
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    return bytes([*out, value])


def _header(name, value):
    """A literal that no table keeps."""
    text = [part.encode() for part in (name, value)]
    return b"\0" + b"".join(_integer(len(part), 7) + part for part in text)


def message(size_claimed, data=b"", compressed=False):
    """What gRPC puts before each message, and as much of it as there is."""
    return struct.pack(">BI", compressed, size_claimed) + data


class Http2:
    """One connection. Nothing is read but in send() and look()."""

    def __init__(self, address):
        self.socket = socket.create_connection(host_port(address), TIMEOUT_SECONDS)
        self.socket.setblocking(False)
        self._received = b""
        self._unsent = b""
        self._window = 65535
        self._initial_window = 65535
        self._windows = {}
        self._next_stream = 1
        self.reset = {}         # stream -> error code
        self.answered = set()   # streams that got headers
        self.pings_answered = 0
        self.goaway = None      # what it said
        self.closed = False
        self.sent_bytes = 0     # of messages
        self._put(PREFACE)
        self._frame(SETTINGS, 0, 0, b"")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def call(self, path, headers=()):
        """Opens a call without ending its side of it."""
        stream = self._next_stream
        self._next_stream += 2
        self._windows[stream] = self._initial_window
        fields = [(":method", "POST"), (":scheme", "http"), (":path", path),
                  (":authority", "crier"), ("te", "trailers"),
                  ("content-type", "application/grpc"), *headers]
        self._frame(HEADERS, END_HEADERS, stream, b"".join(_header(*field) for field in fields))
        return stream

    def over(self, stream):
        return self.closed or stream in self.reset or stream in self.answered

    def cancel(self, stream):
        self._frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL))

    def ping(self):
        self._frame(PING, 0, 0, b"12345678")

    def send(self, stream, data):
        """As much of it as the windows and the kernel take now; how much that was."""
        self.look()
        sent = 0
        while sent < len(data) and not self._unsent and not self.closed:
            size = min(len(data) - sent, self._window, self._windows[stream], FRAME_BYTES)
            if size <= 0 or self.over(stream):
                break
            self._frame(DATA, 0, stream, data[sent:sent + size])
            self._window -= size
            self._windows[stream] -= size
            sent += size
        self.sent_bytes += sent
        return sent

    def look(self, seconds=0):
        """Takes what has come."""
        self._flush()
        if self.closed or not select.select([self.socket], [], [], seconds)[0]:
            return
        try:
            data = self.socket.recv(1 << 20)
        except ConnectionError:
            data = b""
        self.closed = not data
        self._received += data
        while len(self._received) >= 9:
            size = int.from_bytes(self._received[:3], "big")
            if len(self._received) < 9 + size:
                return
            kind, flags, stream = struct.unpack(">BBI", self._received[3:9])
            payload = self._received[9:9 + size]
            self._received = self._received[9 + size:]
            self._take(kind, flags, stream, payload)

    def look_until(self, condition):
        end = time.monotonic() + TIMEOUT_SECONDS
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("it did not come")
            self.look(0.01)

    def _take(self, kind, flags, stream, payload):
        if kind == SETTINGS and not flags & ACK:
            for i in range(0, len(payload), 6):
                key, value = struct.unpack(">HI", payload[i:i + 6])
                if key == INITIAL_WINDOW_SIZE:
                    for each in self._windows:
                        self._windows[each] += value - self._initial_window
                    self._initial_window = value
            self._frame(SETTINGS, ACK, 0, b"")
        elif kind == PING and flags & ACK:
            self.pings_answered += 1
        elif kind == PING:
            self._frame(PING, ACK, 0, payload)
        elif kind == WINDOW_UPDATE and stream == 0:
            self._window += int.from_bytes(payload, "big")
        elif kind == WINDOW_UPDATE and stream in self._windows:
            self._windows[stream] += int.from_bytes(payload, "big")
        elif kind == RST_STREAM:
            self.reset[stream] = int.from_bytes(payload, "big")
        elif kind == HEADERS:
            self.answered.add(stream)
        elif kind == GOAWAY:
            self.goaway = payload[8:].decode()

    def _frame(self, kind, flags, stream, payload):
        self._put(len(payload).to_bytes(3, "big") + struct.pack(">BBI", kind, flags, stream) + payload)

    def _put(self, data):
        self._unsent += data
        self._flush()

    def _flush(self):
        while self._unsent and not self.closed:
            try:
                self._unsent = self._unsent[self.socket.send(self._unsent):]
            except BlockingIOError:
                return
            except ConnectionError:
                self.closed = True
