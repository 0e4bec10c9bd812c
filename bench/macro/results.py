"""The results in parts, each with the machine and the commit that it was measured on.

In results.json the part `alone`, of servers of one node, lies at the top; the others by their names.
"""

import json
import os

import page
import plans
import plots
import summary

FILE = "results.json"


def of_rows(rows, described, servers, versions, kinds):
    """{part: what was measured of it}."""
    parts = {}
    for part in ("alone", *plans.PARTS):
        of_part = [row for row in rows if plans.part_of_key(row["key"]) == part]
        if not of_part:
            continue
        names = [name for name in servers if any(row["server"] == name for row in of_part)]
        said = {name: versions[name] for name in versions
                if name in names or any(name in kinds[one].parts for one in names)}
        parts[part] = {
            "machine": {**described, **said}, "rounds": max(row["round"] for row in of_part),
            "servers": names, "versions": said,
            "configurations": {name: kinds[name].configuration() for name in names},
            "summary": summary.summarize(of_part), "rows": of_part}
    return parts


def read(folder):
    """The parts that lie there."""
    with open(os.path.join(folder, FILE), encoding="utf-8") as file:
        found = json.load(file)
    parts = {part: found.pop(part) for part in plans.PARTS if part in found}
    return {"alone": found, **parts} if found else parts


def write(folder, parts):
    """The page, its plots, and results.json last, so that the rest is whole if it is there; the text
    of the page."""
    os.makedirs(folder, exist_ok=True)
    alone = parts.get("alone", {})
    pictures = []
    if alone and plots.available():
        pictures = plots.write(alone["summary"], folder)
    text = page.render(parts, pictures)
    others = {part: parts[part] for part in plans.PARTS if part in parts}
    for name, content in (("README.md", text),
                          (FILE, json.dumps({**alone, **others}, indent=1))):
        path = os.path.join(folder, name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(content)
        os.replace(path + ".new", path)
    return text
