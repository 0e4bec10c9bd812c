"""The chart's Grafana dashboards, as a Prometheus without Grafana can be asked for them."""

import json

from .process import SOURCE, wait_until

BOARDS = ("overview", "node")
# Rows about the bus, which only a node with a bus has.
BUS_ROWS = {"Bus", "Cluster"}
# What Grafana puts in for its variables: everything, and a rate over a few scrapes.
VARIABLES = {"$namespace": ".*", "$job": ".*", "$instance": ".*", "$__rate_interval": "5s"}


def load(name):
    with open(f"{SOURCE}/deploy/helm/crier/dashboards/crier-{name}.json", encoding="utf-8") as file:
        return json.load(file)


def fill(expression, **variables):
    """The query with its variables put in."""
    for name, value in {**VARIABLES, **{f"${key}": text for key, text in variables.items()}}.items():
        expression = expression.replace(name, value)
    return expression


def panels(board):
    """Those with queries, under their row's title: (row, panel)."""
    row = ""
    for panel in board["panels"]:
        if panel["type"] == "row":
            row = panel["title"]
        else:
            yield row, panel


def queries(bus=False):
    """Every query of every panel, either about the bus or about all else, by where it is."""
    for name in BOARDS:
        for row, panel in panels(load(name)):
            for target in panel["targets"]:
                if (row in BUS_ROWS) == bus:
                    yield (f"{name}: {row}: {panel['title']}: {target['legendFormat']}",
                           target["expr"])


def without_data(prometheus, wanted, seconds):
    """Of the queries by place, those that never returned data."""
    empty = dict(wanted)

    def ask():
        for place, query in list(empty.items()):
            if prometheus.series(fill(query), seconds):
                del empty[place]
        return not empty
    try:
        wait_until(ask, "every panel has data")
    except AssertionError:
        pass
    return empty
