"""The page of results, from page.md."""

import os

import tables
from registry import SERVERS

TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page.md")
NOTHING = {"machine": {}, "rounds": 0, "servers": [], "versions": {}, "summary": {}, "rows": []}
NOT_MEASURED = "Not measured.\n"


def _list(entries):
    return "\n".join(f"- {key}: {value}" for key, value in entries.items())


def configurations(names, versions):
    """What each server is and how it was told to behave, as Markdown; those of a family once."""
    parts, seen = [], set()
    for name in names:
        kind = SERVERS[name]
        title = getattr(kind, "family", name)
        if title in seen:
            continue
        seen.add(title)
        parts += [f"### {title}", ""]
        if name in versions:
            parts += [versions[name], ""]
        said = " ".join(kind.__doc__.split())
        parts += [said, ""]
        if hasattr(kind, "CONFIG"):
            parts += ["```", kind.configuration().rstrip(), "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def _part(part, of_tables):
    """The tables of a part, and where it was measured."""
    if not part:
        return NOT_MEASURED
    machine = part["machine"]
    where = ", ".join(machine[key] for key in ("cpu", "memory", "kernel"))
    said = f"Commit {machine['commit']}, {machine['date']}, {where}; rounds: {part['rounds']}."
    return "\n".join((said, "", *tables.workload_tables(part["summary"], of_tables)))


def render(parts, plots):
    with open(TEMPLATE, encoding="utf-8") as file:
        template = file.read()
    alone = parts.get("alone", NOTHING)
    names = list(dict.fromkeys(one for part in parts.values() for name in part["servers"]
                               for one in (*SERVERS[name].parts, name)))
    versions = {name: said for part in parts.values() for name, said in part["versions"].items()}
    pictures = "\n\n".join(f"![{title}]({name})" for name, title in plots)
    return template.format(
        rounds=alone["rounds"],
        machine=_list(alone["machine"]),
        goals="\n".join(tables.goal_table(alone["summary"])),
        plots=pictures or "None: matplotlib is not there.",
        tables="\n".join(tables.workload_tables(alone["summary"])),
        micro="\n".join(tables.micro_table(alone["rows"])),
        secure=_part(parts.get("secure"), tables.SECURE_TABLES),
        nodes=_part(parts.get("nodes"), tables.CLUSTER_TABLES),
        fleet=_part(parts.get("fleet"), tables.FLEET_TABLES),
        configurations=configurations(names, versions)).rstrip() + "\n"
