#!/usr/bin/env python3
"""Writes JSON Schemas for kubeconform: one file for each kind, which knows every field there is.

Usage: scripts/chart/schemas.py swagger SWAGGER.json FOLDER
       scripts/chart/schemas.py crds FOLDER-OF-CRDS FOLDER NAME...
"""
import json
import os
import sys

import yaml

PREFIX = "#/definitions/"
# What the API accepts beyond what its description can say.
WIDER = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": ["string", "integer"],
    "io.k8s.apimachinery.pkg.api.resource.Quantity": ["string", "number"],
}


def references(node):
    """Names of the definitions that a schema mentions."""
    if isinstance(node, dict):
        target = node.get("$ref")  # text, or a field that is called so
        if isinstance(target, str) and target.startswith(PREFIX):
            yield target.removeprefix(PREFIX)
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def strict(node):
    """The same schema, refusing fields it does not name."""
    if isinstance(node, list):
        return [strict(value) for value in node]
    if not isinstance(node, dict):
        return node
    out = {key: strict(value) for key, value in node.items()}
    if node.get("x-kubernetes-int-or-string"):
        out["type"] = ["string", "integer"]
    named = isinstance(node.get("properties"), dict)
    if named and not node.get("x-kubernetes-preserve-unknown-fields"):
        out.setdefault("additionalProperties", False)
    return out


def write(folder, kind, group, version, schema):
    """As kubeconform looks for it: KIND-GROUP-VERSION.json, of the group only its first part."""
    suffix = f"{group.split('.')[0]}-{version}" if group else version
    path = os.path.join(folder, f"{kind}-{suffix}.json".lower())
    with open(path, "w", encoding="utf-8") as file:
        json.dump(schema, file)


def from_swagger(path, folder):
    with open(path, encoding="utf-8") as file:
        definitions = json.load(file)["definitions"]
    for name, kinds in WIDER.items():
        definitions[name] = {"type": kinds}
    definitions = {name: strict(schema) for name, schema in definitions.items()}
    for name, schema in definitions.items():
        # More than one only for objects that serve every group, such as DeleteOptions.
        identities = schema.get("x-kubernetes-group-version-kind", [])
        if len(identities) != 1:
            continue
        needed, waiting = {}, [name]
        while waiting:
            current = waiting.pop()
            if current not in needed:
                needed[current] = definitions[current]
                waiting += references(definitions[current])
        identity = identities[0]
        write(folder, identity["kind"], identity["group"], identity["version"],
              {"$ref": PREFIX + name, "definitions": needed})


def from_crds(source, folder, *names):
    for name in names:
        path = os.path.join(source, f"{name}.yaml")
        with open(path, encoding="utf-8") as file:
            crd = yaml.load(file, Loader=yaml.CSafeLoader)["spec"]
        for version in crd["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}  # Kubernetes's own
            write(folder, crd["names"]["kind"], crd["group"], version["name"], schema)


def main(kind, source, folder, *names):
    fresh = folder + ".new"  # an interrupted run must not look like a finished one
    os.makedirs(fresh, exist_ok=True)
    {"swagger": from_swagger, "crds": from_crds}[kind](source, fresh, *names)
    os.rename(fresh, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
