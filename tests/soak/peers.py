"""Clients of each kind of listener that a soak has: how they get in, and how they read."""

import contextlib
import os
import socket
import ssl
import struct

from crier.v1 import frame_pb2
from harness.certificates import Certificates
from harness.client import host_port
from harness.envelope import envelope
from harness.process import TIMEOUT_SECONDS

TOKEN = b"soak-token-of-everybody"
SLOW = ["send_buffer_bytes=8KiB", "write_stall=1s", "queue.max_frames=64", "partial_frame=1s"]


class LinePeer:
    """A client that reads lines."""

    def __init__(self, connection):
        self.socket = connection
        self.socket.setblocking(False)
        self._rest = b""

    def payloads(self):
        """Those that have arrived."""
        self._receive()
        *lines, self._rest = self._rest.split(b"\n")
        return lines

    def _receive(self):
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            while data := self.socket.recv(1 << 16):
                self._rest += data
            raise AssertionError(f"{type(self).__name__} was closed")


class EnvelopePeer(LinePeer):
    """A client that reads messages of frame.proto, and answers pings."""

    def payloads(self):
        self._receive()
        found = []
        while len(self._rest) >= 4:
            end = 4 + struct.unpack(">I", self._rest[:4])[0]
            if len(self._rest) < end:
                break
            frame = frame_pb2.ServerFrame.FromString(self._rest[4:end])
            self._rest = self._rest[end:]
            match frame.WhichOneof("kind"):
                case "payload":
                    found.append(frame.payload)
                case "ping":
                    self.socket.sendall(envelope(pong=frame_pb2.Pong(id=frame.ping.id)))
                case "gap" | "goaway" as kind:
                    raise AssertionError(f"a client that reads was sent a {kind}")
        return found


class Kind:
    """A listener, and how somebody becomes a client of it."""

    peer = LinePeer

    def __init__(self, name, *options):
        self.name = name
        self.options = [f"name={name}", "processor=echo", *options]

    def connect(self, address, token=TOKEN, receive_buffer_bytes=0):
        """A socket for whoever is let in with this token."""
        client = socket.socket()
        if receive_buffer_bytes:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        client.settimeout(TIMEOUT_SECONDS)
        try:
            client.connect(host_port(address))
            client = self.wrap(client)
            client.sendall(self.greeting(token))
        except BaseException:
            client.close()
            raise
        return client

    def wrap(self, client):
        return client

    def greeting(self, token):
        return b""


class Secure(Kind):
    """With TLS."""

    def __init__(self, name, folder, *options):
        certificates = Certificates(folder)
        cert, key = certificates.issue("server", "/CN=server")
        self._trust = ssl.create_default_context(cafile=certificates.authority)
        super().__init__(name, f"tls.cert_file={cert}", f"tls.key_file={key}", *options)

    def wrap(self, client):
        return self._trust.wrap_socket(client, server_hostname="localhost")


def with_tokens(folder):
    path = os.path.join(folder, "tokens")
    with open(path, "wb") as file:
        file.write(b"soak " + TOKEN + b"\n")
    return ["auth.method=token", f"auth.tokens_file={path}"]


class Known(Kind):
    """With a token."""

    def __init__(self, name, folder):
        super().__init__(name, *with_tokens(folder))

    def greeting(self, token):
        return token + b"\n"


class Device(Secure):
    """With TLS, a token and the envelope."""

    peer = EnvelopePeer

    def __init__(self, name, folder):
        super().__init__(name, folder, *with_tokens(folder), "framing=length", "codec=envelope",
                         "ping_interval=200ms")

    def greeting(self, token):
        return envelope(hello=frame_pb2.ClientHello(token=token.decode()))
