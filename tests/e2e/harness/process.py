"""The crier process under test."""

import json
import os
import signal
import subprocess
import threading

TIMEOUT_SECONDS = 60  # for any one wait; a failure, never a measurement

CRIER = os.environ["CRIER"]
CRIERCTL = os.environ["CRIERCTL"]
SOURCE = os.environ["CRIER_SOURCE"]


def wait_until(condition, what):
    """Asks again and again: nothing tells of a change in another process."""
    pause = threading.Event()
    for _ in range(TIMEOUT_SECONDS * 10):
        found = condition()
        if found:
            return found
        pause.wait(0.1)
    raise AssertionError(f"never: {what}")


def any_ports(listeners=1):
    """Arguments that put every listener on a free port of loopback."""
    addresses = [f"listeners[{i}].address" for i in range(listeners)]
    addresses += ["control.address", "ops.address"]
    return [word for key in addresses for word in ("--set", f"{key}=127.0.0.1:0")]


class Crier:
    """Runs crier until the end of a with block; its log lines are read as they come.

    wrapper: a command in front of crier, which must run it as its only child.
    """

    def __init__(self, *arguments, listeners=1, wrapper=()):
        self._command = [*wrapper, CRIER, *any_ports(listeners), *arguments]
        self._wrapped = bool(wrapper)
        self.lines = []
        self.stderr = ""
        self._changed = threading.Condition()
        self._log_ended = False

    def __enter__(self):
        self.process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._readers = [threading.Thread(target=self._read_log),
                         threading.Thread(target=self._read_errors)]
        for reader in self._readers:
            reader.start()
        try:
            self.wait_for_log("ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.kill(self.pid(), signal.SIGKILL)
        self.process.wait(TIMEOUT_SECONDS)
        for reader in self._readers:
            reader.join(TIMEOUT_SECONDS)
        self.process.stdout.close()
        self.process.stderr.close()

    def pid(self):
        """Of crier itself, also behind a wrapper."""
        if not self._wrapped:
            return self.process.pid
        own = self.process.pid
        with open(f"/proc/{own}/task/{own}/children", encoding="ascii") as children:
            return int(children.read().split()[0])

    def signal(self, number):
        os.kill(self.pid(), number)

    def exit_code(self):
        """Waits for the end."""
        code = self.process.wait(TIMEOUT_SECONDS)
        for reader in self._readers:
            reader.join(TIMEOUT_SECONDS)
        return code

    def wait_for_log(self, message):
        """The first line with this message, now or later."""
        def find():
            return next((line for line in self.lines if line["message"] == message), None)
        with self._changed:
            self._changed.wait_for(lambda: find() or self._log_ended, TIMEOUT_SECONDS)
            line = find()
        if line is None:
            raise AssertionError(f"no line '{message}': {self.lines} {self.stderr}")
        return line

    def _address(self, **wanted):
        with self._changed:
            for line in self.lines:
                if line["message"] == "listening" and wanted.items() <= line.items():
                    return line["address"]
        raise AssertionError(f"nothing listens as {wanted}")

    def data(self, listener="default"):
        return self._address(plane="data", listener=listener)

    @property
    def control(self):
        return self._address(plane="control")

    @property
    def ops(self):
        return self._address(plane="ops")

    def _read_log(self):
        for text in self.process.stdout:
            with self._changed:
                self.lines.append(json.loads(text))
                self._changed.notify_all()
        with self._changed:
            self._log_ended = True
            self._changed.notify_all()

    def _read_errors(self):
        for text in self.process.stderr:
            self.stderr += text


def run_crier(*arguments):
    """Runs crier to its end: for what it must refuse and for what it only prints."""
    return subprocess.run([CRIER, *arguments], capture_output=True, text=True, check=False,
                          timeout=TIMEOUT_SECONDS)


def crierctl(crier, *arguments, **options):
    """Runs crierctl against this crier."""
    return subprocess.run([CRIERCTL, "--address", crier.control, *arguments], capture_output=True,
                          text=True, check=False, timeout=TIMEOUT_SECONDS, **options)
