"""Archives whose bytes depend on their content alone: sorted, with fixed owners, modes and times."""

import gzip
import io
import lzma
import os
import tarfile
import zipfile
import time

# How hard to compress, 0 to 9. A check of the packages, which nobody downloads, sets less.
LEVEL = int(os.environ.get("PACKAGING_LEVEL", "9"))


def tar(files, when):
    """A tar archive of (path, bytes, mode), with the folders that contain them."""
    folders = {folder for path, _, _ in files for folder in parents(path)}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for folder in sorted(folders):
            archive.addfile(entry(folder, when, 0o755, folder=True))
        for path, content, mode in sorted(files):
            archive.addfile(entry(path, when, mode, len(content)), io.BytesIO(content))
    return buffer.getvalue()


def parents(path):
    """The folders that contain a path, except the root."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: index + 1]) for index in range(len(parts)) if parts[index] != "."]


def entry(path, when, mode, size=0, folder=False):
    info = tarfile.TarInfo(path)
    info.type = tarfile.DIRTYPE if folder else tarfile.REGTYPE
    info.size, info.mode, info.mtime = size, mode, when
    info.uname = info.gname = "root"
    return info


def tar_gz(files, when):
    return gzip.compress(tar(files, when), LEVEL, mtime=when)


def tar_xz(files, when):
    return lzma.compress(tar(files, when), preset=LEVEL)


def zipped(files, when):
    """A zip archive of (path, bytes, mode) in the given order."""
    buffer = io.BytesIO()
    # Zip has no times before 1980.
    date = max(time.gmtime(when)[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content, mode in files:
            info = zipfile.ZipInfo(path, date)
            info.external_attr = (0o100000 | mode) << 16
            info.create_system = 3  # Unix, so that the mode counts.
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content, compresslevel=LEVEL)
    return buffer.getvalue()


def ar(files, when):
    """An ar archive of (name, bytes), as Debian's packages are."""
    parts = [b"!<arch>\n"]
    for name, content in files:
        parts.append(f"{name:<16}{when:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode())
        parts.append(content + b"\n" * (len(content) % 2))
    return b"".join(parts)
