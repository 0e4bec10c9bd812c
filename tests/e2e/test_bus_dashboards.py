"""What dashboards and alerts say of the bus, against a real Prometheus, real nodes and a real Redis
that fails and comes back."""

import re
import unittest

from harness.control import Control
from harness.dashboards import queries, without_data
from harness.ops import metrics
from harness.process import SOURCE, Crier, wait_until
from harness.prometheus import Prometheus
from harness.redis import Redis
from harness.trouble import Loop

SECONDS = 15  # the range of time that is looked at
# What the failure must really have caused, or panels full of zeros would do.
TROUBLE = (
    'crier_bus_connects_total{instance="one"} > 1',
    'sum(crier_bus_connection_losses_total{instance="one", reason=~"closed|connect"}) > 0',
    'crier_bus_messages_published_total{instance="one", outcome="confirmed"} > 0',
    'crier_bus_messages_published_total{instance="one", outcome="down"} > 0',
    'crier_bus_broadcasts_received_total{instance="two"} > 0',
    'crier_bus_gap_messages_total{instance="two"} > 0',
    'crier_cluster_requests_total{instance="one", result="answered"} > 0',
    'crier_bus_backlog_limit_bytes{instance="one"} == 16777216',
    'crier_bus_echo_seconds_count{instance="one"} > 0',
)


class Broadcasts(Loop):
    """Pushes through one node, and lists the clients of all."""

    def __init__(self, crier):
        super().__init__()
        self._control = Control(crier)

    def work(self):
        self._control.broadcast(b"to all")
        self._control.list()

    def close(self):
        self._control.channel.close()


def both(value):
    """A query: are both nodes on the bus and find each other (1), or neither (0)?"""
    return f'count(crier_bus_up == {value}) == 2 and ' \
           f'count(crier_cluster_nodes{{state="reachable"}} == {value}) == 2'


class WithBus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        redis = cls.enterClassContext(Redis())
        bus = [word for key in (f"bus.url={redis.url}", "bus.probe_interval=100ms",
                                "bus.probe_timeout=1s") for word in ("--set", key)]
        nodes = {name: cls.enterClassContext(Crier(*bus, "--set", f"node.name={name}"))
                 for name in ("one", "two")}
        cls.one = nodes["one"]
        cls.prometheus = cls.enterClassContext(
            Prometheus({name: crier.ops for name, crier in nodes.items()}))
        cls.wait_for(both(1))
        cls.enterClassContext(Broadcasts(nodes["one"]))
        cls.wait_for('crier_bus_broadcasts_received_total{instance="two"} > 0')
        redis.kill()
        cls.wait_for(both(0))
        redis.start()
        cls.wait_for(both(1))
        for trouble in TROUBLE:
            cls.wait_for(trouble)

    @classmethod
    def wait_for(cls, query):
        wait_until(lambda: cls.prometheus.value(query), query)

    def test_documentation_names_every_metric_there_is(self):
        with open(f"{SOURCE}/docs/metrics.md", encoding="utf-8") as file:
            documented = set(re.findall(r"^\| `(\w+)` \|", file.read(), re.MULTILINE))
        self.assertEqual(metrics(self.one).families(), documented)

    def test_every_query_about_the_bus_returns_data(self):
        wanted = dict(queries(bus=True))
        self.assertGreater(len(wanted), 20)
        self.assertEqual(without_data(self.prometheus, wanted, SECONDS), {})

    def test_alerts_see_what_was_missed_and_that_the_nodes_are_together_again(self):
        rules = {rule["name"]: rule["query"] for rule in self.prometheus.rules()}
        self.assertGreater(self.prometheus.value(rules["CrierBusGaps"]), 0)
        for name in ("CrierBusDown", "CrierNodesDisagree", "CrierBusBacklogNearLimit"):
            self.assertIsNone(self.prometheus.value(rules[name]), name)


if __name__ == "__main__":
    unittest.main()
