"""The dashboards as Grafana will read them; tests/e2e asks a real Prometheus for their queries."""

import itertools
import json
import os
import re
import unittest

SOURCE = os.environ["CRIER_SOURCE"]
BOARDS = ("crier-overview", "crier-node")
UNITS = {"short", "s", "bytes", "Bps", "cps", "mps", "ops", "reqps", "percentunit"}
KINDS = {"timeseries", "stat", "heatmap", "table", "row"}


def load(name):
    with open(f"{SOURCE}/deploy/helm/crier/dashboards/{name}.json", encoding="utf-8") as file:
        return json.load(file)


def overlap(one, other):
    return (one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"] and
            one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"])


class Dashboards(unittest.TestCase):
    def each_board(self):
        for name in BOARDS:
            with self.subTest(name):
                yield load(name)

    def each_panel(self):
        for board in self.each_board():
            for panel in board["panels"]:
                if panel["type"] != "row":
                    with self.subTest(panel["title"]):
                        yield panel

    def test_grafana_chooses_their_identities(self):
        for board in self.each_board():
            self.assertNotIn("id", board)
            self.assertNotIn("uid", board)
            self.assertNotIn("version", board)
            self.assertIn("crier", board["tags"])
            numbers = [panel["id"] for panel in board["panels"]]
            self.assertEqual(len(numbers), len(set(numbers)))

    def test_the_data_source_is_a_variable_everywhere(self):
        for board in self.each_board():
            text = json.dumps(board)
            self.assertEqual(set(re.findall(r'"datasource": \{[^}]*"uid": "([^"]*)"', text)),
                             {"${datasource}"})
            self.assertEqual(board["templating"]["list"][0]["type"], "datasource")

    def test_every_query_is_about_the_chosen_nodes(self):
        chosen = 'namespace=~"$namespace", job=~"$job", instance=~"$instance"'
        for panel in self.each_panel():
            for target in panel["targets"]:
                selectors = re.findall(r"\b(?:crier|process)_\w+(\{[^}]*\})?", target["expr"])
                self.assertTrue(selectors)
                for selector in selectors:
                    self.assertIn(chosen, selector)

    def test_every_variable_in_a_query_is_one_that_there_is(self):
        for board in self.each_board():
            names = {entry["name"] for entry in board["templating"]["list"]} | {"__rate_interval"}
            self.assertLessEqual(set(re.findall(r"\$\{?(\w+)", json.dumps(board))) - {"__all"},
                                 names)

    def test_rates_are_over_the_interval_that_grafana_knows_to_be_long_enough(self):
        for panel in self.each_panel():
            for target in panel["targets"]:
                ranges = re.findall(r"\[([^]]*)\]", target["expr"])
                self.assertLessEqual(set(ranges), {"$__rate_interval"})

    def test_every_metric_exists(self):
        with open(f"{SOURCE}/docs/metrics.md", encoding="utf-8") as file:
            known = set(re.findall(r"^\| `(\w+)` \|", file.read(), re.MULTILINE))
        used = set()
        for panel in self.each_panel():
            for target in panel["targets"]:
                for name in re.findall(r"\b(?:crier|process)_\w+", target["expr"]):
                    name = re.sub("_(bucket|count|sum)$", "", name)
                    self.assertIn(name, known)
                    used.add(name)
        self.assertEqual(known - used, set(), "metrics that no panel shows")

    def test_every_panel_says_what_it_shows_and_in_what(self):
        for panel in self.each_panel():
            self.assertIn(panel["type"], KINDS)
            self.assertTrue(panel["title"])
            self.assertIn(panel["fieldConfig"]["defaults"]["unit"], UNITS)
            letters = [target["refId"] for target in panel["targets"]]
            self.assertEqual(letters, sorted(set(letters)))
            if len(letters) > 1:
                self.assertNotIn("__auto", [target["legendFormat"] for target in panel["targets"]])

    def test_legends_name_labels_that_the_query_keeps(self):
        for panel in self.each_panel():
            for target in panel["targets"]:
                for label in re.findall(r"\{\{(.*?)\}\}", target["legendFormat"]):
                    self.assertRegex(label, r"\A\w+\Z")
                    if " by (" in target["expr"]:
                        kept = re.search(r" by \(([^)]*)\)", target["expr"])[1].split(", ")
                        self.assertIn(label, kept)

    def test_panels_lie_beside_each_other(self):
        for board in self.each_board():
            places = [panel["gridPos"] for panel in board["panels"]]
            for place in places:
                self.assertLessEqual(place["x"] + place["w"], 24)
            for one, other in itertools.combinations(places, 2):
                self.assertFalse(overlap(one, other), (one, other))


if __name__ == "__main__":
    unittest.main()
