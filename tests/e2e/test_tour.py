"""The five-minute tour of a newcomer, word by word."""

import json
import re
import signal
import subprocess
import unittest

from harness.client import host_port
from harness.ops import metrics, wait_for_metrics
from harness.process import TIMEOUT_SECONDS, Crier, crierctl


class Netcat:
    """One `nc` as a person would run it."""

    def __init__(self, address):
        host, port = host_port(address)
        self.process = subprocess.Popen(["nc", host, str(port)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)

    def type(self, line):
        self.process.stdin.write(line + "\n")

    def shows(self):
        return self.process.stdout.readline().rstrip("\n")

    def end(self):
        self.process.stdin.close()
        self.process.wait(TIMEOUT_SECONDS)
        self.process.stdout.close()


class Tour(unittest.TestCase):
    def setUp(self):
        self.crier = self.enterContext(Crier())
        self.clients = [Netcat(self.crier.data()) for _ in range(3)]
        for client in self.clients:
            self.addCleanup(client.end)

    def say_something(self):
        """Each line comes back to the one who typed it, which also proves that it is connected."""
        for number, client in enumerate(self.clients):
            client.type(f"line of {number}")
            self.assertEqual(client.shows(), f"line of {number}")

    def broadcast_hello(self):
        done = crierctl(self.crier, "broadcast", "hello")
        self.assertEqual((done.returncode, done.stdout.strip()), (0, "matched 3, queued 3"))
        self.assertEqual([client.shows() for client in self.clients], ["hello"] * 3)

    def test_tour(self):
        self.say_something()
        self.broadcast_hello()
        listed = self.list_clients()
        self.disconnect(listed[0]["client_id"])
        self.look_at_the_metrics()
        self.crier.signal(signal.SIGINT)
        self.assertEqual(self.crier.exit_code(), 0)
        self.assertEqual(self.crier.stderr, "")

    def list_clients(self):
        table = crierctl(self.crier, "list")
        self.assertEqual(table.returncode, 0, table.stderr)
        listed = self.list_as_json()
        self.assertEqual(len(listed), 3)
        for client in listed:
            self.assertRegex(client["client_id"], r"^[a-z2-7]{26}$")
            self.assertIn(client["client_id"], table.stdout)
            self.assertIn(client["remote_address"], table.stdout)
            self.assertEqual(int(client["received"]["frames"]), 1)
            self.assertEqual(int(client["sent"]["frames"]), 2)
        self.assertEqual(len({client["remote_address"] for client in listed}), 3)
        return listed

    def list_as_json(self):
        listed = crierctl(self.crier, "list", "--json")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        return [json.loads(line) for line in listed.stdout.splitlines()]

    def disconnect(self, client_id):
        done = crierctl(self.crier, "disconnect", client_id)
        self.assertEqual(done.returncode, 0, done.stderr)
        wait_for_metrics(self.crier, lambda found: found.sum("crier_connections") == 2)
        left = {client["client_id"] for client in self.list_as_json()}
        self.assertEqual(len(left), 2)
        self.assertNotIn(client_id, left)

    def look_at_the_metrics(self):
        found = metrics(self.crier)
        self.assertEqual(found.sum("crier_connections", listener="default"), 2)
        self.assertEqual(found.sum("crier_connections_accepted_total"), 3)
        self.assertEqual(found.sum("crier_connections_closed_total"), 1)
        self.assertEqual(found.sum("crier_connections_closed_total", reason="disconnected"), 1)
        self.assertEqual(found.sum("crier_messages_offered_total", source="rpc"), 3)
        self.assertEqual(found.sum("crier_messages_offered_total", source="reply"), 3)
        self.assertEqual(found.sum("crier_messages_received_total"), 3)
        self.assertEqual(found.sum("crier_messages_sent_total"), 6)
        self.assertEqual(found.sum("crier_broadcast_targets_count"), 1)
        self.assertEqual(found.sum("crier_rpc_finished_total", method="Broadcast", code="OK"), 1)
        self.assertEqual(found.imbalance(), 0)


class FirstLook(unittest.TestCase):
    def test_says_where_it_listens(self):
        with Crier() as crier:
            planes = [line["plane"] for line in crier.lines if line["message"] == "listening"]
            self.assertEqual(planes, ["data", "control", "ops"])
            for address in (crier.data(), crier.control, crier.ops):
                self.assertTrue(re.fullmatch(r"127\.0\.0\.1:[1-9][0-9]*", address), address)


if __name__ == "__main__":
    unittest.main()
