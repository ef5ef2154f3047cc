"""The program to be packaged, and what it needs of the system."""

import os
import platform
import re
import subprocess

# What each platform is called by those who install there.
PLATFORMS = {
    "linux-x86_64": {"npm": ("linux", "x64"), "debian": "amd64", "wheel": "manylinux_{0}_{1}_x86_64"},
    "linux-aarch64": {"npm": ("linux", "arm64"), "debian": "arm64", "wheel": "manylinux_{0}_{1}_aarch64"},
    "macos-arm64": {"npm": ("darwin", "arm64"), "debian": None, "wheel": "macosx_{0}_0_arm64"},
}


def current_platform():
    system = {"Linux": "linux", "Darwin": "macos"}[platform.system()]
    machine = platform.machine()
    return f"{system}-{'aarch64' if (system, machine) == ('linux', 'arm64') else machine}"


class Binary:
    """A built program for one platform."""

    def __init__(self, path, name):
        if name not in PLATFORMS:
            raise SystemExit(f"package: unknown platform \"{name}\"; use {', '.join(PLATFORMS)}")
        self.path = os.path.abspath(path)
        self.platform = name
        with open(path, "rb") as file:
            self.bytes = file.read()

    @property
    def is_linux(self):
        return self.platform.startswith("linux")

    def names(self, kind):
        return PLATFORMS[self.platform][kind]

    def run(self, *arguments):
        """What the program prints; used for its man page and completions."""
        return subprocess.run([self.path, *arguments], check=True, stdout=subprocess.PIPE).stdout

    def libraries(self):
        """The shared libraries it needs."""
        dynamic = self._readelf("--dynamic")
        return re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)

    def minimum(self):
        """The oldest system it runs on: glibc's version, or that of macOS."""
        if not self.is_linux:
            loads = subprocess.run(["otool", "-l", self.path], check=True, capture_output=True, text=True).stdout
            return (int(re.search(r"minos (\d+)", loads)[1]), 0)
        versions = re.findall(r"GLIBC_(\d+)\.(\d+)", self._readelf("--version-info"))
        return max((int(major), int(minor)) for major, minor in versions)

    def version_of(self, prefix):
        """The newest version of a library's symbols that it needs, such as GLIBCXX; None if it needs none."""
        versions = re.findall(rf"\b{prefix}_(\d+(?:\.\d+)+)", self._readelf("--version-info"))
        return max((tuple(map(int, version.split("."))) for version in versions), default=None)

    def _readelf(self, what):
        return subprocess.run(["readelf", "--wide", what, self.path], check=True, capture_output=True, text=True).stdout
