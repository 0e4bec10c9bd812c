"""Clients at the other end of a network that loses packets, and of one that is gone."""

import select
import signal
import unittest

from crier.v1 import frame_pb2
from harness.client import Client, host_port
from harness.control import Control, wait_for_clients
from harness.envelope import envelope
from harness.network import (CRIER_ADDRESS, Link, counter, leave_the_machines_network,
                             set_sysctl)
from harness.ops import metrics, wait_for_metrics
from harness.process import TIMEOUT_SECONDS, Crier, wait_until


def setUpModule():  # unittest names it
    leave_the_machines_network()


def on_the_network(index, *options):
    """A listener whose clients come over the link."""
    return [word for option in (f"address={CRIER_ADDRESS}:0", *options)
            for word in ("--set", f"listeners[{index}].{option}")]


def lines(count, size):
    return [b"%08d" % number + b"." * size for number in range(count)]


class LossyLink(unittest.TestCase):
    def setUp(self):
        self.link = self.enterContext(Link())

    def test_dropped_packets_cost_nobody_a_frame(self):
        frames = lines(300, 4000)
        with Crier(*on_the_network(0, "queue.max_frames=1024")) as crier, Control(crier) as control:
            clients = [self.enterContext(self.link.connect(crier.data())) for _ in range(10)]
            wait_for_clients(crier, control, len(clients))
            with self.link.bottleneck("50mbit", "15kb"):
                for frame in frames:
                    answer = control.broadcast(frame)
                    self.assertEqual(answer.queued, len(clients), answer)
                for client in clients:
                    for frame in frames:
                        self.assertEqual(client.read_line(), frame)
                self.assertGreater(self.link.dropped_packets(), 0)
            self.assertEqual(metrics(crier).imbalance(), 0)

    def test_whose_network_comes_back_has_missed_nothing(self):
        frames = lines(100, 100)
        with Crier(*on_the_network(0)) as crier, Control(crier) as control:
            with self.link.connect(crier.data()) as client:
                wait_for_clients(crier, control, 1)
                sent_again = counter("Tcp", "RetransSegs")
                self.link.vanish()
                for frame in frames:
                    self.assertEqual(control.broadcast(frame).queued, 1)
                wait_until(lambda: counter("Tcp", "RetransSegs") > sent_again,
                           "packets that are sent again")
                self.link.come_back()
                for frame in frames:
                    self.assertEqual(client.read_line(), frame)
                self.assertEqual(metrics(crier).sum("crier_connections_closed_total"), 0)

    def overflow(self, crier, count):
        """So many clients at once, while crier takes none and its backlog has no room for them."""
        overflows = counter("TcpExt", "ListenOverflows")
        crier.signal(signal.SIGSTOP)
        clients = [self.enterContext(self.link.socket()) for _ in range(count)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(host_port(crier.data()))
        wait_until(lambda: counter("TcpExt", "ListenOverflows") > overflows,
                   "a backlog without room")
        crier.signal(signal.SIGCONT)
        return clients

    def test_a_backlog_that_overflows_costs_nobody_a_connection(self):
        set_sysctl("net.core.somaxconn", 16)
        set_sysctl("net.ipv4.tcp_syncookies", 0)
        with Crier(*on_the_network(0)) as crier:
            self.overflow(crier, 64)
            found = wait_for_metrics(crier, lambda found: found.sum("crier_connections") == 64)
            self.assertEqual(found.sum("crier_connections_rejected_total"), 0)

    # With cookies a kernel may forget whoever had no room, while that client takes itself for
    # connected; the first that it sends is its ticket.
    def test_with_syn_cookies_it_costs_nobody_a_message(self):
        set_sysctl("net.core.somaxconn", 16)
        set_sysctl("net.ipv4.tcp_syncookies", 1)
        with Crier(*on_the_network(0)) as crier:
            for number, client in enumerate(self.overflow(crier, 64)):
                self.assertTrue(select.select([], [client], [], TIMEOUT_SECONDS)[1])
                client.settimeout(TIMEOUT_SECONDS)
                client.sendall(b"%d\n" % number)
                self.assertEqual(client.recv(100), b"%d\n" % number)
            self.assertEqual(metrics(crier).sum("crier_connections"), 64)


class DeadLink(unittest.TestCase):
    """All of it in one run, as it takes the kernel two minutes to give a peer up."""

    SILENT, TOLD, STALLED, PINGED, WELL = range(5)
    LISTENERS = [*on_the_network(SILENT, "name=silent"),
                 *on_the_network(TOLD, "name=told"),
                 *on_the_network(STALLED, "name=stalled", "send_buffer_bytes=8KiB",
                                 "write_stall=2s"),
                 *on_the_network(PINGED, "name=pinged", "framing=length", "codec=envelope",
                                 "ping_interval=1s", "pong_timeout=2s"),
                 "--set", f"listeners[{WELL}].name=well"]
    # 60 s without a word, then four probes 15 s apart.
    KERNEL_SECONDS = 120

    def setUp(self):
        self.link = self.enterContext(Link())
        self.crier = self.enterContext(Crier(*self.LISTENERS, listeners=5))
        self.control = self.enterContext(Control(self.crier))

    def connect_all(self):
        for name in ("silent", "told", "stalled"):
            self.enterContext(self.link.connect(self.crier.data(name)))
        pinged = self.enterContext(self.link.connect(self.crier.data("pinged")))
        pinged.send(envelope(hello=frame_pb2.ClientHello()))
        return self.enterContext(Client(self.crier.data("well")))

    def test_who_vanished_is_closed_and_nobody_else(self):
        self.control.list()
        files = metrics(self.crier).sum("process_open_fds")
        well = self.connect_all()
        wait_for_clients(self.crier, None, 5)
        self.link.vanish()
        self.assertEqual(self.control.broadcast(b"one", listener="told").queued, 1)
        while self.control.broadcast(b"." * 60_000, listener="stalled").queued:
            pass
        found = wait_for_metrics(self.crier, lambda found: found.sum("crier_connections") == 1,
                                 seconds=self.KERNEL_SECONDS + 2 * TIMEOUT_SECONDS)
        # The kernel gave two of them up, each for another reason.
        for reason, count in {"reset": 2, "write_stall": 1, "ping_timeout": 1}.items():
            closed = found.sum("crier_connections_closed_total", reason=reason)
            self.assertEqual(closed, count, reason)
        self.control.broadcast(b"still here")
        self.assertEqual(well.read_line(), b"still here")
        found = wait_for_metrics(self.crier,
                                 lambda found: found.sum("process_open_fds") == files + 1)
        self.assertEqual(found.imbalance(), 0)


if __name__ == "__main__":
    unittest.main()
