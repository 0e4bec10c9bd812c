"""What crier refuses: one sentence on standard error, exit code 2, nothing started."""

import os
import socket
import tempfile
import unittest

from harness.process import SOURCE, any_ports, run_crier


class Refused(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "crier.yaml")

    def assert_refused(self, arguments, *parts):
        """Every part appears in the one line, and nothing was logged: nothing had started."""
        done = run_crier(*arguments)
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("crier: "), done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertNotIn("listening", done.stdout)

    def assert_file_refused(self, text, *parts):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)
        self.assert_refused(["--config", self.file, *any_ports()], *parts)
        self.assert_refused(["--config", self.file, "--check-config"], *parts)

    def test_unknown_key(self):
        self.assert_file_refused("drain:\n  spraed: 5s\n", f"{self.file}:2", "drain.spraed")

    def test_duplicate_key(self):
        self.assert_file_refused("shards: 1\nshards: 2\n", f"{self.file}:2", "shards")

    def test_wrong_type(self):
        self.assert_file_refused("drain:\n  spread: soon\n", f"{self.file}:2", "drain.spread",
                                 "soon")

    def test_out_of_range(self):
        self.assert_file_refused("listeners:\n  - queue:\n      max_frames: -1\n",
                                 f"{self.file}:3", "listeners[0].queue.max_frames")

    def test_keys_that_contradict_each_other(self):
        self.assert_file_refused("control:\n  max_payload_bytes: 4MiB\n", self.file,
                                 "listeners[0].queue.max_bytes")

    def test_unknown_processor(self):
        self.assert_file_refused("listeners:\n  - processor: tripple\n", self.file,
                                 "listeners[0].processor", "echo")

    def test_text_that_is_not_yaml(self):
        self.assert_file_refused("listeners: [\n", self.file)

    def test_a_file_that_is_not_there(self):
        self.assert_refused(["--config", self.file + ".none"], self.file + ".none",
                            "No such file or directory")

    def test_a_folder_instead_of_a_file(self):
        self.assert_refused(["--config", os.path.dirname(self.file)], os.path.dirname(self.file))

    def test_set_of_an_unknown_key(self):
        self.assert_refused(["--set", "listeners[0].adress=127.0.0.1:0"], "--set",
                            "listeners[0].adress")

    def test_set_without_a_value(self):
        self.assert_refused(["--set", "shards"], "--set", "shards")

    def test_unknown_argument(self):
        self.assert_refused(["--prot", "1"], "--prot")


class PortTaken(unittest.TestCase):
    """Each plane refuses a port on which somebody listens, and names it."""

    def check(self, key):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            done = run_crier(*any_ports(), "--set", f"{key}={address}")
            self.assertEqual(done.returncode, 2, done)
            self.assertIn(address, done.stderr)
            self.assertIn("Address already in use", done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertNotIn("listening", done.stdout)

    def test_data(self):
        self.check("listeners[0].address")

    def test_control(self):
        self.check("control.address")

    def test_ops(self):
        self.check("ops.address")


class Printed(unittest.TestCase):
    """What only looks at the configuration."""

    def test_examples_are_valid(self):
        for name in sorted(os.listdir(f"{SOURCE}/examples")):
            if name.endswith(".yaml"):
                done = run_crier("--config", f"{SOURCE}/examples/{name}", "--check-config")
                self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_what_is_printed_is_read_back_the_same(self):
        first = run_crier("--print-config", "--set", "drain.spread=7s")
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertIn("spread: 7s", first.stdout)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(first.stdout)
            file.flush()
            self.assertEqual(run_crier("--config", file.name, "--print-config").stdout,
                             first.stdout)

    def test_version(self):
        done = run_crier("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^crier [0-9]+\.[0-9]+\.[0-9]+ \(.+\)\n$")


if __name__ == "__main__":
    unittest.main()
