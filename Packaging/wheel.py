"""The wheel for PyPI: the program among the scripts of the environment, as users of the Python version install it."""

import base64
import hashlib

import archives
import metadata


def build(binary, when):
    """The name and the bytes of the wheel."""
    version = metadata.version()
    stem = f"mcp_test_mcp-{version}"
    tag = f"py3-none-{binary.names('wheel').format(*binary.minimum())}"
    files = [
        (f"{stem}.data/scripts/mcp-test-mcp", binary.bytes, 0o755),
        (f"{stem}.dist-info/METADATA", description(version), 0o644),
        (f"{stem}.dist-info/WHEEL", wheel(tag), 0o644),
        (f"{stem}.dist-info/licenses/LICENSE", metadata.read("LICENSE").encode(), 0o644),
    ]
    record = [f"{path},sha256={digest(content)},{len(content)}" for path, content, _ in files]
    record.append(f"{stem}.dist-info/RECORD,,")
    files.append((f"{stem}.dist-info/RECORD", ("\n".join(record) + "\n").encode(), 0o644))
    return f"{stem}-{tag}.whl", archives.zipped(files, when)


def description(version):
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {metadata.NAME}",
        f"Version: {version}",
        f"Summary: {metadata.SUMMARY}",
        f"Keywords: {','.join(metadata.KEYWORDS)}",
        f"Author: {metadata.AUTHOR}",
        f"License-Expression: {metadata.LICENSE}",
        "License-File: LICENSE",
        f"Project-URL: Homepage, {metadata.HOMEPAGE}",
        f"Project-URL: Changes, {metadata.HOMEPAGE}/blob/main/CHANGELOG.md",
        "Requires-Python: >=3.8",
        "Description-Content-Type: text/markdown",
        "",
        metadata.read("README.md"),
        # By this the registry knows that its entry and the package have one owner.
        f"<!-- mcp-name: {metadata.REGISTRY_NAME} -->",
    ]
    return "\n".join(lines).encode()


def wheel(tag):
    return f"Wheel-Version: 1.0\nGenerator: mcp-test-mcp\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
