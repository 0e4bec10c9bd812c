"""Programs of a measurement that answer lines with lines of JSON."""

import json
import os
import queue
import subprocess
import threading

TIMEOUT_SECONDS = 300  # for any one answer; never part of a measurement


class Process:
    """A process, once started."""

    @property
    def pid(self):
        return self._process.pid

    @property
    def exit_status(self):
        """Nothing while it runs."""
        return self._process.poll()


class Child(Process):
    """A program that was started, and that ends with its standard input or by a signal."""

    def __init__(self, *command):
        self.name = os.path.basename(command[0])
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         text=True)
        self._answers = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._answers.put(json.loads(line))
        self._answers.put(None)

    def answer(self):
        """The next line that it prints."""
        try:
            answer = self._answers.get(timeout=TIMEOUT_SECONDS)
        except queue.Empty:
            raise RuntimeError(f"{self.name} does not answer") from None
        if answer is None:
            raise RuntimeError(f"{self.name} ended with {self._process.wait()}")
        return answer

    def tell(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def ask(self, line):
        self.tell(line)
        return self.answer()

    def stop(self, number=None):
        try:
            if number is None:
                self._process.stdin.close()
            else:
                self._process.send_signal(number)
        except BrokenPipeError:
            pass  # it has ended, with something unread
        end(self._process)


def end(process):
    """Waits for a process that was told to end, and ends it where it does not."""
    try:
        process.wait(TIMEOUT_SECONDS)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
