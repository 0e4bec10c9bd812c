"""What holds for crier when it runs as a restricted pod; make image-check runs it in one."""

import errno
import os
import signal
import subprocess
import unittest

from harness.client import Client
from harness.process import CRIERCTL, TIMEOUT_SECONDS, Crier


class Restricted(unittest.TestCase):
    def setUp(self):
        self.crier = self.enterContext(Crier())
        self.init = self.find_init()

    def find_init(self):
        """The process with the id 1 in the container, by its id on this machine."""
        runc = self.crier.process.pid
        for task in os.listdir(f"/proc/{runc}/task"):
            with open(f"/proc/{runc}/task/{task}/children", encoding="ascii") as children:
                for child in children.read().split():
                    if self.status(child)["NSpid"].split()[-1] == "1":
                        return child
        raise AssertionError("runc has no child that is process 1")

    def status(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)

    def test_it_is_process_1_without_any_privilege(self):
        status = self.status(self.init)
        self.assertEqual(status["Name"], "crier")
        self.assertEqual(status["Uid"].split(), ["65532"] * 4)
        self.assertEqual(status["Gid"].split(), ["65532"] * 4)
        self.assertEqual({status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd",
                                                    "CapAmb")}, {"0000000000000000"})
        self.assertEqual(status["NoNewPrivs"], "1")

    def test_its_root_is_read_only_even_for_root(self):
        with self.assertRaises(OSError) as caught:
            open(f"/proc/{self.init}/root/written", "w", encoding="ascii").close()
        self.assertEqual(caught.exception.errno, errno.EROFS)

    def test_it_raises_its_limit_of_open_files_by_itself(self):
        with open(f"/proc/{self.init}/limits", encoding="ascii") as file:
            soft, hard = next(line.split()[3:5] for line in file if line.startswith("Max open"))
        self.assertEqual((soft, hard), ("4096", "4096"))

    def test_sigterm_ends_it_in_order(self):
        with Client(self.crier.data()) as client:
            client.send(b"hello\n")
            self.assertEqual(client.read_line(), b"hello")
            self.crier.signal(signal.SIGTERM)
            self.assertEqual(client.read_to_end(), b"")
        self.assertEqual(self.crier.exit_code(), 0)

    def test_names_are_looked_up_for_clients_and_for_the_api(self):
        data, control = (address.rsplit(":", 1)[1]
                         for address in (self.crier.data(), self.crier.control))
        done = subprocess.run(
            [CRIERCTL, "check", "--connect", f"crier-under-test:{data}",
             "--address", f"crier-under-test:{control}"],
            capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
