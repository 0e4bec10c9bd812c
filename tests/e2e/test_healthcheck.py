"""crier healthcheck, as a container engine runs it beside the crier that it asks."""

import signal
import socket
import unittest

from harness.client import Client
from harness.process import Crier, run_crier

ALIVE = ["healthcheck"]
READY = ["healthcheck", "--ready"]


class Healthcheck(unittest.TestCase):
    def ask(self, arguments, address):
        done = run_crier(*arguments, "--set", f"ops.address={address}")
        return done.returncode, done.stdout, done.stderr

    def test_a_running_crier_is_alive_and_ready(self):
        with Crier() as crier:
            self.assertEqual(self.ask(ALIVE, crier.ops), (0, "ok\n", ""))
            self.assertEqual(self.ask(READY, crier.ops), (0, "ok\n", ""))

    def test_an_address_of_all_interfaces_is_reached_through_loopback(self):
        with Crier() as crier:
            port = crier.ops.rsplit(":", 1)[1]
            self.assertEqual(self.ask(ALIVE, f"0.0.0.0:{port}"), (0, "ok\n", ""))

    def test_a_draining_crier_is_alive_but_not_ready(self):
        with Crier("--set", "drain.spread=24h") as crier, Client(crier.data()) as client:
            client.send(b"hello\n")
            self.assertEqual(client.read_line(), b"hello")
            crier.signal(signal.SIGTERM)
            crier.wait_for_log("draining")
            self.assertEqual(self.ask(ALIVE, crier.ops), (0, "ok\n", ""))
            self.assertEqual(self.ask(READY, crier.ops), (1, "", "draining\n"))

    def test_where_nobody_listens_it_says_so(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # ours, and nobody can connect to it
            address = "127.0.0.1:%d" % unused.getsockname()[1]
            self.assertEqual(self.ask(ALIVE, address),
                             (1, "", f"no answer from {address}: Connection refused\n"))

    def test_a_crier_that_never_answers_is_not_alive(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = "127.0.0.1:%d" % silent.getsockname()[1]
            code, out, error = self.ask(ALIVE, address)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(f"no answer from {address}: ", error)
            self.assertEqual(error.count("\n"), 1)

    def test_a_configuration_that_crier_refuses_is_refused(self):
        done = run_crier(*ALIVE, "--set", "ops.adress=127.0.0.1:1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("ops.adress", done.stderr)


if __name__ == "__main__":
    unittest.main()
