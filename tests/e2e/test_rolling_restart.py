"""Nodes behind a load balancer, restarted one by one under load, as Kubernetes restarts pods.

Nodes do not pass broadcasts on, so the caller pushes to each of them.
"""

import contextlib
import signal
import threading
import time
import unittest

import grpc

from harness.balancer import Balancer, Clients, Loop
from harness.control import Control
from harness.ops import get
from harness.process import Crier, wait_until

NODES = 3
CLIENTS = 150
SPREAD_SECONDS = 3


class Node:
    """One crier, and the calls that are made to it."""

    def __init__(self, name):
        self.name = name
        self.stack = contextlib.ExitStack()
        self.crier = self.stack.enter_context(
            Crier("--set", f"drain.spread={SPREAD_SECONDS}s"))
        self.control = self.stack.enter_context(Control(self.crier))
        self.told_to_stop = False
        self.count = 0

    def broadcast(self):
        line = f"{self.name} {self.count}"
        self.count += 1
        return line, self.control.broadcast(line.encode())


class Publisher(threading.Thread):
    """Pushes to every node, one after the other, until it is told to stop."""

    def __init__(self):
        super().__init__()
        self.nodes = []
        self.queued = {}  # by line
        self.dropped = 0
        self.refused = []  # (node, code) where it should not have been
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.005):
            for node in list(self.nodes):
                try:
                    line, answer = node.broadcast()
                except grpc.RpcError as error:
                    # It may refuse only when it was told to stop and its last client has left.
                    if not node.told_to_stop or error.code() != grpc.StatusCode.UNAVAILABLE:
                        self.refused.append((node.name, error.code()))
                    self.nodes.remove(node)
                    continue
                self.queued[line.encode() + b"\n"] = answer.queued
                self.dropped += answer.matched - answer.queued


def distance_from_uniform(values, width):
    """Kolmogorov and Smirnov's: how far the share of values below a point is from the expected."""
    ordered = sorted(values)
    size = len(ordered)
    return max(max(abs((index + 1) / size - value / width), abs(index / size - value / width))
               for index, value in enumerate(ordered))


class RollingRestart(unittest.TestCase):
    def setUp(self):
        loop = self.enterContext(Loop())
        self.balancer = Balancer(loop)
        self.addCleanup(self.balancer.close)
        self.publisher = Publisher()
        self.nodes = [self.start_node(f"node{number}") for number in range(NODES)]
        self.clients = Clients(loop, self.balancer.address, CLIENTS)
        self.wait_for_everybody()

    def start_node(self, name):
        node = Node(name)
        self.addCleanup(node.stack.close)
        wait_until(lambda: get(node.crier, "/readyz")[0] == 200, f"{name} is ready")
        self.balancer.add(name, node.crier.data())
        self.publisher.nodes.append(node)
        return node

    def wait_for_everybody(self):
        wait_until(lambda: self.clients.connected == CLIENTS, "everybody is connected")

    def restart(self, node):
        """Returns when its clients were closed, in seconds since the signal."""
        self.clients.closed_at.clear()
        held = len(node.control.list())
        self.balancer.remove(node.name)  # Kubernetes takes it out of the Service,
        node.told_to_stop = True
        began = time.monotonic()
        node.crier.signal(signal.SIGTERM)  # and, after the preStop sleep, tells it to stop
        self.assertEqual(node.crier.exit_code(), 0, node.crier.stderr)
        self.nodes.remove(node)
        self.nodes.append(self.start_node(f"{node.name}-next"))
        self.wait_for_everybody()
        closed = [at - began for at in self.clients.closed_at]
        self.assertEqual(len(closed), held, "only the clients of that node were closed")
        return closed

    def test_nobody_is_lost_and_nothing_refused(self):
        self.publisher.start()
        self.addCleanup(self.publisher.join)
        self.addCleanup(self.publisher.ended.set)
        closed = [after for node in list(self.nodes) for after in self.restart(node)]
        self.publisher.ended.set()
        self.publisher.join()

        self.assertEqual(self.publisher.refused, [])
        self.assertEqual(self.publisher.dropped, 0)
        self.assertGreaterEqual(len(closed), CLIENTS)
        # About 0.1 where they leave evenly, 1 where they leave at once. Half way, since a busy
        # machine closes some of them late.
        self.assertLess(distance_from_uniform(closed, SPREAD_SECONDS), 0.5)
        self.assert_everything_arrived()

    def assert_everything_arrived(self):
        """Each line reached as many clients as its answer says, in order."""
        wanted = {line: count for line, count in self.publisher.queued.items() if count}
        self.assertGreater(len(wanted), 300)
        wait_until(lambda: sum(self.clients.received.values()) >= sum(wanted.values()),
                   "the last lines arrived")
        self.assertEqual(dict(self.clients.received), wanted)
        self.assertEqual(self.clients.disorder, [])


class Uniform(unittest.TestCase):
    """The yardstick itself."""

    def test_even_values_are_near_and_a_herd_is_far(self):
        self.assertLess(distance_from_uniform([index / 100 for index in range(100)], 1), 0.02)
        self.assertGreater(distance_from_uniform([0.01 * index / 100 for index in range(100)], 1),
                           0.9)


if __name__ == "__main__":
    unittest.main()
