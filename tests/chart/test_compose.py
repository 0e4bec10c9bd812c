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


def port(address):
    return address.rsplit(":", 1)[1]


class Compose(unittest.TestCase):
    """One node."""

    FILE = "compose.yaml"
    # The ports of this machine for clients and for control, by node.
    NODES = {"crier": (8082, 50051)}

    def setUp(self):
        self.services = load(self.FILE)["services"]
        for service in self.services.values():
            if "extends" in service:
                service.update(load(service["extends"]["file"])["services"]
                               [service["extends"]["service"]])
        self.prometheus = yaml.safe_load(self.read("prometheus", "/etc/prometheus/prometheus.yml"))

    def mounts(self, service):
        """What is mounted, by its place in the container."""
        found = {}
        for volume in self.services[service].get("volumes", []):
            source, place, mode = volume.split(":")
            self.assertEqual(mode, "ro")
            found[place] = os.path.normpath(os.path.join(FOLDER, source))
        return found

    def read(self, service, place):
        with open(self.mounts(service)[place], encoding="utf-8") as file:
            return file.read()

    def config(self, node):
        """All of a node's configuration."""
        command = [self.mounts(node).get(word, word) for word in self.services[node]["command"]]
        printed = run(os.environ["CRIER"], *command, "--print-config")
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        return yaml.safe_load(printed.stdout)

    def test_everything_that_is_mounted_exists(self):
        for service in self.services:
            for path in self.mounts(service).values():
                self.assertTrue(os.path.exists(path), path)
        self.assertIn("crier-overview.json",
                      os.listdir(self.mounts("grafana")["/var/lib/grafana/dashboards"]))

    def test_every_image_of_others_has_a_version(self):
        for name, service in self.services.items():
            if name not in self.NODES:
                self.assertRegex(service["image"], r":v?\d+\.\d+\.\d+$")

    def test_who_is_waited_for_is_there(self):
        for service in self.services.values():
            self.assertLessEqual(set(service.get("depends_on", ())), set(self.services))

    def test_crier_finds_its_configuration(self):
        for node in self.NODES:
            path = self.services[node]["command"][1]
            self.assertIn(path, self.mounts(node))
            self.assertEqual(self.services[node]["healthcheck"]["test"][-1], path)

    def test_ports_are_those_of_the_configuration_and_only_clients_come_from_elsewhere(self):
        targets = []
        for node, (clients, calls) in self.NODES.items():
            config = self.config(node)
            data, control, ops = (port(group["address"]) for group in
                                  (config["listeners"][0], config["control"], config["ops"]))
            self.assertEqual(self.services[node]["ports"],
                             [f"{clients}:{data}", f"127.0.0.1:{calls}:{control}"])
            targets.append(f"{node}:{ops}")
        self.assertEqual(self.prometheus["scrape_configs"][0]["static_configs"],
                         [{"targets": targets}])
        for service in set(self.services) - set(self.NODES):
            for published in self.services[service].get("ports", []):
                self.assertTrue(published.startswith("127.0.0.1:"))

    def test_docker_waits_for_the_drain(self):
        for node in self.NODES:
            drain = self.config(node)["drain"]
            longest = sum(int(re.fullmatch(r"(\d+)s", drain[key])[1])
                          for key in ("settle", "spread", "flush")) + 5
            grace = int(re.fullmatch(r"(\d+)s", self.services[node]["stop_grace_period"])[1])
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
        self.assertEqual(self.prometheus["scrape_configs"][0]["job_name"], "crier")


class Cluster(Compose):
    """Two nodes and a Redis."""

    FILE = "cluster.yaml"
    NODES = {"crier-1": (8082, 50051), "crier-2": (8083, 50052)}

    def test_the_nodes_dial_the_redis_that_there_is_and_no_one_else_can(self):
        for node in self.NODES:
            self.assertEqual(self.config(node)["bus"]["url"], "redis://redis")
            self.assertEqual(self.services[node]["hostname"], node)
        self.assertNotIn("ports", self.services["redis"])


if __name__ == "__main__":
    unittest.main()
