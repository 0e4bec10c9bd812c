#!/usr/bin/env python3
"""Writes the chart's Grafana dashboards; with --check only says whether they are up to date."""
import json
import os
import sys

from node import NODE
from overview import OVERVIEW

FOLDER = os.path.join(os.path.dirname(__file__), "../../deploy/helm/crier/dashboards")


def main(arguments):
    stale = []
    for name, board in (("crier-overview", OVERVIEW), ("crier-node", NODE)):
        path = os.path.join(FOLDER, f"{name}.json")
        wanted = json.dumps(board, indent=1) + "\n"
        if arguments == ["--check"]:
            with open(path, encoding="utf-8") as file:
                if file.read() != wanted:
                    stale.append(name)
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(wanted)
    if stale:
        print(f"not as scripts/dashboards/write.py writes them: {', '.join(stale)}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
