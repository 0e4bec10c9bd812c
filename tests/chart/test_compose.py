"""deploy/compose, as far as it can be judged without Docker."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

SOURCE = os.environ["CRIER_SOURCE"]
FOLDER = f"{SOURCE}/deploy/compose"


def load(name):
    with open(f"{FOLDER}/{name}", encoding="utf-8") as file:
        return yaml.safe_load(file)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Compose(unittest.TestCase):
    def setUp(self):
        self.services = load("compose.yaml")["services"]
        self.config = load("crier.yaml")

    def mounts(self, service):
        """What is mounted, by its place in the container."""
        found = {}
        for volume in self.services[service]["volumes"]:
            source, place, mode = volume.split(":")
            self.assertEqual(mode, "ro")
            found[place] = os.path.normpath(os.path.join(FOLDER, source))
        return found

    def test_everything_that_is_mounted_exists(self):
        for service in self.services:
            for path in self.mounts(service).values():
                self.assertTrue(os.path.exists(path), path)
        self.assertIn("crier-overview.json",
                      os.listdir(self.mounts("grafana")["/var/lib/grafana/dashboards"]))

    def test_every_image_of_others_has_a_version(self):
        for name, service in self.services.items():
            if name != "crier":
                self.assertRegex(service["image"], r":v?\d+\.\d+\.\d+$")

    def test_crier_accepts_its_configuration(self):
        done = run(os.environ["CRIER"], "--config", f"{FOLDER}/crier.yaml", "--check-config")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(self.services["crier"]["command"][1], self.mounts("crier"))
        self.assertEqual(self.services["crier"]["healthcheck"]["test"][-1],
                         self.services["crier"]["command"][1])

    def test_ports_are_those_of_the_configuration_and_only_clients_come_from_elsewhere(self):
        printed = run(os.environ["CRIER"], "--config", f"{FOLDER}/crier.yaml", "--print-config")
        config = yaml.safe_load(printed.stdout)
        data, control, ops = (group["address"].rsplit(":", 1)[1] for group in
                              (config["listeners"][0], config["control"], config["ops"]))
        self.assertEqual(self.services["crier"]["ports"],
                         [f"{data}:{data}", f"127.0.0.1:{control}:{control}"])
        targets = load("prometheus.yml")["scrape_configs"][0]["static_configs"][0]["targets"]
        self.assertEqual(targets, [f"crier:{ops}"])
        for service in ("prometheus", "grafana"):
            for port in self.services[service]["ports"]:
                self.assertTrue(port.startswith("127.0.0.1:"))

    def test_docker_waits_for_the_drain(self):
        printed = run(os.environ["CRIER"], "--config", f"{FOLDER}/crier.yaml", "--print-config")
        drain = yaml.safe_load(printed.stdout)["drain"]
        longest = sum(int(re.fullmatch(r"(\d+)s", drain[key])[1])
                      for key in ("settle", "spread", "flush")) + 5
        grace = int(re.fullmatch(r"(\d+)s", self.services["crier"]["stop_grace_period"])[1])
        self.assertGreater(grace, longest)

    def test_prometheus_accepts_its_configuration_with_the_rules_where_they_are_mounted(self):
        with tempfile.TemporaryDirectory() as root:
            for place, path in self.mounts("prometheus").items():
                os.makedirs(os.path.dirname(root + place), exist_ok=True)
                shutil.copy(path, root + place)
            done = run("promtool", "check", "config", f"{root}/etc/prometheus/prometheus.yml")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertRegex(done.stdout, r"[1-9]\d* rules found")

    def test_alerts_and_scrapes_speak_of_the_same_job(self):
        self.assertEqual(load("prometheus.yml")["scrape_configs"][0]["job_name"], "crier")


if __name__ == "__main__":
    unittest.main()
