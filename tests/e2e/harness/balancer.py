"""A TCP load balancer and the clients behind it, on an event loop of their own."""

import asyncio
import collections
import contextlib
import itertools
import random
import threading
import time

from .client import host_port
from .process import TIMEOUT_SECONDS


class Loop:
    """An event loop on a thread, until the end of a with block."""

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._tasks = set()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.call(self._cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT_SECONDS)
        self._loop.close()

    async def _cancel_all(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _ in range(3):  # what was closed takes turns of the loop to be gone
            await asyncio.sleep(0)

    def call(self, coroutine):
        """Runs it on the loop and waits for its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(TIMEOUT_SECONDS)

    def start(self, coroutine):
        """Runs it on the loop without waiting."""
        self._tasks.add(asyncio.run_coroutine_threadsafe(coroutine, self._loop))


class Balancer:
    """Hands each connection to the next of its nodes, as a Service does to its ready endpoints."""

    def __init__(self, loop):
        self._loop = loop
        self._nodes = {}
        self._turn = itertools.count()
        self._server = loop.call(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024))
        self.address = "%s:%d" % self._server.sockets[0].getsockname()

    def close(self):
        self._loop.call(self._stop())

    async def _stop(self):
        self._server.close()

    def add(self, name, address):
        self._nodes[name] = host_port(address)

    def remove(self, name):
        del self._nodes[name]

    async def _serve(self, reader, writer):
        nodes = list(self._nodes.values())
        try:
            upstream = await asyncio.open_connection(*nodes[next(self._turn) % len(nodes)])
        except OSError:
            writer.close()
            return
        try:
            await asyncio.gather(self._pump(reader, upstream[1]), self._pump(upstream[0], writer))
        finally:
            for each in (writer, upstream[1]):
                each.close()

    async def _pump(self, reader, writer):
        """Passes bytes on, and then the end of them."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.write_eof()


class Clients:
    """Clients that connect again, after a moment at random, whenever they are closed."""

    def __init__(self, loop, address, size):
        self._loop = loop
        self._host, self._port = host_port(address)
        self.connected = 0
        self.received = collections.Counter()  # lines, over all clients
        self.disorder = []
        self.closed_at = []  # on the monotonic clock
        for _ in range(size):
            loop.start(self._live())

    async def _live(self):
        while True:
            with contextlib.suppress(ConnectionError):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                try:
                    writer.write(b"hello\n")
                    await self._listen(reader)
                finally:
                    writer.close()
            await asyncio.sleep(random.uniform(0, 0.2))

    async def _listen(self, reader):
        greeted = False  # the node's echo says that this is a client now
        last = -1
        while line := await reader.readline():
            if line == b"hello\n":
                greeted = True
                self.connected += 1
                continue
            self.received[line] += 1
            number = int(line.split()[1])
            if number <= last:
                self.disorder.append((last, line))
            last = number
        if greeted:
            self.connected -= 1
            self.closed_at.append(time.monotonic())
