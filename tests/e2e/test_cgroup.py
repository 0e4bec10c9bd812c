"""A node that has little memory, and one that has little CPU, as a container may."""

import unittest

import grpc
from crier.v1 import control_pb2
from harness.cgroup import little_cpu, little_memory
from harness.client import Client
from harness.control import Control, wait_for_clients
from harness.ops import get, metrics
from harness.process import Crier
from harness.trouble import Caller, Readers, connect_silent, devices


class LittleMemory(unittest.TestCase):
    MIB = 256
    FRAME_BYTES = 128 << 10
    STALLED = 900  # three frames of its own for each are 337 MiB

    def broadcast(self, control, payload, **fields):
        """Whether there was memory for it."""
        try:
            control.broadcast(payload, **fields)
        except grpc.RpcError as error:
            self.assertEqual(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
            return False
        return True

    def test_readers_that_stall_do_not_exhaust_it(self):
        group = self.enterContext(little_memory(self.MIB))
        crier = self.enterContext(Crier("--set", "listeners[0].send_buffer_bytes=8KiB",
                                        "--set", "listeners[0].write_stall=60s",
                                        wrapper=group.wrapper))
        control = self.enterContext(Control(crier))
        limit = self.MIB * (1 << 20) // 4
        self.assertEqual(metrics(crier).sum("crier_queue_memory_limit_bytes"), limit)
        for _ in range(self.STALLED):
            self.enterContext(connect_silent(crier.data()))
        stalled = [client.client_id for client in wait_for_clients(crier, control, self.STALLED)]
        well = self.enterContext(Client(crier.data()))
        wait_for_clients(crier, None, self.STALLED + 1)
        refused = 0
        for number, client_id in enumerate(stalled * 3):
            refused += not self.broadcast(control, bytes(self.FRAME_BYTES),
                                          only=control_pb2.ClientIds(client_ids=[client_id]))
            if number % 100 == 0 and self.broadcast(control, b"%d" % number):
                self.assertEqual(well.read_line(), b"%d" % number)
        found = metrics(crier)
        closed = found.sum("crier_connections_closed_total", reason="memory")
        self.assertGreater(closed + refused, 0)
        self.assertLessEqual(found.sum("crier_queue_retained_bytes"), limit * 1.05)
        self.assertEqual(found.imbalance(), 0)
        self.assertEqual(group.count("oom_kill"), 0)
        self.assertEqual(get(crier, "/livez")[0], 200)


class LittleCpu(unittest.TestCase):
    BROADCASTS = 200

    def test_the_busy_node_is_slow_and_nothing_else(self):
        group = self.enterContext(little_cpu(percent=20))
        crier = self.enterContext(devices("--set", "listeners[1].pong_timeout=10s",
                                          wrapper=group.wrapper))
        control = self.enterContext(Control(crier))
        witness = self.enterContext(Client(crier.data()))
        self.enterContext(Readers(crier.data(), 60))
        wait_for_clients(crier, None, 62)
        for _ in range(3):
            self.enterContext(Caller(crier, 300, burst=3))
        for number in range(self.BROADCASTS):
            control.broadcast(b"number %d" % number)
            while not (line := witness.read_line()).startswith(b"number "):
                pass
            self.assertEqual(line, b"number %d" % number)
            self.assertEqual(get(crier, "/livez")[0], 200)
        found = metrics(crier)
        self.assertGreater(group.count("nr_throttled"), 0)
        self.assertEqual(found.sum("crier_connections_closed_total"), 0)
        self.assertEqual(found.imbalance(), 0)


if __name__ == "__main__":
    unittest.main()
