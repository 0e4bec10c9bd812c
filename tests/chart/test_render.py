"""What the chart renders, judged by the tools that will meet it."""

import glob
import os
import subprocess
import tempfile
import unittest

import yaml
from cases import CASES, sets
from harness import NEWEST, OLDEST, SOURCE, TOOLS, ChartTest, Objects, helm, render, subset, CHART

CRIER = os.environ["CRIER"]
# The rules and dashboards have tests of their own.
WITHOUT_FILES = sets(metrics__prometheusRule__enabled=False, metrics__dashboards__enabled=False)
GOLDEN = os.path.join(os.path.dirname(__file__), "golden")


def kubeconform(version, *files):
    locations = [f"{TOOLS}/schemas/{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
                 for folder in (version, "operator", "keda")]
    return subprocess.run(
        [f"{TOOLS}/kubeconform", "-strict", "-summary",
         *[word for place in locations for word in ("-schema-location", place)], *files],
        capture_output=True, text=True, check=False)


def podsecurity(*files):
    return subprocess.run([f"{TOOLS}/podsecurity", *files], capture_output=True, text=True,
                          check=False)


# What kube-score recommends and crier does not want.
NOT_WANTED = (
    "deployment-replicas", "deployment-strategy",  # one, and Recreate, where there is no bus
    "deployment-has-host-podantiaffinity",  # a spread constraint keeps pods apart
    "container-image-pull-policy",  # IfNotPresent, for an image with a version
    "container-ephemeral-storage-request-and-limit",  # nothing is written; logs must not evict
)


def kube_score(*files):
    return subprocess.run(
        [f"{TOOLS}/kube-score", "score", "--kubernetes-version", OLDEST.rsplit(".", 1)[0],
         "--output-format", "ci", "--ignore-container-cpu-limit",
         *[word for test in NOT_WANTED for word in ("--ignore-test", test)], *files],
        capture_output=True, text=True, check=False)


class Rendered(ChartTest):
    """Every case, rendered once for the oldest Kubernetes and once for the newest."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.texts = {}
        for version in (OLDEST, NEWEST):
            os.mkdir(f"{cls.folder.name}/{version}")
            for name, arguments in CASES.items():
                cls.texts[version, name] = render(*arguments, version=version)
                with open(f"{cls.folder.name}/{version}/{name}.yaml", "w",
                          encoding="utf-8") as file:
                    file.write(cls.texts[version, name])

    def files(self, version):
        return sorted(glob.glob(f"{self.folder.name}/{version}/*.yaml"))

    def each(self):
        for (version, name), text in self.texts.items():
            with self.subTest(name, version=version):
                yield Objects(text)

    def test_kubernetes_knows_every_field(self):
        for version in (OLDEST, NEWEST):
            done = kubeconform(version, *self.files(version))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn(f"in {len(CASES)} files", done.stdout)

    def test_every_pod_is_admitted_as_restricted(self):
        done = podsecurity(*self.files(OLDEST))
        self.assertEqual((done.returncode, done.stdout), (0, f"{2 * len(CASES)} pods\n"))

    def test_kube_score_finds_nothing_to_improve(self):
        for name in ("default", "everything", "load-balancer", "policy", "budget", "cluster"):
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                # Without the pod of helm test, which no network policy needs to protect.
                yaml.safe_dump_all([item for item in Objects(self.texts[OLDEST, name]).values()
                                    if item["kind"] != "Pod"], file)
                file.flush()
                done = kube_score(file.name)
            self.assertNotRegex(done.stdout, r"(?m)^\[(CRITICAL|WARNING)\]", name)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("[OK]", done.stdout)

    def test_crier_accepts_every_configuration(self):
        for found in self.each():
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                file.write(found.config())
                file.flush()
                done = subprocess.run([CRIER, "--config", file.name, "--check-config"],
                                      capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_services_find_the_pod_and_no_other(self):
        for found in self.each():
            labels = found.deployment()["template"]["metadata"]["labels"]
            ports = {port["name"]: port["containerPort"] for port in found.container()["ports"]}
            for service in found.kind("Service"):
                self.assertTrue(subset(service["spec"]["selector"], labels))
                self.assertFalse(subset(service["spec"]["selector"],
                                        found.one("Pod")["metadata"]["labels"]))
                for port in service["spec"]["ports"]:
                    self.assertEqual(ports[port["targetPort"]], port["port"])
            self.assertTrue(subset(found.deployment()["selector"]["matchLabels"], labels))

    def test_ports_are_those_of_the_configuration(self):
        for found in self.each():
            config = yaml.safe_load(found.config())
            wanted = [group["address"] for group in
                      [*config["listeners"], config["control"], config["ops"]]]
            self.assertEqual([port["containerPort"] for port in found.container()["ports"]],
                             [int(address.rsplit(":", 1)[1]) for address in wanted])

    def test_names_are_short_enough(self):
        for found in self.each():
            for _, name in found:
                self.assertLessEqual(len(name), 63)
            for port in found.container()["ports"]:
                self.assertLessEqual(len(port["name"]), 15)

    def test_everything_is_labelled_and_nothing_else_moves_the_selector(self):
        for found in self.each():
            for item in found.values():
                if not item["metadata"]["name"] in ("mine", "push-x"):
                    self.assertIn("helm.sh/chart", item["metadata"]["labels"])
            self.assertEqual(set(found.deployment()["selector"]["matchLabels"]),
                             {"app.kubernetes.io/name", "app.kubernetes.io/instance"})


class Checkers(ChartTest):
    """The tools themselves: those that find nothing wrong with anything prove nothing."""

    def check(self, tool, text):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            return tool(file.name)

    def test_an_unknown_field_is_seen(self):
        for version in (OLDEST, NEWEST):
            text = render().replace("enableServiceLinks", "enableServiceLink")
            done = self.check(lambda path: kubeconform(version, path), text)
            self.assertIn("enableServiceLink", done.stdout)
            self.assertEqual(done.returncode, 1)

    def test_an_unknown_field_of_the_operator_is_seen(self):
        text = render(*CASES["service-monitor"]).replace("scrapeTimeout", "scrapeTimeOut")
        self.assertEqual(self.check(lambda path: kubeconform(NEWEST, path), text).returncode, 1)

    def test_an_unknown_field_of_keda_is_seen(self):
        text = render(*CASES["keda"]).replace("minReplicaCount", "minReplicas")
        self.assertEqual(self.check(lambda path: kubeconform(NEWEST, path), text).returncode, 1)

    def test_a_probe_that_is_gone_is_seen(self):
        text = render().replace("readinessProbe:", "anotherProbe:")
        self.assertIn("apps/v1/Deployment: Container is missing a readinessProbe",
                      self.check(kube_score, text).stdout)

    def test_a_privileged_pod_is_seen(self):
        done = self.check(podsecurity, render(*sets(securityContext__capabilities=None)))
        self.assertIn("unrestricted capabilities", done.stdout)
        self.assertEqual(done.returncode, 1)


class Golden(ChartTest):
    """The whole text of some cases; UPDATE_GOLDEN=1 make chart writes it anew."""

    def test_nothing_changed_unnoticed(self):
        for name in ("default", "two-listeners", "everything", "cluster"):
            path = f"{GOLDEN}/{name}.yaml"
            text = render(*CASES[name], *WITHOUT_FILES)
            if os.environ.get("UPDATE_GOLDEN"):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            with self.subTest(name), open(path, encoding="utf-8") as file:
                self.assertEqual(text, file.read(), f"see git diff after UPDATE_GOLDEN=1 {name}")


class Lint(ChartTest):
    def test_helm_finds_nothing_to_say(self):
        for arguments in CASES.values():
            done = helm("lint", "--strict", "--quiet", CHART, *arguments)
            self.assertEqual((done.returncode, done.stdout), (0, ""), arguments)

    def test_the_package_has_what_the_templates_read(self):
        with tempfile.TemporaryDirectory() as folder:
            done = helm("package", CHART, "--destination", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            archive, = glob.glob(f"{folder}/crier-*.tgz")
            listed = subprocess.run(["tar", "-tzf", archive], capture_output=True, text=True,
                                    check=True).stdout.split()
        self.assertFalse([path for path in listed if path.startswith("crier/ci/")])
        for kind in ("dashboards", "rules"):
            packed = {path for path in listed if path.startswith(f"crier/{kind}/")}
            self.assertEqual(packed, {f"crier/{kind}/{name}"
                                      for name in os.listdir(f"{SOURCE}/deploy/helm/crier/{kind}")})


if __name__ == "__main__":
    unittest.main()
