"""values.yaml, its schema and its README, as far as no helm is needed to judge them."""

import json
import os
import subprocess
import sys
import unittest

import jsonschema
import yaml

SOURCE = os.environ["CRIER_SOURCE"]
CHART = f"{SOURCE}/deploy/helm/crier"
# Where the chart departs from crier's own defaults, and what it says instead.
DEPARTURES = {
    "listeners[0].processor": ("echo", "discard"),  # the built-in echo is for trying it out
    "control.address": ("127.0.0.1:50051", "0.0.0.0:50051"),
    "control.insecure": (False, True),
    "ops.address": ("127.0.0.1:9464", "0.0.0.0:9464"),
    "drain.spread": ("5s", "30s"),
    "log.format": ("auto", "json"),
}
# A probe names only what is not Kubernetes's own default.
PROBE = {"initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold"}


def flat(value, path=""):
    """Values by path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flat(item, f"{path}[{index}]")
    else:
        yield path, value


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=SOURCE,
                          **options)


class Values(unittest.TestCase):
    def test_config_has_every_key_and_criers_defaults_but_for_the_named(self):
        printed = run(os.environ["CRIER"], "--print-config")
        built_in = dict(flat(yaml.safe_load(printed.stdout)))
        chart = dict(flat(load(f"{CHART}/values.yaml")["config"]))
        self.assertEqual(chart.keys(), built_in.keys())
        self.assertEqual({key: (built_in[key], chart[key]) for key in chart
                          if chart[key] != built_in[key]}, DEPARTURES)

    def test_the_chart_installs_this_version(self):
        version = run(os.environ["CRIER"], "--version").stdout.split()[1]
        self.assertEqual(load(f"{CHART}/Chart.yaml")["appVersion"], version)
        with open(f"{SOURCE}/Dockerfile", encoding="utf-8") as file:
            self.assertIn(f'image.version="{version}"', file.read())

    def test_readme_is_up_to_date(self):
        done = run(sys.executable, "-B", "scripts/chart/readme.py", "--check")
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_dashboards_are_up_to_date(self):
        done = run(sys.executable, "-B", "scripts/dashboards/write.py", "--check")
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))


class Schema(unittest.TestCase):
    def setUp(self):
        with open(f"{CHART}/values.schema.json", encoding="utf-8") as file:
            self.schema = json.load(file)

    def test_its_config_is_that_of_the_binary(self):
        printed = run(os.environ["CONFIG_SCHEMA"])
        done = run(sys.executable, "-B", "scripts/chart/schema.py", "--check", input=printed.stdout)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_it_is_a_schema_and_accepts_the_chart(self):
        jsonschema.Draft7Validator.check_schema(self.schema)
        jsonschema.validate(load(f"{CHART}/values.yaml"), self.schema)

    def test_it_refuses_keys_that_it_does_not_name(self):
        def open_ended(rule, path):
            if isinstance(rule, dict):
                if "properties" in rule and "allOf" not in path and \
                        rule.get("additionalProperties") is not False:
                    yield path
                for key, inner in rule.items():
                    yield from open_ended(inner, path + [key])
            elif isinstance(rule, list):
                for inner in rule:
                    yield from open_ended(inner, path)
        self.assertEqual(list(open_ended(self.schema, [])), [])

    def test_it_names_every_value_that_there_is(self):
        def named(values, rule, path):
            rule = self.resolve(rule)
            if not isinstance(values, dict) or "properties" not in rule:
                return
            self.assertEqual(set(values) - PROBE, set(rule["properties"]) - PROBE - {"global"}, path)
            for key, value in values.items():
                named(value, rule["properties"][key], f"{path}.{key}")
        named(load(f"{CHART}/values.yaml"), self.schema, "")

    def resolve(self, rule):
        while "$ref" in rule or "allOf" in rule:
            rule = rule["allOf"][0] if "allOf" in rule else \
                self.schema["definitions"][rule["$ref"].rsplit("/", 1)[1]]
        return rule

    def test_the_configuration_alone_is_a_schema_for_criers_files(self):
        rule = {"$ref": "#/definitions/config", "definitions": self.schema["definitions"]}
        for name in sorted(os.listdir(f"{SOURCE}/examples")):
            if name.endswith(".yaml"):
                jsonschema.validate(load(f"{SOURCE}/examples/{name}"), rule)
        for wrong in ({"drain": {"spraed": "1s"}}, {"shards": 257}, {"shards": "2"},
                      {"listeners": [{"queue": {"max_bytes": "2MB"}}]}, {"drain": {"spread": 5}},
                      {"control": {"address": "localhost:1"}}, {"listeners": []},
                      {"listeners": [{"length_bytes": 3}]}, {"log": {"level": "loud"}}):
            with self.subTest(wrong), self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(wrong, rule)


if __name__ == "__main__":
    unittest.main()
