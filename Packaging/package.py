#!/usr/bin/env python3
"""Makes the packages of a built program. The bytes depend on the program, the repository and SOURCE_DATE_EPOCH alone.

    python3 Packaging/package.py platform PROGRAM [--platform NAME] [--out FOLDER]
        tarball, wheel, npm package, bundle and, for Linux, Debian package of one platform (default: this one)
    python3 Packaging/package.py release FOLDER
        what all platforms share: npm's main package, Homebrew formula, registry entry, bill of materials, checksums
"""

import argparse
import hashlib
import os

import archives
import bundle
import debian
import homebrew
import metadata
import npm
import sbom
import wheel
from binary import PLATFORMS, Binary, current_platform


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    platform = commands.add_parser("platform")
    platform.add_argument("program")
    platform.add_argument("--platform", default=current_platform(), choices=PLATFORMS)
    platform.add_argument("--out", default="dist")
    release = commands.add_parser("release")
    release.add_argument("folder")
    arguments = parser.parse_args()
    when = metadata.timestamp()
    if arguments.command == "platform":
        save(arguments.out, platform_packages(Binary(arguments.program, arguments.platform), when))
    else:
        save(arguments.folder, release_files(arguments.folder, when))
        save(arguments.folder, [checksums(arguments.folder)])


def platform_packages(binary, when):
    yield tarball_name(binary.platform), archives.tar_gz(
        [
            ("mcp-test-mcp", binary.bytes, 0o755),
            ("LICENSE", metadata.read("LICENSE").encode(), 0o644),
            ("README.md", metadata.read("README.md").encode(), 0o644),
        ],
        when,
    )
    yield wheel.build(binary, when)
    yield npm.build_platform(binary, when)
    yield bundle.build(binary, when)
    if binary.names("debian"):
        yield debian.build(binary, when)


def release_files(folder, when):
    yield npm.build_meta(when)
    tarballs = [(name, tarball_name(name)) for name in PLATFORMS if os.path.exists(f"{folder}/{tarball_name(name)}")]
    if not tarballs:
        raise SystemExit(f"package: no tarball of a platform in {folder}")
    yield homebrew.build([(platform, name, read(folder, name)) for platform, name in tarballs])
    bundles = sorted(name for name in os.listdir(folder) if name.endswith(".mcpb"))
    yield bundle.registry_entry([(name, read(folder, name)) for name in bundles])
    yield sbom.build(when)


def checksums(folder):
    names = sorted(name for name in os.listdir(folder) if name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(read(folder, name)).hexdigest()}  {name}\n" for name in names]
    return "SHA256SUMS", "".join(lines).encode()


def tarball_name(platform):
    return f"mcp-test-mcp-{metadata.version()}-{platform}.tar.gz"


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def save(folder, files):
    os.makedirs(folder, exist_ok=True)
    for name, content in files:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
        print(f"{len(content):>12,} bytes  {os.path.join(folder, name)}")


if __name__ == "__main__":
    main()
