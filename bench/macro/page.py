"""The page of results, from page.md."""

import os

import tables
from registry import SERVERS

TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page.md")


def _list(entries):
    return "\n".join(f"- {key}: {value}" for key, value in entries.items())


def configurations(names, versions):
    """What each server is and how it was told to behave, as Markdown."""
    parts = []
    for name in names:
        kind = SERVERS[name]
        parts += [f"### {name}", ""]
        if name in versions:
            parts += [versions[name], ""]
        said = " ".join(kind.__doc__.split())
        parts += [said, ""]
        if hasattr(kind, "CONFIG"):
            parts += ["```", kind.configuration().rstrip(), "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def render(results, plots):
    with open(TEMPLATE, encoding="utf-8") as file:
        template = file.read()
    summary = results["summary"]
    pictures = "\n\n".join(f"![{title}]({name})" for name, title in plots)
    return template.format(
        rounds=results["rounds"],
        machine=_list(results["machine"]),
        goals="\n".join(tables.goal_table(summary)),
        plots=pictures or "None: matplotlib is not there.",
        tables="\n".join(tables.workload_tables(summary)),
        micro="\n".join(tables.micro_table(results["rows"])),
        configurations=configurations(results["servers"], results["versions"])).rstrip() + "\n"
