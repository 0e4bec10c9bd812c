"""A real Prometheus that scrapes real nodes."""

import glob
import json
import math
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from .process import SOURCE, TIMEOUT_SECONDS, wait_until

RULES = f"{SOURCE}/deploy/helm/crier/rules"
CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}/*.yaml]
scrape_configs:
  - job_name: crier
    static_configs: {targets}
"""


def listening_port(pid):
    """The port on which a process listens, or None as long as there is none."""
    with open(f"/proc/{pid}/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table][1:]
    listening = {row[9]: int(row[1].rsplit(":", 1)[1], 16) for row in rows if row[3] == "0A"}
    for link in glob.glob(f"/proc/{pid}/fd/*"):
        try:
            name = os.readlink(link)
        except FileNotFoundError:
            continue
        if name.startswith("socket:[") and name[8:-1] in listening:
            return listening[name[8:-1]]
    return None


class Prometheus:
    """Scrapes these nodes (name -> address of their ops port) until the end of a with block."""

    def __init__(self, nodes):
        self._nodes = nodes

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        path = os.path.join(self._folder.name, "prometheus.yml")
        targets = [{"targets": [address], "labels": {"instance": name}}
                   for name, address in self._nodes.items()]
        with open(path, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(rules=RULES, targets=json.dumps(targets)))
        program = shutil.which("prometheus") or "/usr/bin/prometheus"
        with open(os.path.join(self._folder.name, "log"), "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [program, f"--config.file={path}", "--web.listen-address=127.0.0.1:0",
                 f"--storage.tsdb.path={self._folder.name}/data"], stdout=log, stderr=log)
        try:
            port = wait_until(lambda: self._port_or_death(), "Prometheus listens")
            self._url = f"http://127.0.0.1:{port}/api/v1"
            wait_until(self._answers, "Prometheus answers")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.kill()  # its data is thrown away
        self._process.wait(TIMEOUT_SECONDS)
        self._folder.cleanup()

    def _port_or_death(self):
        if self._process.poll() is not None:
            with open(os.path.join(self._folder.name, "log"), encoding="utf-8") as log:
                raise AssertionError(f"Prometheus ended: {log.read()}")
        return listening_port(self._process.pid)

    def _answers(self):
        try:
            return self._get("status/buildinfo")
        except OSError:
            return None

    def _get(self, path, **parameters):
        url = f"{self._url}/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error

    def value(self, query):
        """The sum of what an instant query finds, or None where it finds nothing."""
        found = [float(series["value"][1]) for series in
                 self._get("query", query=query)["result"]]
        return sum(found) if found else None

    def series(self, query, seconds, end=None):
        """Labels and (time, value) pairs without those that are no numbers."""
        end = end or time.time()
        result = self._get("query_range", query=query, start=end - seconds, end=end,
                           step=max(1, seconds / 200))["result"]
        found = [(entry["metric"], [(time, float(value)) for time, value in entry["values"]
                                    if math.isfinite(float(value))]) for entry in result]
        return [(labels, points) for labels, points in found if points]

    def rules(self):
        return [rule for group in self._get("rules")["groups"] for rule in group["rules"]]
