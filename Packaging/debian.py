"""The Debian package: program, man page, completions."""

import gzip
import hashlib

import archives
import metadata

# The packages that have the libraries, and how the version of a symbol becomes that of the package.
LIBRARIES = {
    "libc.so.6": "libc6",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "libdl.so.2": "libc6",
    "ld-linux-x86-64.so.2": "libc6",
    "ld-linux-aarch64.so.1": "libc6",
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libz.so.1": "zlib1g",
}
# The first version of libstdc++6 with these symbols (https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html).
LIBSTDCXX = {29: "11", 30: "12", 31: "13", 32: "13.2", 33: "14", 34: "15"}


def build(binary, when):
    """The name and the bytes of the package."""
    version = metadata.version()
    architecture = binary.names("debian")
    data = [(f"./{path}", content, mode) for path, content, mode in installed(binary, version)]
    sums = "".join(f"{hashlib.md5(content).hexdigest()}  {path[2:]}\n" for path, content, _ in sorted(data))
    size = sum(len(content) for _, content, _ in data) // 1024 + 1
    control = control_file(binary, version, architecture, size)
    parts = [
        ("debian-binary", b"2.0\n"),
        ("control.tar.xz", archives.tar_xz([("./control", control, 0o644), ("./md5sums", sums.encode(), 0o644)], when)),
        ("data.tar.xz", archives.tar_xz(data, when)),
    ]
    return f"{metadata.NAME}_{version}_{architecture}.deb", archives.ar(parts, when)


def installed(binary, version):
    """What is installed: (path, bytes, mode)."""
    share = f"usr/share/doc/{metadata.NAME}"
    return [
        ("usr/bin/mcp-test-mcp", binary.bytes, 0o755),
        ("usr/share/man/man1/mcp-test-mcp.1.gz", zipped(binary.run("man")), 0o644),
        ("usr/share/bash-completion/completions/mcp-test-mcp", binary.run("completions", "bash"), 0o644),
        ("usr/share/zsh/vendor-completions/_mcp-test-mcp", binary.run("completions", "zsh"), 0o644),
        ("usr/share/fish/vendor_completions.d/mcp-test-mcp.fish", binary.run("completions", "fish"), 0o644),
        (f"{share}/copyright", metadata.read("LICENSE").encode(), 0o644),
        (f"{share}/changelog.gz", zipped(metadata.read("CHANGELOG.md").encode()), 0o644),
    ]


def zipped(content):
    return gzip.compress(content, mtime=0)


def control_file(binary, version, architecture, size):
    lines = [
        f"Package: {metadata.NAME}",
        f"Version: {version}",
        "Section: devel",
        "Priority: optional",
        f"Architecture: {architecture}",
        f"Maintainer: {metadata.AUTHOR} <noreply@github.com>",
        f"Installed-Size: {size}",
        f"Depends: {', '.join(dependencies(binary))}",
        f"Homepage: {metadata.HOMEPAGE}",
        f"Description: {metadata.SUMMARY.rstrip('.')}",
        *(f" {line}" for line in wrapped(metadata.DESCRIPTION)),
    ]
    return ("\n".join(lines) + "\n").encode()


def dependencies(binary):
    packages = {}
    for library in binary.libraries():
        if library not in LIBRARIES:
            raise SystemExit(f"package: no Debian package is known for {library}")
        packages[LIBRARIES[library]] = ""
    if "libc6" in packages:
        packages["libc6"] = " (>= {}.{})".format(*binary.minimum())
    newest = binary.version_of("GLIBCXX")
    if "libstdc++6" in packages and newest:
        # Symbols up to 3.4.28 are in every supported release.
        packages["libstdc++6"] = f" (>= {LIBSTDCXX.get(newest[2], '10')})"
    return [f"{name}{version}" for name, version in sorted(packages.items())]


def wrapped(text, width=78):
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]
