"""What crierctl prints, and how it ends, against a real crier."""

import json
import os
import re
import subprocess
import tempfile
import unittest

from harness.client import Client
from harness.ops import wait_for_metrics
from harness.process import CRIERCTL, TIMEOUT_SECONDS, Crier, crierctl


def connect(crier, listener="default"):
    """A client that crier knows of: the line it typed came back."""
    client = Client(crier.data(listener))
    client.send(b"hello\n")
    if client.read_line() != b"hello":
        raise AssertionError("no echo")
    return client


class Crierctl(unittest.TestCase):
    def setUp(self):
        self.crier = self.enterContext(Crier())

    def ok(self, *arguments, **options):
        done = crierctl(self.crier, *arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def failed(self, code, *arguments, **options):
        done = crierctl(self.crier, *arguments, **options)
        self.assertEqual(done.returncode, code, done.stdout)
        self.assertRegex(done.stderr, r"\Acrierctl: [^\n]+\n\Z")
        return done.stderr

    def clients(self, count):
        return [self.enterContext(connect(self.crier)) for _ in range(count)]

    def ids(self):
        """By the clients' addresses."""
        listed = [json.loads(line) for line in self.ok("list", "--json").splitlines()]
        return {client["remote_address"]: client["client_id"] for client in listed}


class Broadcast(Crierctl):
    def test_payload_is_taken_as_it_is(self):
        client, = self.clients(1)
        self.assertEqual(self.ok("broadcast", "a\\nb "), "matched 1, queued 1\n")
        self.assertEqual(self.ok("broadcast", "--", "-x"), "matched 1, queued 1\n")
        self.assertEqual(client.read_line(), b"a\\nb ")
        self.assertEqual(client.read_line(), b"-x")

    def test_file_and_standard_input_are_sent_whole(self):
        client, = self.clients(1)
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"from a file")
            file.flush()
            self.assertEqual(self.ok("broadcast", "--file", file.name), "matched 1, queued 1\n")
        self.assertEqual(self.ok("broadcast", "--file", "-", input="from a pipe"),
                         "matched 1, queued 1\n")
        self.assertEqual(client.read_line(), b"from a file")
        self.assertEqual(client.read_line(), b"from a pipe")

    def test_each_line_of_standard_input_is_one_broadcast(self):
        client, = self.clients(1)
        self.assertEqual(self.ok("broadcast", input="one\n\nthree"),
                         "3 broadcasts: matched 3, queued 3\n")
        self.assertEqual([client.read_line() for _ in range(3)], [b"one", b"", b"three"])

    def test_many_lines_keep_their_order(self):
        client, = self.clients(1)
        lines = [str(number) for number in range(5_000)]
        totals = json.loads(self.ok("broadcast", "--json", "--overflow", "drop_newest",
                                    input="\n".join(lines)))
        self.assertEqual((totals["broadcasts"], totals["matched"]), ("5000", "5000"))
        received = [client.read_line().decode() for _ in range(int(totals["queued"]))]
        self.assertEqual(received, sorted(set(received), key=int))

    def test_a_line_that_is_refused_ends_the_stream_after_the_lines_before_it(self):
        client, = self.clients(1)
        done = crierctl(self.crier, "broadcast", input="good\n" + "x" * 1_100_000 + "\nlate\n")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, "1 broadcast: matched 1, queued 1\n")
        self.assertRegex(done.stderr, r"\Acrierctl: INVALID_ARGUMENT: .*\b1\b.*\([A-Z_]+\)\n\Z")
        self.assertEqual(client.read_line(), b"good")

    def test_targets_can_be_chosen_and_left_out(self):
        first, second = self.clients(2)
        ids = self.ids()
        self.assertEqual(self.ok("broadcast", "--only", ids[first.address] + ",nobody", "for one"),
                         "matched 1, queued 1, unknown: nobody\n")
        self.assertEqual(self.ok("broadcast", "--except", ids[first.address], "for the other"),
                         "matched 1, queued 1\n")
        self.assertEqual(self.ok("broadcast", "--only", "", "for nobody"),
                         "matched 0, queued 0\n")
        self.assertEqual(first.read_line(), b"for one")
        self.assertEqual(second.read_line(), b"for the other")

    def test_validate_only_sends_nothing(self):
        client, = self.clients(1)
        self.assertEqual(self.ok("broadcast", "--validate-only", "no"), "matched 1, queued 1\n")
        self.ok("broadcast", "yes")
        self.assertEqual(client.read_line(), b"yes")

    def test_a_repeated_request_is_sent_once(self):
        client, = self.clients(1)
        for _ in range(2):
            self.assertEqual(self.ok("broadcast", "--request-id", "r", "once"),
                             "matched 1, queued 1\n")
        self.ok("broadcast", "next")
        self.assertEqual([client.read_line() for _ in range(2)], [b"once", b"next"])


class Clients(Crierctl):
    def test_list_shows_a_table_through_all_pages(self):
        clients = self.clients(3)
        titles, *rows = self.ok("list", "--page-size", "1").splitlines()
        self.assertEqual(titles.split(), ["ID", "LISTENER", "ADDRESS", "STATE", "AGE", "RECEIVED",
                                          "SENT", "QUEUED", "DROPPED"])
        self.assertCountEqual([row.split()[2] for row in rows],
                              [client.address for client in clients])
        for row in rows:
            self.assertRegex(row, r" 1 / 6 B +1 / 6 B +- +-$")

    def test_list_stops_at_its_limit_and_says_so(self):
        self.clients(3)
        done = crierctl(self.crier, "list", "--limit", "2")
        self.assertEqual(len(done.stdout.splitlines()), 3)
        self.assertEqual(done.stderr, "the first 2 of 3 clients\n")

    def test_list_says_that_there_is_nobody(self):
        done = crierctl(self.crier, "list")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", "no clients\n"))
        self.assertEqual(self.ok("list", "--json"), "")

    def test_get_tells_everything_of_one_client(self):
        client, = self.clients(1)
        client_id = self.ids()[client.address]
        text = self.ok("get", client_id)
        for line in (f"id +{client_id}", f"address +{client.address}", "state +active",
                     "received +1 frames, 6 B", "dropped +nothing", "tcp rtt +[0-9.]+[um]s"):
            self.assertRegex(text, f"(?m)^{line}$")
        self.assertEqual(json.loads(self.ok("get", client_id, "--json"))["sent"]["bytes"], "6")

    def test_disconnect_closes_one_or_all(self):
        first, second, third = self.clients(3)
        self.assertEqual(self.ok("disconnect", self.ids()[first.address], "nobody"),
                         "matched 1, disconnected 1, unknown: nobody\n")
        self.assertEqual(first.read_to_end(), b"")
        first.close()
        wait_for_metrics(self.crier, lambda found: found.sum("crier_connections") == 2)
        self.assertEqual(self.ok("disconnect", "--all", "--listener", "default", "--validate-only"),
                         "matched 2, disconnected 2\n")
        self.ok("broadcast", "still here")
        self.assertEqual(self.ok("disconnect", "--all", "--flush", "--reason", "test"),
                         "matched 2, disconnected 2\n")
        for client in (second, third):
            self.assertEqual(client.read_to_end(), b"still here\n")


class Failures(Crierctl):
    def test_a_failed_call_is_one_line_and_exit_code_1(self):
        self.assertRegex(self.failed(1, "get", "nobody"), r"NOT_FOUND: .*\([A-Z_]+\)")
        self.assertRegex(self.failed(1, "list", "--listener", "nowhere"), "NOT_FOUND: .*nowhere")
        self.assertRegex(self.failed(1, "broadcast", "two\nlines"), "INVALID_ARGUMENT: ")

    def test_a_command_line_that_makes_no_sense_is_exit_code_2(self):
        for arguments in ((), ("shout",), ("broadcast", "a", "b"), ("list", "--limit", "0"),
                          ("broadcast", "a", "--file", "b"), ("disconnect",),
                          ("disconnect", "--all", "a"), ("list", "--timeout", "5"),
                          ("broadcast", "--request-id", "r"), ("listen", "--framing", "morse"),
                          ("broadcast", "--file", "/nonexistent")):
            self.failed(2, *arguments, stdin=subprocess.DEVNULL)

    def test_nothing_there_is_explained(self):
        environment = dict(os.environ, CRIER_CONTROL="127.0.0.1:1")  # nobody listens on port 1
        done = subprocess.run([CRIERCTL, "list"], capture_output=True, text=True, check=False,
                              timeout=TIMEOUT_SECONDS, env=environment)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\Acrierctl: UNAVAILABLE: no answer from 127\.0\.0\.1:1; "
                                      r"is crier running\? [^\n]+\n\Z")

    def test_help_and_version_are_exit_code_0(self):
        self.assertIn("broadcast", self.ok("--help"))
        self.assertTrue(re.match(r"crierctl \d+\.\d+\.\d+ ", self.ok("--version")))


class Listen(unittest.TestCase):
    def listen(self, crier, *arguments):
        """A crierctl that listens and that crier knows of."""
        process = subprocess.Popen([CRIERCTL, "listen", "--connect", crier.data(), *arguments],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.wait, TIMEOUT_SECONDS)
        for _ in range(1_000):
            if crierctl(crier, "list", "--json").stdout:
                return process
        raise AssertionError("it never connected")

    def test_prints_messages_escaped_until_crier_closes(self):
        with Crier() as crier:
            process = self.listen(crier)
            crierctl(crier, "broadcast", "tea \x1b[1m")
            crierctl(crier, "disconnect", "--all", "--flush")
            self.assertEqual(process.communicate(timeout=TIMEOUT_SECONDS), ("tea \\x1b[1m\n", ""))
            self.assertEqual(process.returncode, 0)

    def test_takes_framing_off_and_stops_after_the_count(self):
        with Crier("--set", "listeners[0].framing=length",
                   "--set", "listeners[0].length_bytes=2") as crier:
            process = self.listen(crier, "--framing", "length", "--length-bytes", "2",
                                  "--count", "2")
            for message in ("one", "", "three"):
                crierctl(crier, "broadcast", message)
            self.assertEqual(process.communicate(timeout=TIMEOUT_SECONDS), ("one\n\n", ""))
            self.assertEqual(process.returncode, 0)

    def test_says_where_nobody_listens(self):
        done = subprocess.run([CRIERCTL, "listen", "--connect", "127.0.0.1:1"], text=True,
                              capture_output=True, check=False, timeout=TIMEOUT_SECONDS)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr,
                         "crierctl: cannot connect to 127.0.0.1:1: Connection refused\n")


class Check(Crierctl):
    """A round trip that disturbs nobody."""

    def check(self, crier, *arguments):
        return crierctl(crier, "check", "--connect", crier.data(), *arguments)

    def test_is_a_client_gets_a_message_and_is_disconnected(self):
        other, = self.clients(1)
        done = self.check(self.crier)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout,
                         r"\Aconnected as \S+, received a broadcast, was disconnected\n\Z")
        wait_for_metrics(self.crier, lambda found: found.sum("crier_connections") == 1)
        self.assertEqual(self.ok("broadcast", "still here"), "matched 1, queued 1\n")
        self.assertEqual(other.read_line(), b"still here")  # and nothing before it

    def test_works_with_every_framing(self):
        for framing in ("line", "length", "varint", "fixed"):
            with self.subTest(framing), \
                    Crier("--set", f"listeners[0].framing={framing}") as crier:
                done = self.check(crier, "--listener", "default")
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_says_that_it_reached_another_crier(self):
        with Crier() as other:
            done = crierctl(self.crier, "check", "--connect", other.data(), "--timeout", "300ms")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("crier lists no such client", done.stderr)

    def test_says_where_nobody_listens(self):
        error = self.failed(1, "check", "--connect", "127.0.0.1:1")
        self.assertEqual(error, "crierctl: cannot connect to 127.0.0.1:1: Connection refused\n")


if __name__ == "__main__":
    unittest.main()
