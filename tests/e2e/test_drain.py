"""How crier ends: nothing queued is lost for clients that read, and the exit code is 0."""

import signal
import subprocess
import threading
import unittest

import grpc

from harness.client import Client
from harness.control import Control
from harness.crowd import Crowd
from harness.ops import get, metrics
from harness.process import Crier

LONG = "24h"  # a spread that no test lives to see


def drain(**times):
    return [word for key, value in times.items() for word in ("--set", f"drain.{key}={value}")]


class Publisher(threading.Thread):
    """Broadcasts numbered lines one after the other until the API has gone."""

    def __init__(self, crier, payload_bytes=100):
        super().__init__()
        self._crier = crier
        self._filler = b"x" * payload_bytes
        self.answers = {}
        self.error = None
        self.busy = threading.Event()

    def run(self):
        with Control(self._crier) as control:
            try:
                while True:
                    line = b"%d %s" % (len(self.answers), self._filler)
                    self.answers[line] = control.broadcast(line)
                    if len(self.answers) == 100:
                        self.busy.set()
            except grpc.RpcError as error:
                self.error = error.code()
            finally:
                self.busy.set()


class UnderLoad(unittest.TestCase):
    CLIENTS = 50

    def end_under_load(self, number, *arguments):
        with Crier(*arguments) as crier, Crowd(crier.data(), self.CLIENTS) as crowd:
            publisher = Publisher(crier)
            publisher.start()
            publisher.busy.wait()
            crier.signal(number)
            crowd.wait_until_closed()
            publisher.join()
            self.assertEqual(crier.exit_code(), 0, crier.stderr)
            self.assert_nothing_lost(crowd, publisher)
            stopped = crier.wait_for_log("stopped")
        self.assertEqual(publisher.error, grpc.StatusCode.UNAVAILABLE)
        self.assertEqual((stopped["queued"], stopped["connections"]), (0, 0))
        return publisher

    def assert_nothing_lost(self, crowd, publisher):
        """Each answer's `queued` is the number of clients that got the line, and each client got
        an unbroken run of lines from the first on."""
        receivers = crowd.receivers()
        for line, answer in publisher.answers.items():
            self.assertEqual(receivers[line], answer.queued, line)
            self.assertEqual(answer.matched,
                             answer.queued + sum(drop.count for drop in answer.dropped))
        sent = list(publisher.answers)
        for lines in crowd.lines():
            numbers = [int(line.split()[0]) for line in lines]
            self.assertEqual(numbers, list(range(len(numbers))))
            self.assertGreaterEqual(len(numbers), 100)
        self.assertEqual(publisher.answers[sent[0]].queued, self.CLIENTS)

    def test_sigterm_loses_nothing_that_was_queued(self):
        publisher = self.end_under_load(signal.SIGTERM, *drain(spread="1s"))
        # Clients leave for good, and the rest is served until the last has gone.
        matched = [answer.matched for answer in publisher.answers.values()]
        self.assertEqual(matched, sorted(matched, reverse=True))

    def test_sigint_loses_nothing_that_was_queued(self):
        self.end_under_load(signal.SIGINT, *drain(spread=LONG))


class Draining(unittest.TestCase):
    """Between the signal and the end, which a long spread keeps apart."""

    def setUp(self):
        self.crier = self.enterContext(Crier(*drain(spread=LONG)))
        self.control = self.enterContext(Control(self.crier))
        self.clients = [self.enterContext(Client(self.crier.data())) for _ in range(3)]
        for client in self.clients:
            client.send(b"hello\n")
            self.assertEqual(client.read_line(), b"hello")

    def begin(self):
        self.assertEqual(get(self.crier, "/readyz"), (200, "ok\n"))
        self.assertEqual(self.control.health(), 1)
        self.crier.signal(signal.SIGTERM)
        self.crier.wait_for_log("closing the clients")

    def test_not_ready_but_alive(self):
        self.begin()
        self.assertEqual(get(self.crier, "/readyz"), (503, "draining\n"))
        self.assertEqual(get(self.crier, "/livez"), (200, "ok\n"))
        self.assertEqual(self.control.health(), 2)
        self.assertEqual(self.control.health("crier.v1.Control"), 1)
        found = metrics(self.crier)
        self.assertEqual(found.sum("crier_draining"), 1)
        self.assertEqual(found.sum("crier_drain_remaining_connections"), 3)

    def test_nobody_is_accepted(self):
        self.begin()
        with self.assertRaises(ConnectionRefusedError):
            Client(self.crier.data())

    def test_those_who_are_left_are_served(self):
        self.begin()
        answer = self.control.broadcast(b"still here")
        self.assertEqual((answer.matched, answer.queued), (3, 3))
        for client in self.clients:
            self.assertEqual(client.read_line(), b"still here")
        self.clients[0].send(b"echo\n")
        self.assertEqual(self.clients[0].read_line(), b"echo")

    def test_a_second_signal_ends_it(self):
        for second in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(second), Crier(*drain(spread=LONG)) as crier, \
                    Client(crier.data()) as client:
                client.send(b"hello\n")
                self.assertEqual(client.read_line(), b"hello")
                crier.signal(signal.SIGTERM)
                crier.wait_for_log("closing the clients")
                crier.signal(second)
                self.assertEqual(crier.exit_code(), 0, crier.stderr)

    def test_the_last_client_to_leave_ends_it(self):
        self.begin()
        for client in self.clients:
            client.finish()
            self.assertEqual(client.read_to_end(), b"")
        self.assertEqual(self.crier.exit_code(), 0, self.crier.stderr)


class Settling(unittest.TestCase):
    def test_clients_still_come_in_while_load_balancers_notice(self):
        with Crier(*drain(settle="1h")) as crier, Control(crier) as control:
            crier.signal(signal.SIGTERM)
            crier.wait_for_log("draining")
            self.assertEqual(get(crier, "/readyz"), (503, "draining\n"))
            with Client(crier.data()) as client:
                client.send(b"late\n")
                self.assertEqual(client.read_line(), b"late")
                self.assertEqual(control.broadcast(b"news").queued, 1)
                self.assertEqual(client.read_line(), b"news")
            crier.signal(signal.SIGTERM)
            self.assertEqual(crier.exit_code(), 0, crier.stderr)


class OtherSignals(unittest.TestCase):
    def test_sighup_does_not_kill(self):
        with Crier() as crier, Client(crier.data()) as client:
            crier.signal(signal.SIGHUP)
            crier.wait_for_log("SIGHUP: looking at the files that hold credentials; a restart changes settings")
            client.send(b"alive\n")
            self.assertEqual(client.read_line(), b"alive")
            self.assertEqual(get(crier, "/readyz"), (200, "ok\n"))

    def test_without_clients_it_ends_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), Crier(*drain(spread=LONG)) as crier:
                crier.signal(number)
                self.assertEqual(crier.exit_code(), 0, crier.stderr)

    def test_a_client_that_never_reads_cannot_hold_it_up(self):
        with Crier(*drain(spread="0s", flush="200ms"), "--set", "limits.linger=200ms") as crier, \
                Control(crier) as control, Client(crier.data()) as silent:
            silent.send(b"hello\n")
            self.assertEqual(silent.read_line(), b"hello")
            while control.broadcast(b"x" * 500_000).queued:
                pass  # until its queue is full
            crier.signal(signal.SIGTERM)
            self.assertEqual(crier.exit_code(), 0, crier.stderr)
            self.assertGreater(crier.wait_for_log("stopped")["discarded"], 0)


class ProcessOne(unittest.TestCase):
    """In a container crier has the process id 1, for which signals have no default action."""

    def test_signals_end_it(self):
        wrapper = ["unshare", "--user", "--map-root-user", "--pid", "--fork"]
        if subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("this machine lets nobody make a process namespace")
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), Crier(wrapper=wrapper) as crier:
                crier.signal(number)
                self.assertEqual(crier.exit_code(), 0, crier.stderr)


if __name__ == "__main__":
    unittest.main()
