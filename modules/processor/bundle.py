"""The function's zip, the same byte for byte wherever and whenever it is built."""

import base64
import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest time that a zip can hold.
_READABLE_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A zip on disk, and the digest by which Lambda knows its content."""

    path: Path
    sha256_base64: str


def build(package: Path, target: Path) -> Bundle:
    """Zip a pure Python package, under its own name, into `target`."""
    content = _zipped(package)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return Bundle(path=target, sha256_base64=base64.b64encode(hashlib.sha256(content).digest()).decode())


def _zipped(package: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for source in sorted(package.rglob("*.py")):
            entry = zipfile.ZipInfo(f"{package.name}/{source.relative_to(package).as_posix()}", date_time=_EPOCH)
            entry.create_system = 3  # Unix, on every machine
            entry.external_attr = _READABLE_FILE
            # Stored, not deflated: two versions of zlib may compress the same bytes differently.
            archive.writestr(entry, source.read_bytes(), compress_type=zipfile.ZIP_STORED)
    return buffer.getvalue()
