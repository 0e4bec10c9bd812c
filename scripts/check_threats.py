#!/usr/bin/env python3
"""Checks that every test named in the tables of docs/threat-model.md and docs/faults.md exists.

The last cell of a row names tests as `file.cpp: Suite.Test` or `file.py: test_name`, a fuzz target as
`name_fuzz.cpp` alone. A row that names none, or says that one is pending, is a finding. make lint runs it.
"""
import os
import re
import subprocess
import sys

PAGES = ("docs/threat-model.md", "docs/faults.md")

REFERENCE = re.compile(r"`([\w/]+\.(?:cpp|py))(?:: ([\w.]+))?`")
CPP_TEST = re.compile(r"^(?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)"
                      r"\(\s*(\w+),\s*(\w+)", re.MULTILINE)
PYTHON_TEST = re.compile(r"^ +def (test_\w+)\(", re.MULTILINE)


def tests_in(path, text):
    if path.endswith(".py"):
        return set(PYTHON_TEST.findall(text))
    return {f"{suite}.{name}" for suite, name in CPP_TEST.findall(text)}


def rows(page):
    """(line number, first cell, last cell) of each row of the tables whose last column is `test`."""
    inside = False
    for number, line in enumerate(page.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[-1] == "test":
            inside = True
        elif inside and not set(line) <= set("|-: "):
            yield number, cells[0], cells[-1]


def problems(where, page, files):
    """files: path -> text of what may hold tests."""
    found = list(rows(page))
    if not found:
        yield f"{where}: no table whose last column is 'test'"
    for number, threat, cell in found:
        place = f"{where}:{number}: {threat}"
        if "pending" in cell:
            yield f"{place}: a test is pending"
        references = REFERENCE.findall(cell)
        if not references and "pending" not in cell:
            yield f"{place}: names no test"
        for file, test in references:
            paths = [path for path in files if ("/" + path).endswith("/" + file)]
            if not paths:
                yield f"{place}: there is no {file}"
            elif not test:
                if not file.endswith("_fuzz.cpp"):
                    yield f"{place}: {file} without the name of a test"
            elif not any(test in tests_in(path, files[path]) for path in paths):
                yield f"{place}: {file} has no test {test}"


def main():
    tracked = subprocess.run(["git", "ls-files", "-z", "tests"], check=True, capture_output=True,
                             text=True).stdout.split("\0")
    files = {}
    for path in tracked:
        if path.endswith((".cpp", ".py")) and os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                files[path] = file.read()
    found = []
    for where in PAGES:
        with open(where, encoding="utf-8") as page:
            found += problems(where, page.read(), files)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
