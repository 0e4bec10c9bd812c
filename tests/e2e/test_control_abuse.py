"""Strangers at the control port: memory, pings, resets and idle connections, by a peer that keeps to
no rule but that of flow control."""

import os
import tempfile
import time
import unittest

import grpc
from crier.v1 import control_pb2
from harness.control import Control, wait_for_clients
from harness.crowd import Crowd
from harness.http2 import Http2, message
from harness.ops import wait_for_metrics
from harness.process import TIMEOUT_SECONDS, Crier, wait_until
from harness.trouble import Loop

TOKEN = "e2e-admin-token-00001"
ROLES = f"admin token ops {TOKEN}\n"
BROADCAST = "/crier.v1.Control/Broadcast"
CHECK = "/grpc.health.v1.Health/Check"
WATCH = "/grpc.health.v1.Health/Watch"
QUOTA_MIB = 64
# Beside the quota: what crier holds anyway, what gRPC reads before it knows that the quota is full,
# and what the allocator keeps.
SLACK_MIB = 100


def resident_mib(crier, key="VmRSS"):
    with open(f"/proc/{crier.pid()}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(key + ":"))


def descriptors(crier):
    return len(os.listdir(f"/proc/{crier.pid()}/fd"))


class Publisher(Loop):
    """Somebody with a token, who broadcasts numbers until the end of a with block."""

    PAUSE_SECONDS = 0.005

    def __init__(self, crier):
        super().__init__()
        self._control = Control(crier)
        self.sent = []
        self.refused = []

    def work(self):
        line = b"%d" % (len(self.sent) + len(self.refused))
        try:
            self._control.stub.Broadcast(
                control_pb2.BroadcastRequest(payload=line), timeout=TIMEOUT_SECONDS,
                metadata=(("authorization", f"Bearer {TOKEN}"),))
            self.sent.append(line)
        except grpc.RpcError as error:
            self.refused.append(error)

    def close(self):
        self._control.channel.close()

    def wait_for(self, more):
        wanted = len(self.sent) + more
        wait_until(lambda: len(self.sent) >= wanted or self.refused,
                   "broadcasts that are answered")


class ControlAbuse(unittest.TestCase):
    CLIENTS = 20

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        roles = os.path.join(folder, "roles")
        with open(roles, "w", encoding="ascii") as file:
            file.write(ROLES)
        self.crier = self.enterContext(Crier(
            "--set", f"control.roles_file={roles}",
            "--set", f"control.max_memory_bytes={QUOTA_MIB}MiB", "--set", "drain.spread=0s"))

    def abuse(self, attack):
        """Runs the attack while somebody publishes and clients read; nobody may notice."""
        crowd = self.enterContext(Crowd(self.crier.data(), self.CLIENTS))
        wait_for_clients(self.crier, None, self.CLIENTS)
        with Publisher(self.crier) as publisher:
            publisher.wait_for(1)
            before = descriptors(self.crier)
            attack(publisher)
            publisher.wait_for(20)
            wait_until(lambda: descriptors(self.crier) <= before, "descriptors return")
        self.assertEqual(publisher.refused, [])
        self.crier.signal(15)
        crowd.wait_until_closed()
        for lines in crowd.lines():
            self.assertEqual(lines, publisher.sent)
        self.assertEqual(self.crier.exit_code(), 0)

    def fill(self, path, connections, calls, claimed):
        """Calls whose requests claim so many bytes and get as many of them as flow control lets."""
        peers = [self.enterContext(Http2(self.crier.control)) for _ in range(connections)]
        under_way = {peer: [] for peer in peers}
        data = bytes(65536)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            for peer in peers:
                peer.look()
                self.assertFalse(peer.closed, peer.goaway)
                under_way[peer] = [call for call in under_way[peer] if not peer.over(call)]
                while len(under_way[peer]) < calls:
                    call = peer.call(path)
                    peer.send(call, message(claimed))
                    under_way[peer].append(call)
                for call in under_way[peer]:
                    peer.send(call, data)
        self.assertGreater(sum(peer.sent_bytes for peer in peers), 1 << 20)
        for peer in peers:
            peer.socket.close()

    def test_requests_without_a_token_fill_no_memory(self):
        def attack(_):
            self.fill(BROADCAST, 32, 16, 900 << 20)
            self.assertLess(resident_mib(self.crier, "VmHWM"), QUOTA_MIB + SLACK_MIB)
        self.abuse(attack)

    def test_requests_for_health_fill_no_memory(self):
        def attack(_):
            self.fill(CHECK, 32, 16, 900 << 20)
            self.assertLess(resident_mib(self.crier, "VmHWM"), QUOTA_MIB + SLACK_MIB)
        self.abuse(attack)

    def test_idle_connections_and_watchers(self):
        def attack(publisher):
            peers = [self.enterContext(Http2(self.crier.control)) for _ in range(1000)]
            for peer in peers[:10]:
                peer.send(peer.call(WATCH), message(0))
            publisher.wait_for(20)
            # The publisher has one, and who came first keeps the rest.
            wait_for_metrics(self.crier, lambda found: (
                found.sum("crier_control_connections"),
                found.sum("crier_control_connections_rejected_total")) == (96, 905))
            for peer in peers:
                peer.socket.close()
            wait_for_metrics(
                self.crier, lambda found: found.sum("crier_control_connections") == 1)
            self.assertLess(resident_mib(self.crier, "VmHWM"), QUOTA_MIB + SLACK_MIB)
        self.abuse(attack)

    def test_without_descriptors_it_rests_and_listens_again(self):
        with Crier("--set", "control.max_connections=1000",
                   wrapper=("prlimit", "--nofile=400:400", "sh", "-c", '"$0" "$@"; exit $?')) as crier:
            peers = [self.enterContext(Http2(crier.control)) for _ in range(600)]
            # The last two are too few for one more.
            wait_until(lambda: descriptors(crier) >= 398, "no descriptors are left")
            for peer in peers:
                peer.socket.close()
            wait_until(lambda: descriptors(crier) < 100, "descriptors return")
            with Control(crier) as control:
                self.assertEqual(control.broadcast(b"x").matched, 0)

    def test_who_pings_too_often_is_cut_off(self):
        def attack(_):
            peer = self.enterContext(Http2(self.crier.control))

            for _ in range(1000):  # answered until crier has had enough
                peer.ping()
                peer.look(0.01)
                if peer.closed:
                    break
            self.assertEqual(peer.goaway, "too_many_pings")
            peer.socket.close()
        self.abuse(attack)

    def test_calls_that_are_reset_at_once(self):
        def attack(publisher):
            # In waves, as what a call takes is free only when gRPC has told of its end.
            peers = [self.enterContext(Http2(self.crier.control)) for _ in range(4)]
            for _ in range(5):
                for _ in range(500):
                    for peer in peers:
                        peer.cancel(peer.call(CHECK))
                        peer.look()
                publisher.wait_for(20)
            for peer in peers:
                peer.socket.close()
            self.assertLess(resident_mib(self.crier, "VmHWM"), QUOTA_MIB + SLACK_MIB)
        self.abuse(attack)

    def test_headers_beyond_the_bound(self):
        def attack(publisher):
            peer = self.enterContext(Http2(self.crier.control))
            for _ in range(20):
                call = peer.call(BROADCAST, [(f"x-{i}", "x" * 100) for i in range(130)])
                peer.look_until(lambda call=call: peer.over(call))
            publisher.wait_for(20)
            peer.socket.close()
        self.abuse(attack)


if __name__ == "__main__":
    unittest.main()
