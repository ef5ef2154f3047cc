"""The npm packages: one per platform with the program, and one that picks the right one.

There is no install script: npm itself chooses the optional dependency that fits `os` and `cpu`.
"""

import json

import archives
import metadata
from binary import PLATFORMS


def build_platform(binary, when):
    """The name and the bytes of the package for one platform."""
    system, cpu = binary.names("npm")
    manifest = {
        **common(),
        "name": platform_name(binary.platform),
        "description": f"mcp-test-mcp for {system} on {cpu}. Install mcp-test-mcp instead.",
        "os": [system],
        "cpu": [cpu],
        "files": ["bin"],
    }
    if binary.is_linux:
        manifest["libc"] = ["glibc"]
    files = [("package/bin/mcp-test-mcp", binary.bytes, 0o755), *texts(manifest)]
    return f"{file_stem(manifest)}.tgz", archives.tar_gz(files, when)


def build_meta(when):
    """The name and the bytes of the package that users install."""
    version = metadata.version()
    manifest = {
        **common(),
        "name": metadata.NAME,
        # By this the registry knows that its entry and the package have one owner.
        "mcpName": metadata.REGISTRY_NAME,
        "description": metadata.SUMMARY,
        "keywords": metadata.KEYWORDS,
        "bin": {"mcp-test-mcp": "bin/mcp-test-mcp.js"},
        "files": ["bin"],
        "engines": {"node": ">=18"},
        "optionalDependencies": {platform_name(name): version for name in PLATFORMS},
    }
    launcher = metadata.read("Packaging/launcher.js").encode()
    files = [("package/bin/mcp-test-mcp.js", launcher, 0o755), *texts(manifest)]
    return f"{file_stem(manifest)}.tgz", archives.tar_gz(files, when)


def platform_name(name):
    system, cpu = PLATFORMS[name]["npm"]
    return f"@mcp-test-mcp/{system}-{cpu}"


def common():
    return {
        "version": metadata.version(),
        "license": metadata.LICENSE,
        "author": metadata.AUTHOR,
        "homepage": metadata.HOMEPAGE,
        "repository": {"type": "git", "url": f"git+{metadata.HOMEPAGE}.git"},
    }


def texts(manifest):
    return [
        ("package/package.json", (json.dumps(manifest, indent=2) + "\n").encode(), 0o644),
        ("package/README.md", metadata.read("README.md").encode(), 0o644),
        ("package/LICENSE", metadata.read("LICENSE").encode(), 0o644),
    ]


def file_stem(manifest):
    return f"{manifest['name'].lstrip('@').replace('/', '-')}-{manifest['version']}"
