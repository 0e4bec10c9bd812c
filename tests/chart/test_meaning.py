"""What single values do."""

import re
import shutil
import tempfile
import unittest

import yaml
from cases import CASES, sets
from harness import CHART, OLDEST, RELEASE, ChartTest, helm, render


class Stopping(ChartTest):
    def grace(self, *arguments):
        return self.rendered(*arguments).pod()["terminationGracePeriodSeconds"]

    def test_grace_covers_the_sleep_the_drain_and_a_reserve(self):
        self.assertEqual(self.grace(), 5 + (0 + 30 + 2 + 5) + 10)
        self.assertEqual(self.grace(*sets(preStopSleepSeconds=0)), 37 + 10)
        self.assertEqual(self.grace(*CASES["times"]), 0 + (2 + 120 + 2 + 5) + 10)
        self.assertEqual(self.grace(*sets(config__drain__deadline="1m")), 5 + 60 + 10)

    def test_a_grace_period_of_ones_own_may_be_as_short_as_the_drain_is_long(self):
        self.assertEqual(self.grace(*sets(terminationGracePeriodSeconds=42)), 42)
        self.refused("terminationGracePeriodSeconds is 41, but preStopSleepSeconds and "
                     "config.drain take up to 42", *sets(terminationGracePeriodSeconds=41))

    def test_without_a_sleep_there_is_no_hook(self):
        self.assertEqual(self.rendered().container()["lifecycle"],
                         {"preStop": {"sleep": {"seconds": 5}}})
        self.assertNotIn("lifecycle", self.rendered(*sets(preStopSleepSeconds=0)).container())

    def test_a_draining_pod_still_gets_broadcasts(self):
        found = self.rendered()
        for component, published in (("data", None), ("control", True), ("ops", True),
                                     ("headless", True)):
            self.assertEqual(found.service(component).get("publishNotReadyAddresses"), published)


class Restarting(ChartTest):
    def template(self, *arguments):
        return self.rendered(*arguments).deployment()["template"]

    def test_another_configuration_is_another_pod(self):
        self.assertNotEqual(self.template(), self.template(*sets(config__shards=2)))

    def test_what_is_not_of_the_pod_does_not_restart_it(self):
        for name in ("service-monitor", "rules", "dashboards", "policy", "load-balancer", "budget"):
            self.assertEqual(self.template(), self.template(*CASES[name]), name)

    def test_the_charts_version_is_not_of_the_pod(self):
        self.assertNotIn("helm.sh/chart", yaml.safe_dump(self.template()))


class Placement(ChartTest):
    def test_a_spread_constraint_gets_a_selector_unless_it_has_one(self):
        found = self.rendered(*CASES["placement"]).pod()["topologySpreadConstraints"]
        self.assertEqual([constraint["labelSelector"]["matchLabels"] for constraint in found],
                         [{"app.kubernetes.io/name": "crier"}, {"mine": "yes"}])


class Policy(ChartTest):
    def rules(self, *arguments):
        """Peers by port."""
        policy = self.rendered(*arguments).one("NetworkPolicy")["spec"]
        self.assertEqual(policy["policyTypes"], ["Ingress", "Egress"])
        return {port["port"]: rule.get("from") for rule in policy["ingress"]
                for port in rule.get("ports", [])}, policy

    def test_only_pods_with_the_label_may_push(self):
        rules, policy = self.rules()
        self.assertEqual(rules["control"],
                         [{"podSelector": {"matchLabels": {"push-crier-client": "true"}}}])
        self.assertIsNone(rules["data"])
        self.assertEqual(policy["egress"], [])

    def test_the_test_pod_carries_the_label(self):
        for arguments in ([], CASES["names"], CASES["full-name"]):
            found = self.rendered(*arguments)
            rules, _ = self.rules(*arguments)
            wanted, = rules["control"][0]["podSelector"]["matchLabels"].items()
            self.assertIn(wanted, found.one("Pod")["metadata"]["labels"].items())

    def test_peers_are_added(self):
        rules, policy = self.rules(*CASES["policy"])
        self.assertEqual(len(rules["control"]), 2)
        self.assertEqual(len(rules["data"]), 1)
        self.assertNotIn("ops", rules)
        self.assertEqual(len(policy["egress"]), 1)

    def test_off_is_off(self):
        self.assertEqual(self.rendered(*CASES["no-policy"]).kind("NetworkPolicy"), [])


class Metrics(ChartTest):
    def test_nothing_of_the_operator_by_default(self):
        self.assertNotIn("monitoring.coreos.com", render())

    def test_the_monitor_selects_the_ops_service(self):
        found = self.rendered(*CASES["service-monitor"])
        wanted = found.one("ServiceMonitor")["spec"]["selector"]["matchLabels"].items()
        selected = [service["metadata"]["name"] for service in found.kind("Service")
                    if wanted <= service["metadata"]["labels"].items()]
        self.assertEqual(selected, ["push-crier-ops"])

    def test_rules_are_those_of_the_files_less_the_disabled(self):
        found = self.rendered(*CASES["rules"]).one("PrometheusRule")
        alerts = {rule["alert"]: rule for group in found["spec"]["groups"]
                  for rule in group["rules"]}
        self.assertNotIn("CrierImbalance", alerts)
        down = alerts["CrierDown"]
        self.assertEqual(down["labels"]["team"], "push")
        self.assertEqual(down["annotations"]["runbook_url"],
                         "https://example.org/runbooks/CrierDown.md")
        self.assertIn("$labels.instance", down["annotations"]["summary"])
        self.assertEqual(render(*sets(metrics__prometheusRule__enabled=True)).count("alert: "),
                         len(alerts) + 1)

    def test_dashboards_wear_the_sidecars_label(self):
        found = self.rendered(*CASES["dashboards"])
        boards, = [item for item in found.kind("ConfigMap") if "crier.yaml" not in item["data"]]
        self.assertEqual(boards["metadata"]["labels"]["grafana_dashboard"], "1")
        self.assertEqual(set(boards["data"]), {"crier-overview.json", "crier-node.json"})


class Notes(ChartTest):
    """helm template prints no notes, so this makes an object of them."""

    def notes(self, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            chart = shutil.copytree(CHART, f"{folder}/crier")
            with open(f"{chart}/templates/NOTES.txt", encoding="utf-8") as file:
                text = file.read()
            with open(f"{chart}/templates/_notes.tpl", "w", encoding="utf-8") as file:
                file.write('{{- define "notes" -}}' + text + "{{- end -}}")
            with open(f"{chart}/templates/notes.yaml", "w", encoding="utf-8") as file:
                file.write('notes: {{ include "notes" . | toJson }}')
            done = helm("template", RELEASE, chart, "--kube-version", OLDEST.removeprefix("v"),
                        "--show-only", "templates/notes.yaml", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return yaml.safe_load(done.stdout)["notes"]

    def test_they_name_the_services_that_there_are(self):
        found = self.rendered()
        addresses = re.findall(r"(push-crier\S*):(\d+)", self.notes())
        self.assertEqual(len(addresses), 3)
        for name, port in addresses:
            ports = found["Service", name]["spec"]["ports"]
            self.assertIn(int(port), [entry["port"] for entry in ports])

    def test_they_say_who_may_push(self):
        self.assertIn('label push-crier-client: "true"', self.notes())
        self.assertIn("There is no network policy", self.notes(*CASES["no-policy"]))

    def test_they_say_what_joins_the_pods(self):
        self.assertIn("There is no bus", self.notes())
        self.assertIn("There is 1 pod, joined over Redis at redis\n(without TLS, without a password)",
                      self.notes(*CASES["bus"], *sets(replicas=1)))
        self.assertIn("There are 2 pods, joined over Redis at a,b:7000\n(without TLS, with a password)",
                      self.notes(*CASES["sentinels"]))
        self.assertIn("HPA keeps between 3 and 12 pods, joined over Redis at redis-0.redis.data:6380,"
                      "redis-1.redis.data\n(with TLS, with the password of Secret redis)",
                      self.notes(*CASES["cluster"]))

    def test_they_name_a_client_that_gets_in(self):
        self.assertIn("nc localhost 8082 &", self.notes())
        self.assertIn("nc localhost 7002 &", self.notes(*CASES["clients-and-plain"]))
        self.assertNotIn("nc localhost", self.notes(*CASES["clients"]))
        self.assertIn("docs/authentication.md", self.notes(*CASES["clients"]))

    def test_they_say_when_nothing_runs(self):
        self.assertEqual(self.notes(*CASES["stopped"]).strip(),
                         "crier is stopped, because replicas is 0.")


if __name__ == "__main__":
    unittest.main()
