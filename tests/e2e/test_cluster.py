"""Several criers that a real Redis joins, as an operator sees them."""

import json
import re
import signal
import tempfile
import unittest

from harness.client import Client
from harness.ops import get, metrics, wait_for_metrics
from harness.process import Crier, crierctl, wait_until
from harness.redis import Redis

NAMES = ("one", "two", "three")


def join(redis, name, *arguments):
    """A node of that Redis's cluster, not yet started. What is silent for 2 s is unreachable."""
    settings = (f"bus.url={redis.url}", f"node.name={name}", "bus.probe_interval=50ms",
                "bus.probe_timeout=2s", "drain.spread=0s", *arguments)
    return Crier(*(word for setting in settings for word in ("--set", setting)))


def nodes(crier):
    """What it says of each run of each node, by node_id."""
    lines = crierctl(crier, "nodes", "--json").stdout.splitlines()
    return {node["node_id"]: node for node in map(json.loads, lines)}


def own_id(crier):
    return next(key for key, node in nodes(crier).items() if node["self"])


def reachable(crier):
    return {key for key, node in nodes(crier).items() if node["reachable"]}


def wait_until_met(*criers):
    """All of them see each other, and no further node that answers."""
    ids = {own_id(crier) for crier in criers}
    wait_until(lambda: all(reachable(crier) == ids for crier in criers), "nodes that meet")


class Cluster(unittest.TestCase):
    def setUp(self):
        self.redis = self.enterContext(Redis())
        self.nodes = [self.enterContext(join(self.redis, name)) for name in NAMES]
        wait_until_met(*self.nodes)

    def connect(self, crier):
        """A client that crier knows of: the line it typed came back."""
        client = self.enterContext(Client(crier.data()))
        client.send(b"hello\n")
        self.assertEqual(client.read_line(), b"hello")
        return client

    def ctl(self, crier, *arguments, code=0):
        done = crierctl(crier, *arguments)
        self.assertEqual(done.returncode, code, (done.stdout, done.stderr))
        return done

    def listed(self, crier, *arguments, code=0):
        """Ids by the clients' addresses, and what was said beside them."""
        done = self.ctl(crier, "list", "--json", *arguments, code=code)
        clients = map(json.loads, done.stdout.splitlines())
        return {client["remote_address"]: client["client_id"] for client in clients}, done.stderr


class Whole(Cluster):
    def test_nodes_shows_all_of_them_whichever_is_asked(self):
        for crier, name in zip(self.nodes, NAMES):
            found = nodes(crier)
            self.assertCountEqual([node["name"] for node in found.values()], NAMES)
            self.assertEqual([node["name"] for node in found.values() if node["self"]], [name])
            self.assertTrue(all(node["bus_up"] for node in found.values()))
            self.assertEqual({node["control_address"] for node in found.values()},
                             {each.control for each in self.nodes})
            titles, *rows = self.ctl(crier, "nodes").stdout.splitlines()
            self.assertEqual(titles.split()[0], "ID")
            self.assertEqual(sorted(row.split()[-1] for row in rows),
                             ["called", "reachable", "reachable"])

    def test_every_node_lists_and_shows_the_clients_of_all(self):
        clients = [self.connect(crier) for crier in (*self.nodes, self.nodes[0])]
        ids, _ = self.listed(self.nodes[0])
        self.assertEqual(set(ids), {client.address for client in clients})
        for crier in self.nodes:
            self.assertEqual(self.listed(crier), (ids, ""))
            self.assertEqual(self.listed(crier, "--page-size", "1")[0], ids)
            for client in clients:
                text = self.ctl(crier, "get", ids[client.address]).stdout
                self.assertRegex(text, f"(?m)^address +{client.address}$")
        own, _ = self.listed(self.nodes[0], "--local")
        self.assertEqual(set(own), {clients[0].address, clients[3].address})

    def test_a_broadcast_through_any_node_reaches_the_clients_of_all(self):
        clients = [self.connect(crier) for crier in (*self.nodes, self.nodes[0])]
        for crier, name in zip(self.nodes, NAMES):
            text = self.ctl(crier, "broadcast", f"from {name}").stdout
            self.assertIn("published: confirmed by the bus; the counts are of node "
                          + own_id(crier), text)
            for client in clients:
                self.assertEqual(client.read_line(), f"from {name}".encode())

    def test_a_broadcast_that_waits_counts_every_node(self):
        clients = [self.connect(crier) for crier in (*self.nodes, self.nodes[0])]
        text = self.ctl(self.nodes[1], "broadcast", "--wait-for-nodes", "all").stdout
        self.assertTrue(text.startswith("matched 4, queued 4\n"), text)
        for crier, count in zip(self.nodes, (2, 1, 1)):
            self.assertIn(f"node {own_id(crier)}: matched {count}, queued {count}\n", text)
        for client in clients:
            self.assertEqual(client.read_line(), b"all")

    def test_named_clients_are_found_on_any_node_and_nobody_else_hears_of_it(self):
        clients = [self.connect(crier) for crier in self.nodes]
        ids, _ = self.listed(self.nodes[0])
        named = ",".join(ids[client.address] for client in clients[1:])
        self.ctl(self.nodes[0], "broadcast", "--only", named, "for two")
        self.ctl(self.nodes[0], "broadcast", "for all")
        self.assertEqual([client.read_line() for client in clients],
                         [b"for all", b"for two", b"for two"])

    def test_disconnect_closes_clients_of_any_node(self):
        clients = [self.connect(crier) for crier in self.nodes]
        ids, _ = self.listed(self.nodes[0])
        self.assertEqual(
            self.ctl(self.nodes[2], "disconnect", ids[clients[0].address], "nobody").stdout,
            "matched 1, disconnected 1, unknown: nobody\n")
        self.assertEqual(clients[0].read_to_end(), b"")
        clients[0].close()
        wait_for_metrics(self.nodes[0], lambda found: found.sum("crier_connections") == 0)
        self.assertEqual(self.ctl(self.nodes[0], "disconnect", "--all").stdout,
                         "matched 2, disconnected 2\n")
        for client in clients[1:]:
            self.assertEqual(client.read_to_end(), b"")

    def test_metrics_show_the_bus(self):
        self.connect(self.nodes[1])
        self.ctl(self.nodes[0], "broadcast", "counted")
        found = wait_for_metrics(
            self.nodes[1], lambda each: each.sum("crier_bus_broadcasts_received_total") == 1)
        self.assertEqual(found.sum("crier_bus_up"), 1)
        self.assertEqual(found.sum("crier_bus_connects_total"), 1)
        self.assertEqual(found.sum("crier_cluster_nodes", state="reachable"), 2)
        self.assertEqual(found.sum("crier_bus_gap_messages_total"), 0)
        self.assertEqual(found.imbalance(), 0)


class WithoutRedis(Cluster):
    def test_each_node_serves_its_own_clients_and_says_what_is_missing(self):
        clients = [self.connect(crier) for crier in self.nodes]
        others = [own_id(crier) for crier in self.nodes[1:]]
        self.redis.kill()
        for crier in self.nodes:
            wait_for_metrics(crier, lambda found: found.sum("crier_bus_up") == 0)
            self.assertEqual(get(crier, "/readyz")[0], 200)
        text = self.ctl(self.nodes[0], "broadcast", "to mine", code=3).stdout
        self.assertIn("matched 1, queued 1\n", text)
        self.assertIn("not published: no connection to the bus", text)
        self.assertEqual(clients[0].read_line(), b"to mine")
        listed, said = self.listed(self.nodes[0], code=3)
        self.assertEqual(set(listed), {clients[0].address})
        for other in others:
            self.assertIn(other, said)
        self.assertEqual(self.listed(self.nodes[0], "--local")[0], listed)
        self.ctl(self.nodes[0], "disconnect", "--all", "--validate-only", code=3)
        self.redis.start()
        wait_until_met(*self.nodes)
        self.ctl(self.nodes[0], "broadcast", "to all")
        for client in clients:
            self.assertEqual(client.read_line(), b"to all")
        for crier, gaps in zip(self.nodes, (0, 1, 1)):
            found = metrics(crier)
            self.assertEqual(found.sum("crier_bus_gap_messages_total"), gaps)
            self.assertEqual(found.sum("crier_bus_connects_total"), 2)


class Ends(Cluster):
    def test_a_killed_node_is_noticed_and_comes_back_as_another_run(self):
        clients = [self.connect(crier) for crier in self.nodes]
        killed = own_id(self.nodes[2])
        self.nodes[2].signal(signal.SIGKILL)
        self.nodes[2].exit_code()
        for crier in self.nodes[:2]:
            wait_for_metrics(
                crier, lambda found: found.sum("crier_cluster_nodes", state="unreachable") == 1)
            listed, said = self.listed(crier, code=3)
            self.assertEqual(set(listed), {client.address for client in clients[:2]})
            self.assertIn(killed, said)
            self.assertRegex(self.ctl(crier, "nodes").stdout,
                             f"(?m)^{re.escape(killed)} .*unreachable, heard .* ago$")
            text = self.ctl(crier, "broadcast", "--wait-for-nodes", "to the rest", code=3).stdout
            self.assertIn("matched 2, queued 2\n", text)
            self.assertIn(f"unreachable: {killed}", text)
            for client in clients[:2]:
                self.assertEqual(client.read_line(), b"to the rest")
        back = self.enterContext(join(self.redis, NAMES[2]))
        wait_until_met(*self.nodes[:2], back)
        self.assertNotEqual(own_id(back), killed)
        client = self.connect(back)
        self.assertEqual(set(self.listed(self.nodes[0], code=3)[0]),
                         {each.address for each in (*clients[:2], client)})
        self.ctl(self.nodes[0], "broadcast", "to all")
        for each in (*clients[:2], client):
            self.assertEqual(each.read_line(), b"to all")

    def test_a_drained_node_says_goodbye_and_is_gone_at_once(self):
        clients = [self.connect(crier) for crier in self.nodes]
        self.nodes[2].signal(signal.SIGTERM)
        self.assertEqual(clients[2].read_to_end(), b"")
        clients[2].close()
        self.assertEqual(self.nodes[2].exit_code(), 0)
        for crier in self.nodes[:2]:
            wait_for_metrics(
                crier, lambda found: found.sum("crier_cluster_nodes", state="reachable") == 1)
            self.assertEqual(len(nodes(crier)), 2)
            listed, said = self.listed(crier)
            self.assertEqual((set(listed), said), ({each.address for each in clients[:2]}, ""))
            text = self.ctl(crier, "broadcast", "--wait-for-nodes", "to the rest").stdout
            self.assertIn("matched 2, queued 2\n", text)
            self.assertNotIn("unreachable", text)


class Password(unittest.TestCase):
    def test_is_read_from_its_file_at_each_dial(self):
        redis = self.enterContext(Redis("--requirepass", "open sesame"))
        file = self.enterContext(tempfile.NamedTemporaryFile("w", encoding="utf-8"))
        file.write("wrong\n")
        file.flush()
        crier = self.enterContext(join(redis, "one", f"bus.password_file={file.name}"))
        found = wait_for_metrics(
            crier, lambda each: each.sum("crier_bus_connection_losses_total") > 1)
        self.assertEqual(found.sum("crier_bus_up"), 0)
        self.assertEqual(get(crier, "/readyz")[0], 200)
        file.seek(0)
        file.truncate()
        file.write("open sesame\n")
        file.flush()
        wait_for_metrics(crier, lambda each: each.sum("crier_bus_up") == 1)
        self.assertNotIn("sesame", str(crier.lines) + crier.stderr)


class Alone(unittest.TestCase):
    def test_a_node_without_a_bus_answers_for_itself(self):
        crier = self.enterContext(Crier())
        node, = nodes(crier).values()
        self.assertTrue(node["self"])
        self.assertFalse(node["bus_up"])
        titles, row = crierctl(crier, "nodes").stdout.splitlines()
        self.assertEqual(titles.split()[0], "ID")
        self.assertTrue(row.startswith(node["node_id"]) and row.endswith("called"), row)
        with Client(crier.data()) as client:
            client.send(b"hello\n")
            self.assertEqual(client.read_line(), b"hello")
            for arguments in ((), ("--wait-for-nodes",)):
                done = crierctl(crier, "broadcast", *arguments, "x")
                self.assertEqual((done.returncode, done.stdout), (0, "matched 1, queued 1\n"))
                self.assertEqual(client.read_line(), b"x")
        self.assertFalse(any(name.startswith(("crier_bus_", "crier_cluster_"))
                             for name in metrics(crier).families()))


if __name__ == "__main__":
    unittest.main()
