"""What both example programs must do, whatever language they are written in."""

import os
import subprocess

from harness.client import Client
from harness.process import SOURCE, Crier

BUILD_SECONDS = 500  # generates and builds first


class AnnounceTests:
    """For a unittest.TestCase with `language` and `address_option`."""

    def announce(self, address, message):
        return subprocess.run(
            [os.path.join(SOURCE, "examples", "run.sh"), self.language, self.address_option,
             address, message],
            capture_output=True, text=True, check=False, timeout=BUILD_SECONDS)

    def test_lists_clients_and_reaches_each(self):
        with Crier("--set", "listeners[0].processor=echo") as crier:
            clients = [Client(crier.data()) for _ in range(3)]
            for client in clients:
                client.send(b"hello\n")
                self.assertEqual(client.read_line(), b"hello")  # it is a client now

            done = self.announce(crier.control, "tea is ready")

            self.assertEqual(done.returncode, 0, done.stderr)
            *listed, result = done.stdout.splitlines()
            self.assertEqual(result, "matched 3, queued 3")
            self.assertCountEqual([line.split()[1] for line in listed],
                                  [client.address for client in clients])
            for client in clients:
                self.assertEqual(client.read_line(), b"tea is ready")
                client.close()

    def test_says_what_failed(self):
        with Crier("--set", "control.max_payload_bytes=4") as crier:
            done = self.announce(crier.control, "tea is ready")
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"(?i)^invalid_?argument: ")
            self.assertEqual(done.stdout, "")
