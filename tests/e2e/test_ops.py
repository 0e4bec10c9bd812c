"""The ops endpoint of a running crier."""

import re
import shutil
import subprocess
import unittest

from harness.client import Client
from harness.control import Control
from harness.ops import Metrics, get, metrics, wait_for_metrics
from harness.process import SOURCE, Crier


class OpsEndpoint(unittest.TestCase):
    def setUp(self):
        self.crier = self.enterContext(Crier())

    def connect(self, count):
        clients = [self.enterContext(Client(self.crier.data())) for _ in range(count)]
        for client in clients:
            client.send(b"hello\n")
            self.assertEqual(client.read_line(), b"hello")
        return clients

    def test_documentation_names_every_metric_of_a_node_without_a_bus(self):
        with open(f"{SOURCE}/docs/metrics.md", encoding="utf-8") as file:
            documented = set(re.findall(r"^\| `(\w+)` \|", file.read(), re.MULTILINE))
        about_bus = {name for name in documented if name.startswith(("crier_bus_", "crier_cluster_"))}
        self.assertTrue(about_bus)
        self.assertEqual(metrics(self.crier).families(), documented - about_bus)

    def test_promtool_finds_nothing_to_say(self):
        done = subprocess.run([shutil.which("promtool"), "check", "metrics"],
                              input=metrics(self.crier).text, capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_series_do_not_depend_on_clients(self):
        idle = metrics(self.crier)
        self.connect(20)
        with Control(self.crier) as control:
            self.assertEqual(control.broadcast(b"to all").queued, 20)
        busy = wait_for_metrics(self.crier,
                                lambda found: found.sum("crier_messages_sent_total") == 40)
        self.assertEqual(idle.keys(), busy.keys())

    def test_the_law_of_conservation_holds_in_every_scrape(self):
        clients = self.connect(10)
        with Control(self.crier) as control:
            # Connects, so that the calls below do not come after the last client has left.
            self.assertEqual(control.broadcast(b"first").queued, 10)
            calls = [control.stub.Broadcast.future(request(number)) for number in range(500)]
            scrapes = []
            while not all(call.done() for call in calls):
                scrapes.append(metrics(self.crier))
                if clients and len(scrapes) % 3 == 0:
                    clients.pop().close()
            scrapes.append(metrics(self.crier))
        self.assertEqual([found.imbalance() for found in scrapes], [0] * len(scrapes))
        self.assertGreater(scrapes[-1].sum("crier_messages_offered_total", source="rpc"), 0)

    def test_paths(self):
        self.assertEqual(get(self.crier, "/livez"), (200, "ok\n"))
        self.assertEqual(get(self.crier, "/readyz"), (200, "ok\n"))
        self.assertEqual(get(self.crier, "/")[0], 404)


def request(number):
    from crier.v1 import control_pb2
    return control_pb2.BroadcastRequest(payload=b"message %d" % number)


class Parsing(unittest.TestCase):
    """The harness itself: a law that is checked by a broken reader proves nothing."""

    def test_an_imbalance_is_seen(self):
        found = Metrics('crier_messages_offered_total{source="rpc"} 5\n'
                        'crier_messages_sent_total 3\n'
                        'crier_messages_dropped_total{reason="closing"} 1\n')
        self.assertEqual(found.imbalance(), 1)


if __name__ == "__main__":
    unittest.main()
