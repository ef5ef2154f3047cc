"""The list of what the program is built from (CycloneDX 1.6), from the packages that SwiftPM resolved."""

import json
import subprocess
import time
import uuid

import metadata


def build(when):
    """The name and the bytes of the list."""
    shown = subprocess.run(
        ["swift", "package", "show-dependencies", "--format", "json"],
        cwd=metadata.ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    # SwiftPM may print warnings before the object.
    return "mcp-test-mcp.cdx.json", bill(json.loads(shown[shown.index("{") :]), when)


def bill(tree, when):
    packages, edges = {}, {}
    root = reference(tree, metadata.version())
    collect(tree, root, packages, edges)
    components = [component("library", ref, package) for ref, package in sorted(packages.items())]
    program = {"type": "application", "bom-ref": root, "name": metadata.NAME, "version": metadata.version()}
    program["licenses"] = [{"license": {"id": metadata.LICENSE}}]
    value = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # The same content has the same number, so that a release can be repeated to the byte.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(sorted(packages)) + root)}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when)),
            "component": program,
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in sorted(edges.items())],
    }
    return (json.dumps(value, indent=2) + "\n").encode()


def collect(package, ref, packages, edges):
    """Adds the packages that one depends on, and theirs."""
    if ref in edges:
        return
    edges[ref] = set()
    for dependency in package["dependencies"]:
        child = reference(dependency, dependency["version"])
        packages[child] = dependency
        edges[ref].add(child)
        collect(dependency, child, packages, edges)


def reference(package, version):
    """The package URL, such as pkg:swift/github.com/apple/swift-nio@2.101.2."""
    if not package["url"].startswith("https://"):
        return f"pkg:swift/{metadata.HOMEPAGE.removeprefix('https://')}@{version}"
    place = package["url"].removeprefix("https://").removesuffix(".git")
    return f"pkg:swift/{place}@{version}"


def component(kind, ref, package):
    return {
        "type": kind,
        "bom-ref": ref,
        "name": package["name"],
        "version": package["version"],
        "purl": ref,
        "externalReferences": [{"type": "vcs", "url": package["url"]}],
    }
