"""The bundle for hosts that install servers by a click (.mcpb), and the entry for the MCP registry (server.json)."""

import base64
import hashlib
import json
import re

import archives
import metadata


def build(binary, when):
    """The name and the bytes of the bundle for one platform."""
    files = [
        ("manifest.json", text(manifest(binary)), 0o644),
        ("icon.png", icon(), 0o644),
        ("server/mcp-test-mcp", binary.bytes, 0o755),
        ("LICENSE", metadata.read("LICENSE").encode(), 0o644),
    ]
    return f"{metadata.NAME}-{metadata.version()}-{binary.platform}.mcpb", archives.zipped(files, when)


def manifest(binary):
    """The manifest, version 0.3 of the format."""
    system = {"linux": "linux", "macos": "darwin"}[binary.platform.split("-")[0]]
    return {
        "manifest_version": "0.3",
        "name": metadata.NAME,
        "display_name": "MCP server tester",
        "version": metadata.version(),
        "description": metadata.SUMMARY,
        "long_description": metadata.DESCRIPTION,
        "author": {"name": metadata.AUTHOR},
        "repository": {"type": "git", "url": f"{metadata.HOMEPAGE}.git"},
        "homepage": metadata.HOMEPAGE,
        "documentation": f"{metadata.HOMEPAGE}#readme",
        "support": f"{metadata.HOMEPAGE}/issues",
        "icon": "icon.png",
        "server": {
            "type": "binary",
            "entry_point": "server/mcp-test-mcp",
            "mcp_config": {"command": "${__dirname}/server/mcp-test-mcp", "args": [], "env": {}},
        },
        "tools_generated": True,
        "keywords": metadata.KEYWORDS,
        "license": metadata.LICENSE,
        "compatibility": {"platforms": [system]},
    }


def icon():
    """The icon that the program sends to hosts."""
    source = metadata.read("Sources/TesterCommands/Program+Identity.swift")
    encoded = "".join(re.findall(r'"([A-Za-z0-9+/=]{40,})"', source))
    return base64.b64decode(encoded, validate=True)


def registry_entry(bundles):
    """The entry for the registry; `bundles` are (name, bytes)."""
    version = metadata.version()
    stdio = {"type": "stdio"}
    packages = [
        {"registryType": "pypi", "identifier": metadata.NAME, "version": version, "runtimeHint": "uvx", "transport": stdio},
        {"registryType": "npm", "identifier": metadata.NAME, "version": version, "runtimeHint": "npx", "transport": stdio},
    ]
    for name, content in bundles:
        packages.append(
            {
                "registryType": "mcpb",
                "identifier": f"{metadata.HOMEPAGE}/releases/download/v{version}/{name}",
                "fileSha256": hashlib.sha256(content).hexdigest(),
                "transport": stdio,
            }
        )
    entry = {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": metadata.REGISTRY_NAME,
        "title": "MCP server tester",
        "description": metadata.SUMMARY,
        "repository": {"url": metadata.HOMEPAGE, "source": "github"},
        "websiteUrl": metadata.HOMEPAGE,
        "version": version,
        "packages": packages,
    }
    return "server.json", text(entry)


def text(value):
    return (json.dumps(value, indent=2) + "\n").encode()
