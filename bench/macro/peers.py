"""Servers from Debian's packages, each with a configuration that lets a burst through: nothing is
written to disk, TCP_NODELAY is on, and the bound on what waits for one client is the session's."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from child import Process, end
from servers import Server

START_SECONDS = 20
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Peer(Process, Server):
    """A server of its own kind, started with a configuration file in a temporary folder."""

    acknowledges = True
    addresses_group = True
    can_echo = False

    def __init__(self, _programs, setup):
        self._folder = tempfile.TemporaryDirectory()
        os.chmod(self._folder.name, 0o755)  # a server may change to a user of its own
        port = free_port()
        path = os.path.join(self._folder.name, "server.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.CONFIG.format(port=port, queue_bytes=setup.queue_bytes))
        self._process = subprocess.Popen(
            (self.program(), *self.arguments(path)), cwd=self._folder.name,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.data = self.control = f"127.0.0.1:{port}"
        try:
            self._await_listening(port)
        except BaseException:
            self.stop()
            raise

    def _await_listening(self, port):
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.01)
        raise RuntimeError(f"{self.name} does not listen; it ended with {self._process.poll()}")

    def stop(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        end(self._process)
        self._folder.cleanup()

    @classmethod
    def program(cls):
        return shutil.which(cls.PROGRAM, path=PATH)

    @classmethod
    def is_there(cls, _programs):
        return cls.program() is not None

    @classmethod
    def configuration(cls):
        return cls.CONFIG.format(port="PORT", queue_bytes="BOUND")

    @classmethod
    def version_command(cls, _programs):
        return (cls.program(), "--version")


class Nats(Peer):
    """nats-server with its default of 10 s until a client that takes nothing is closed; TCP_NODELAY is
    Go's default."""

    name = "nats"
    kind = "nats"
    protocol = "nats"
    PROGRAM = "nats-server"
    CONFIG = """\
listen: "127.0.0.1:{port}"
max_connections: 65536
max_pending: {queue_bytes}
"""

    @staticmethod
    def arguments(path):
        return ("--config", path)


class Redis(Peer):
    """redis-server, Pub/Sub; TCP_NODELAY is its default for clients."""

    name = "redis"
    kind = "redis"
    protocol = "redis"
    PROGRAM = "redis-server"
    CONFIG = """\
bind 127.0.0.1
port {port}
protected-mode no
tcp-backlog 4096
maxclients 19900
save ""
appendonly no
client-output-buffer-limit pubsub {queue_bytes} 0 0
"""

    @staticmethod
    def arguments(path):
        return (path,)


class Mosquitto(Peer):
    """mosquitto, MQTT 3.1.1 with QoS 0. It has no bound in bytes that holds for QoS 0, and a bound in
    messages would drop from a burst: so there is none."""

    name = "mosquitto"
    kind = "mqtt"
    protocol = "mqtt"
    PROGRAM = "mosquitto"
    CONFIG = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence false
set_tcp_nodelay true
max_queued_messages 0
sys_interval 0
log_dest none
"""

    @staticmethod
    def arguments(path):
        return ("-c", path)

    @classmethod
    def version_command(cls, _programs):
        return ("/usr/bin/dpkg-query", "-W", "-f", "mosquitto ${Version}", "mosquitto")
