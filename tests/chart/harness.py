"""Renders the chart with helm and looks at what comes out."""

import os
import subprocess
import unittest

import yaml

SOURCE = os.environ["CRIER_SOURCE"]
CHART = os.path.join(SOURCE, "deploy/helm/crier")
TOOLS = os.path.join(SOURCE, "build/tools")
OLDEST, NEWEST = sorted(name for name in os.listdir(f"{TOOLS}/schemas") if name[0] == "v") \
    if os.path.isdir(f"{TOOLS}/schemas") else (None, None)
RELEASE = "push"  # not the chart's own name: whoever mixes the two up is found out


class UniqueKeys(yaml.CSafeLoader):
    """YAML itself takes the last of two equal keys and says nothing."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"twice: {twice}", node.start_mark)
        return super().construct_mapping(node, deep)


UniqueKeys.add_constructor("tag:yaml.org,2002:map", lambda loader, node:
                           loader.construct_mapping(node, deep=True))


def helm(*arguments):
    return subprocess.run([f"{TOOLS}/helm", *arguments], capture_output=True, text=True,
                          check=False)


def template(*arguments, version=None):
    """helm template with these arguments, for this version of Kubernetes."""
    return helm("template", RELEASE, CHART, "--namespace", "pushing", "--kube-version",
                (version or OLDEST).removeprefix("v"), *arguments)


def render(*arguments, version=None):
    """The rendered text; it has to render."""
    done = template(*arguments, version=version)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.stderr}")
    return done.stdout


def objects(text):
    return [found for found in yaml.load_all(text, Loader=UniqueKeys) if found]


class Objects(dict):
    """The objects of one rendering by kind and name."""

    def __init__(self, text):
        super().__init__()
        for found in objects(text):
            key = found["kind"], found["metadata"]["name"]
            if key in self:
                raise AssertionError(f"twice: {key}")
            self[key] = found

    def kind(self, kind):
        return [found for (of, _), found in self.items() if of == kind]

    def one(self, kind):
        found, = self.kind(kind)
        return found

    def deployment(self):
        return self.one("Deployment")["spec"]

    def pod(self):
        return self.deployment()["template"]["spec"]

    def container(self):
        return next(found for found in self.pod()["containers"] if found["name"] == "crier")

    def service(self, component):
        return next(found["spec"] for found in self.kind("Service")
                    if found["metadata"]["labels"]["app.kubernetes.io/component"] == component)

    def config(self):
        """crier's configuration file."""
        return next(found["data"]["crier.yaml"] for found in self.kind("ConfigMap")
                    if "crier.yaml" in found["data"])


class ChartTest(unittest.TestCase):
    def rendered(self, *arguments, **options):
        return Objects(render(*arguments, **options))

    def refused(self, text, *arguments):
        """It does not render, and says why in words of which these are part."""
        done = template(*arguments)
        self.assertNotEqual(done.returncode, 0, f"{arguments} was rendered")
        self.assertIn(text, done.stderr, arguments)


def subset(labels, of):
    return all(of.get(key) == value for key, value in labels.items())
