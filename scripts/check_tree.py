#!/usr/bin/env python3
"""Checks what no compiler checks: include directions, sizes, marks of unfinished work, sleeps.

Without arguments it looks at every tracked file; make lint runs it.
"""
import os
import re
import subprocess
import sys

LINES_MAX = 400
CODE = (".cpp", ".hpp")
GENERATED = ("crier/v1/", "google/")

STANDARD = re.compile(r"[a-z_0-9]+$")
SYSTEM = re.compile(r"(sys|netinet|arpa|net|linux|bits)/[a-z_0-9]+\.h$|(?!microhttpd)[a-z_0-9]+\.h$")
OPENSSL = re.compile(r"openssl/[a-z0-9_]+\.h$")
ASIO = re.compile(r"asio(\.hpp$|/)")

# For each folder, innermost first: quoted includes allowed by prefix, <> includes by pattern
# (None allows any).
DIRECTIONS = (
    ("dataplane/framing/", ("dataplane/",), (STANDARD, SYSTEM)),
    ("dataplane/proxy/", ("dataplane/",), (STANDARD, SYSTEM)),
    ("dataplane/queue/", ("dataplane/",), (STANDARD, SYSTEM)),
    ("dataplane/tls/", ("dataplane/",), (STANDARD, SYSTEM, ASIO, OPENSSL)),
    ("dataplane/envelope/", ("dataplane/",), (STANDARD,)),
    ("dataplane/", ("dataplane/",), (STANDARD, SYSTEM, ASIO)),
    ("services/", ("services/", "dataplane/") + GENERATED, None),
    ("tests/", ("tests/", "services/", "dataplane/") + GENERATED, None),
    ("bench/", ("bench/", "tests/support/", "services/", "dataplane/") + GENERATED, None),
    ("examples/", ("examples/",) + GENERATED, None),
)

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|time\.sleep)\b|(?<![\w.:])sleep\s*\(")
SHELL_SLEEP = re.compile(r"^\s*(sleep|usleep)\s", re.MULTILINE)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def include_problems(path, text, exists):
    rule = next((r for r in DIRECTIONS if path.startswith(r[0])), None)
    first = None
    for match in INCLUDE.finditer(text):
        kind, target = match.groups()
        where = f"{path}:{line_of(text, match.start())}"
        first = first or target
        if rule is None:
            continue
        folder, quoted, angled = rule
        if kind == '"':
            if not target.startswith(quoted):
                yield f"{where}: {folder} must not include \"{target}\""
            elif not target.startswith(GENERATED) and not exists(target):
                yield f"{where}: no \"{target}\" below the repository's root"
        elif angled is not None and not any(p.match(target) for p in angled):
            yield f"{where}: {folder} must not include <{target}>"
    header = re.sub(r"\.cpp$", ".hpp", path)
    if path.endswith(".cpp") and exists(header) and first != header:
        yield f"{path}: the first include must be its own header"


def problems(path, text, exists=os.path.exists):
    """Yields one sentence for each thing that is wrong with a file."""
    for match in UNFINISHED.finditer(text):
        yield f"{path}:{line_of(text, match.start())}: unfinished work is marked: {match.group(0)}"
    if path.endswith(CODE):
        yield from include_problems(path, text, exists)
        lines = text.count("\n")
        if lines > LINES_MAX:
            yield f"{path}: {lines} lines; the most is {LINES_MAX}"
        if path.endswith(".hpp") and "#pragma once" not in text:
            yield f"{path}: no #pragma once"
    if path.startswith(("dataplane/", "services/", "tests/")):
        sleep = SHELL_SLEEP if path.endswith(".sh") else SLEEP
        # Comments keep their line ends, so that the numbers stay right.
        bare = COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)
        for match in sleep.finditer(bare):
            yield f"{path}:{line_of(bare, match.start())}: sleeps; wait for a condition instead"


def main(paths):
    if not paths:
        paths = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True,
                               text=True).stdout.split("\0")
    found = []
    for path in filter(os.path.isfile, paths):
        try:
            with open(path, encoding="utf-8") as file:
                found += problems(path, file.read())
        except UnicodeDecodeError:
            continue  # not text
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
