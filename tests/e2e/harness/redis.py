"""A real Redis on loopback."""

import contextlib
import shutil
import socket
import subprocess
import tempfile

from .process import TIMEOUT_SECONDS, wait_until


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class Redis:
    """Runs redis-server, which keeps nothing on disk, until the end of a with block.

    arguments: further ones of redis-server.
    """

    ATTEMPTS = 10  # another program may take the port meanwhile

    def __init__(self, *arguments):
        self._arguments = arguments

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        for _ in range(self.ATTEMPTS):
            self._port = free_port()
            with contextlib.suppress(ChildProcessError):
                self.start()
                return self
        self._folder.cleanup()
        raise AssertionError("redis-server does not start")

    def __exit__(self, *_):
        self.kill()
        self._folder.cleanup()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self._port}"

    def start(self):
        """Also after kill(), at the same port."""
        self._process = subprocess.Popen(
            [shutil.which("redis-server"), "--port", str(self._port), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no", "--dir", self._folder.name, *self._arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers_or_death, "Redis answers")

    def kill(self):
        """As a machine that fails."""
        self._process.kill()
        self._process.wait(TIMEOUT_SECONDS)

    def _answers_or_death(self):
        if self._process.poll() is not None:
            raise ChildProcessError("redis-server ended")
        with contextlib.suppress(OSError), \
                socket.create_connection(("127.0.0.1", self._port), TIMEOUT_SECONDS) as client:
            client.sendall(b"PING\r\n")
            return client.recv(5) in (b"+PONG", b"-NOAU")
        return False
