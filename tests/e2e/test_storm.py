"""The control API and the ops endpoint while clients come faster than crier has room for them."""

import contextlib
import selectors
import socket
import unittest

from harness.client import Client, host_port
from harness.control import Control
from harness.ops import get, metrics, wait_for_metrics
from harness.process import TIMEOUT_SECONDS, Crier
from harness.trouble import Loop

FILES = 400  # what crier may have open
ROOM = FILES - 256  # clients: the rest is its reserve
ROUND = 300  # clients that come at once

# Stays beside crier, as the harness wants it of a wrapper.
WITH_FEW_FILES = ("sh", "-c", f'ulimit -n {FILES} && "$@"; exit $?', "sh")


class Storm(Loop):
    """Round after round: more clients than there is room for, until those too many are turned away."""

    PAUSE_SECONDS = 0

    def __init__(self, address):
        super().__init__()
        self._address = host_port(address)
        self.rounds = 0

    def work(self):
        with contextlib.ExitStack() as stack:
            waiting = stack.enter_context(selectors.DefaultSelector())
            for _ in range(ROUND):
                client = stack.enter_context(socket.socket())
                client.setblocking(False)
                client.connect_ex(self._address)
                waiting.register(client, selectors.EVENT_READ)
            turned_away = 0
            while turned_away < ROUND - ROOM:
                ready = waiting.select(TIMEOUT_SECONDS)
                if not ready:
                    raise AssertionError(f"only {turned_away} were turned away")
                for key, _ in ready:
                    if self._has_ended(key.fileobj):
                        turned_away += 1
                        waiting.unregister(key.fileobj)
        self.rounds += 1

    @staticmethod
    def _has_ended(client):
        try:
            return client.recv(1 << 16) == b""
        except BlockingIOError:
            return False
        except ConnectionError:
            return True


class ConnectStorm(unittest.TestCase):
    def setUp(self):
        self.crier = self.enterContext(
            Crier("--set", "listeners[0].processor=echo", wrapper=WITH_FEW_FILES))
        self.assertEqual(metrics(self.crier).sum("crier_connections_limit"), ROOM)

    def connect(self):
        client = self.enterContext(Client(self.crier.data()))
        client.send(b"here\n")
        self.assertEqual(client.read_line(), b"here")
        return client

    def test_holds_up_neither_the_control_api_nor_the_ops_endpoint(self):
        stays = self.connect()
        asked = 0
        with Storm(self.crier.data()) as storm, Control(self.crier) as control:
            while storm.is_alive() and (storm.rounds < 10 or asked < 50):
                asked += 1
                for path in ("/livez", "/readyz"):
                    self.assertEqual(get(self.crier, path)[0], 200)
                self.assertEqual(metrics(self.crier).imbalance(), 0)
                self.assertIn(stays.address, [client.remote_address for client in control.list()])
                line = b"round %d" % asked
                self.assertGreater(control.broadcast(line).queued, 0)
                self.assertEqual(stays.read_line(), line)
        after = wait_for_metrics(self.crier, lambda found: found.sum("crier_connections") == 1)
        self.assertGreaterEqual(after.sum("crier_connections_rejected_total"), 10 * (ROUND - ROOM))
        self.connect()


if __name__ == "__main__":
    unittest.main()
