#!/usr/bin/env python3
"""Puts the JSON Schema of crier's configuration into that of the chart's values.

Usage: build/release/bin/config_schema | scripts/chart/schema.py [--check]
"""
import json
import sys

PATH = "deploy/helm/crier/values.schema.json"


def main(arguments):
    with open(PATH, encoding="utf-8") as file:
        text = file.read()
    schema = json.loads(text)
    schema["definitions"]["config"] = json.load(sys.stdin)
    wanted = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    if arguments == ["--check"]:
        if wanted != text:
            print(f"{PATH} is not that of the configuration; run: "
                  "build/release/bin/config_schema | scripts/chart/schema.py")
            return 1
        return 0
    with open(PATH, "w", encoding="utf-8") as file:
        file.write(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
