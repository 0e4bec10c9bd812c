"""Dashboards and alert rules against a real Prometheus and real nodes in real trouble."""

import resource
import socket
import unittest

from harness.client import host_port
from harness.dashboards import BOARDS, fill, load, panels, queries, without_data
from harness.ops import metrics, wait_for_metrics
from harness.process import Crier, wait_until
from harness.prometheus import Prometheus
from harness.trouble import troubled_nodes

SECONDS = 15  # the range of time that is looked at
# What the load must really have caused, or panels full of zeros would do.
TROUBLE = (
    'rate(crier_messages_dropped_total{instance="slow", reason="queue_full"}[5s]) > 0',
    'crier_connections_closed_total{instance="slow", reason="write_stall"} > 0',
    'crier_messages_discarded_total{instance="slow", reason="write_stall"} > 0',
    'crier_connections_rejected_total{instance="slow", reason="max_connections"} > 0',
    'crier_connections_slow{instance="slow"} > 0',
    'crier_draining{instance="leaving"} == 1',
    'crier_drain_remaining_connections{instance="leaving"} > 0',
    'crier_rpc_finished_total{code="NOT_FOUND"} > 0',
    'rate(crier_messages_sent_total{instance="well"}[5s]) > 0',
)


class UnderTrouble(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        nodes, drain = cls.enterClassContext(troubled_nodes())
        cls.prometheus = cls.enterClassContext(
            Prometheus({name: crier.ops for name, crier in nodes.items()}))
        wait_until(lambda: cls.prometheus.value(
            'min(count_over_time(crier_build_info[1m])) >= 6'), "six scrapes of every node")
        drain()
        for trouble in TROUBLE:
            wait_until(lambda wanted=trouble: cls.prometheus.value(wanted), trouble)

    def test_every_query_of_every_panel_returns_data(self):
        wanted = dict(queries())
        self.assertGreater(len(wanted), 80)
        self.assertEqual(without_data(self.prometheus, wanted, SECONDS), {})

    def test_nodes_without_a_bus_say_nothing_of_it(self):
        about_bus = dict(queries(bus=True))
        self.assertGreater(len(about_bus), 20)
        for place, query in about_bus.items():
            self.assertIn("crier_", query)
            self.assertEqual(self.prometheus.series(fill(query), SECONDS), [], place)

    def test_a_dashboard_of_one_node_shows_that_node_alone(self):
        for _, panel in panels(load("node")):
            for target in panel["targets"]:
                one = self.prometheus.series(fill(target["expr"], instance="nobody"), SECONDS)
                self.assertEqual(one, [], panel["title"])

    def test_every_rule_can_be_evaluated(self):
        wait_until(lambda: all(rule["health"] != "unknown" for rule in self.prometheus.rules()),
                   "every rule was evaluated")
        for rule in self.prometheus.rules():
            self.assertEqual(rule["health"], "ok", rule)

    def test_the_annotation_of_drains_finds_them(self):
        for name in BOARDS:
            for annotation in load(name)["annotations"]["list"]:
                self.assertTrue(self.prometheus.series(
                    fill(annotation["expr"]).replace("[5s]", "[5m]"), SECONDS), name)

    def test_the_law_of_conservation_holds_in_what_prometheus_has_stored(self):
        rule, = (rule for rule in self.prometheus.rules()
                 if rule["name"] == "CrierConservationBroken")
        self.assertIsNone(self.prometheus.value(rule["query"]))


class Series(unittest.TestCase):
    MANY = 10_000

    def test_their_number_is_the_same_at_ten_clients_and_at_ten_thousand(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.assertGreater(hard, self.MANY + 500, "this machine's limit of open files is too low")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with Crier() as crier:
            clients = []
            self.addCleanup(lambda: [client.close() for client in clients])
            found = []
            for count in (10, self.MANY):
                while len(clients) < count:
                    clients.append(socket.create_connection(host_port(crier.data())))
                wait_for_metrics(crier, lambda now, count=count:
                                 now.sum("crier_connections") == count)
                found.append(metrics(crier).keys())
        self.assertEqual(found[0], found[1])


if __name__ == "__main__":
    unittest.main()
