"""Nodes under load: one that is well, one whose clients do not read, one that drains."""

import contextlib
import os
import selectors
import signal
import socket
import ssl
import struct
import tempfile
import threading

import grpc
from crier.v1 import frame_pb2

from .certificates import Certificates
from .client import host_port
from .control import Control
from .envelope import envelope
from .process import TIMEOUT_SECONDS, Crier

# Kernel buffers that are full at once, and limits that are met.
SLOW = ["listeners[0].send_buffer_bytes=8KiB", "listeners[0].write_stall=1s",
        "listeners[0].queue.max_frames=64", "listeners[0].max_connections=24"]


class Loop(threading.Thread):
    """Does its work again and again, with a pause, until the end of a with block."""

    PAUSE_SECONDS = 0.02

    def __init__(self):
        super().__init__()
        self._ended = threading.Event()
        self.error = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self.join(TIMEOUT_SECONDS)
        self.close()
        if self.error:
            raise AssertionError("the load ended early") from self.error

    def run(self):
        try:
            while not self._ended.wait(self.PAUSE_SECONDS):
                self.work()
        except Exception as error:  # told to the one who waits for the load
            self.error = error

    def work(self):
        raise NotImplementedError

    def close(self):
        """After the last work."""


class Readers(Loop):
    """Clients that read whatever comes, and say something now and then."""

    PAUSE_SECONDS = 0.005

    def __init__(self, address, size):
        super().__init__()
        self._selector = selectors.DefaultSelector()
        self._rounds = 0
        for _ in range(size):
            client = socket.create_connection(host_port(address), TIMEOUT_SECONDS)
            client.setblocking(False)
            self._selector.register(client, selectors.EVENT_READ)

    def work(self):
        self._rounds += 1
        if self._rounds % 50 == 0:
            for key in list(self._selector.get_map().values())[:5]:
                with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
                    key.fileobj.send(b"hello\n")
        for key, _ in self._selector.select(0):
            try:
                data = key.fileobj.recv(1 << 20)
            except ConnectionResetError:
                data = b""
            if not data:
                self._selector.unregister(key.fileobj)
                key.fileobj.close()

    def close(self):
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()


def connect_silent(address):
    """For whoever will not read: the kernel keeps little for it."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(TIMEOUT_SECONDS)
    client.connect(host_port(address))
    return client


class Silent(Loop):
    """Clients that connect and never read; crier closes them, and others come."""

    PAUSE_SECONDS = 0.2
    ROUNDS_KEPT = 10

    def __init__(self, address, a_round):
        super().__init__()
        self._address = address
        self._a_round = a_round
        self._rounds = []

    def work(self):
        self._rounds.append([self._connect() for _ in range(self._a_round)])
        if len(self._rounds) > self.ROUNDS_KEPT:
            self._close(self._rounds.pop(0))

    def _connect(self):
        return connect_silent(self._address)

    def _close(self, clients):
        for client in clients:
            client.close()

    def close(self):
        for clients in self._rounds:
            self._close(clients)


class Caller(Loop):
    """Broadcasts, and uses every other call too, some of them wrongly."""

    def __init__(self, crier, payload_bytes, burst=1, until_it_ends=False):
        super().__init__()
        self._until_it_ends = until_it_ends
        self._control = Control(crier)
        self._payload = os.urandom(payload_bytes).replace(b"\n", b" ")
        self._burst = burst

    def work(self):
        try:
            self._call()
        except grpc.RpcError as error:
            if not self._until_it_ends or error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            self._ended.set()

    def _call(self):
        for _ in range(self._burst):
            self._control.broadcast(self._payload)
        clients = self._control.list()
        if clients:
            with contextlib.suppress(grpc.RpcError):  # it may have left meanwhile
                self._control.get(clients[0].client_id)
        with contextlib.suppress(grpc.RpcError):
            self._control.broadcast(b"nobody", listener="unknown")

    def close(self):
        self._control.channel.close()


class Device(Loop):
    """A client with TLS and envelope that answers pings, and likes nothing better."""

    PAUSE_SECONDS = 0  # it waits for the next frame anyway

    def __init__(self, address, authority):
        super().__init__()
        plain = socket.create_connection(host_port(address), TIMEOUT_SECONDS)
        trust = ssl.create_default_context(cafile=authority)
        self._socket = trust.wrap_socket(plain, server_hostname="localhost")
        self._stream = self._socket.makefile("rwb")
        self._send(hello=frame_pb2.ClientHello())

    def _send(self, **kind):
        self._stream.write(envelope(**kind))
        self._stream.flush()

    def work(self):
        size, = struct.unpack(">I", self._stream.read(4))
        frame = frame_pb2.ServerFrame.FromString(self._stream.read(size))
        if frame.HasField("ping"):
            self._send(pong=frame_pb2.Pong(id=frame.ping.id))

    def close(self):
        self._stream.close()
        self._socket.close()


@contextlib.contextmanager
def devices(*arguments, **more):
    """A node whose second listener is for a device, which is there."""
    with contextlib.ExitStack() as stack:
        certificates = Certificates(stack.enter_context(tempfile.TemporaryDirectory()))
        cert, key = certificates.issue("server", "/CN=server")
        # It shares its process with all other load, so it may be slow to answer and to read.
        keys = {"name": "devices", "framing": "length", "codec": "envelope", "ping_interval": "100ms",
                "pong_timeout": "60s", "write_stall": "60s",
                "tls.cert_file": cert, "tls.key_file": key}
        crier = stack.enter_context(Crier(
            *(word for key, value in keys.items() for word in ("--set", f"listeners[1].{key}={value}")),
            *arguments, listeners=2, **more))
        stack.enter_context(Device(crier.data("devices"), certificates.authority))
        yield crier


@contextlib.contextmanager
def troubled_nodes(spread="24h"):
    """Three nodes under load, by name; drain() sends the third its SIGTERM."""
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        well = enter(devices())
        slow = enter(Crier(*(word for key in SLOW for word in ("--set", key))))
        leaving = enter(Crier("--set", f"drain.spread={spread}"))
        for crier, readers in ((well, 60), (slow, 3), (leaving, 30)):
            enter(Readers(crier.data(), readers))
        enter(Silent(slow.data(), 4))
        enter(Caller(well, 200, burst=5))
        enter(Caller(slow, 16_000, burst=3))
        enter(Caller(leaving, 200, until_it_ends=True))
        yield {"well": well, "slow": slow, "leaving": leaving}, \
            lambda: leaving.signal(signal.SIGTERM)
