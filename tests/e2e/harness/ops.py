"""The HTTP endpoint for operators."""

import http.client
import re
import threading

from .process import TIMEOUT_SECONDS

SERIES = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")


def get(crier, path):
    """Status and body."""
    connection = http.client.HTTPConnection(crier.ops, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


class Metrics(dict):
    """One scrape: (name, labels as text) -> value."""

    def __init__(self, text):
        super().__init__()
        self.text = text
        for line in text.splitlines():
            if match := SERIES.match(line):
                self[match[1], match[2] or ""] = float(match[3])

    def sum(self, name, **labels):
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        return sum(value for (series, text), value in self.items()
                   if series == name and all(label in text for label in wanted))

    def families(self):
        return set(re.findall(r"^# TYPE (\w+) ", self.text, re.MULTILINE))

    def imbalance(self):
        """offered - (sent + dropped + discarded + queued): always 0."""
        return self.sum("crier_messages_offered_total") - sum(
            self.sum(name) for name in ("crier_messages_sent_total", "crier_messages_dropped_total",
                                        "crier_messages_discarded_total", "crier_queued_messages"))


def metrics(crier):
    return Metrics(get(crier, "/metrics")[1])


def wait_for_metrics(crier, condition, seconds=TIMEOUT_SECONDS):
    """Scrapes until the condition holds. Nothing tells of a change, so this has to look again."""
    pause = threading.Event()
    for _ in range(seconds * 50):
        found = metrics(crier)
        if condition(found):
            return found
        pause.wait(0.02)
    raise AssertionError(f"the condition never held:\n{found.text}")
