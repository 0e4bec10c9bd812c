"""The alert rules: their cases, their runbook pages, and that they ask for metrics that exist."""

import glob
import os
import re
import subprocess
import unittest

import yaml

SOURCE = os.environ["CRIER_SOURCE"]
RULES = sorted(glob.glob(f"{SOURCE}/deploy/helm/crier/rules/*.yaml"))
CASES = sorted(glob.glob(f"{SOURCE}/tests/chart/rules/*_test.yaml"))
# What does not come from crier itself.
OTHERS = {"up", "container_memory_working_set_bytes", "kube_pod_container_resource_limits",
          "kube_pod_container_status_restarts_total"}


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def read(path):
    with open(f"{SOURCE}/{path}", encoding="utf-8") as file:
        return file.read()


def promtool(*arguments):
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)


def alerts():
    return [rule for path in RULES for group in load(path)["groups"] for rule in group["rules"]]


class Rules(unittest.TestCase):
    def test_promtool_accepts_them(self):
        done = promtool("check", "rules", *RULES)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)

    def test_every_case_holds(self):
        done = promtool("test", "rules", *CASES)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(self):
        seen = {(case["alertname"], bool(case["exp_alerts"])) for path in CASES
                for test in load(path)["tests"] for case in test["alert_rule_test"]}
        for rule in alerts():
            self.assertIn((rule["alert"], True), seen)
            self.assertIn((rule["alert"], False), seen)

    def test_every_alert_has_a_page_and_every_page_an_alert(self):
        pages = {os.path.basename(path) for path in glob.glob(f"{SOURCE}/docs/runbooks/*.md")}
        self.assertEqual({f"{rule['alert']}.md" for rule in alerts()}, pages - {"README.md"})
        with open(f"{SOURCE}/docs/runbooks/README.md", encoding="utf-8") as file:
            self.assertEqual(set(re.findall(r"\]\((\w+\.md)\)", file.read())),
                             pages - {"README.md"})

    def test_every_alert_says_what_it_has_to(self):
        for rule in alerts():
            with self.subTest(rule["alert"]):
                self.assertIn(rule["labels"]["severity"], ("critical", "warning"))
                self.assertEqual(set(rule["annotations"]), {"summary", "description", "runbook"})
                self.assertEqual(rule["annotations"]["runbook"],
                                 f"docs/runbooks/{rule['alert']}.md")

    def test_every_reason_to_reject_is_on_a_page_and_raises_at_most_one_alert(self):
        row = next(line for line in read("docs/metrics.md").splitlines()
                   if line.startswith("| `crier_connections_rejected_total`"))
        reasons = set(re.search(r"`reason`: ([\w, ]+\w)", row)[1].split(", "))
        alert_of = {}
        for rule in alerts():
            if found := re.search(r'crier_connections_rejected_total\{reason=~"([\w|]+)"', rule["expr"]):
                for reason in found[1].split("|"):
                    self.assertNotIn(reason, alert_of)
                    alert_of[reason] = rule["alert"]
        self.assertLessEqual(set(alert_of), reasons)
        for reason in reasons:
            page = alert_of.get(reason, "CrierConnectionsRejected")
            self.assertIn(f"`{reason}`", read(f"docs/runbooks/{page}.md"))

    def test_every_metric_exists(self):
        with open(f"{SOURCE}/docs/metrics.md", encoding="utf-8") as file:
            known = set(re.findall(r"^\| `(\w+)` \|", file.read(), re.MULTILINE)) | OTHERS
        for rule in alerts():
            for name in re.findall(r"\b(?:crier|process|container|kube)_\w+|\bup\b", rule["expr"]):
                self.assertIn(re.sub("_(bucket|count|sum)$", "", name), known, rule["alert"])


if __name__ == "__main__":
    unittest.main()
