#!/usr/bin/env python3
"""Writes the table of values into the chart's README, from values.yaml and the comments in it.

With --check it only says whether the README is up to date. What a key of `config` means comes from
the schema, and so from config.proto.
"""
import json
import os
import re
import sys

import yaml

CHART = os.path.join(os.path.dirname(__file__), "../../deploy/helm/crier")
BEGIN = "<!-- Written by scripts/chart/readme.py from values.yaml. -->\n"
END = "<!-- The end of what is written. -->\n"
KEY = re.compile(r"^( *)([A-Za-z_]+):")


def read(name):
    with open(os.path.join(CHART, name), encoding="utf-8") as file:
        return file.read()


def comments(text):
    """The comment right above each key, by the key's path."""
    found, path, block = {}, [], []
    for line in text.splitlines():
        if line.lstrip().startswith("# "):
            block.append(line.strip()[2:])
            continue
        match = KEY.match(line)
        if match:
            depth = len(match[1]) // 2
            path = path[:depth] + [match[2]]
            if block:
                found[".".join(path)] = " ".join(block)
        block = []
    return found


def rows(values, described, prefix=""):
    """(path, default or None for a group, meaning) of everything but `config`."""
    for key, value in values.items():
        path = prefix + key
        inner = any(other.startswith(path + ".") for other in described)
        if isinstance(value, dict) and inner:
            if path in described:
                yield path, None, described[path]
            yield from rows(value, described, path + ".")
        else:
            yield path, value, described.get(path, "")


def config_rows(values, schema, prefix):
    for key, rule in schema["properties"].items():
        path = prefix + key
        value = values.get(key) if values else None
        if "items" in rule:
            yield path, None, rule["description"]
            yield from config_rows(value[0], rule["items"], f"{path}[].")
        elif "properties" in rule:
            yield path, None, rule["description"]
            yield from config_rows(value, rule, path + ".")
        else:
            yield path, value, rule["description"]


def table(found):
    out = "| value | default | meaning |\n|---|---|---|\n"
    for path, value, meaning in found:
        if not meaning:
            raise SystemExit(f"values.yaml says nothing about {path}")
        default = "" if value is None else f"`{json.dumps(value)}`"
        out += f"| `{path}` | {default} | {meaning} |\n".replace("|  |", "| |")
    return out


def main(arguments):
    text = read("values.yaml")
    values = yaml.safe_load(text)
    schema = json.loads(read("values.schema.json"))["definitions"]["config"]
    config = values.pop("config")
    described = {path: meaning for path, meaning in comments(text).items()
                 if not path.startswith("config")}
    written = (BEGIN + "\n" + table(rows(values, described)) + "\n### crier's own configuration\n\n"
               + table(config_rows(config, schema, "config.")) + "\n" + END)
    before = read("README.md")
    after = re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: written, before,
                   flags=re.DOTALL)
    if END not in before:
        raise SystemExit("README.md has no place for the values")
    if arguments == ["--check"]:
        if before != after:
            print("the chart's README.md is not up to date; run scripts/chart/readme.py")
        return int(before != after)
    with open(os.path.join(CHART, "README.md"), "w", encoding="utf-8") as file:
        file.write(after)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
