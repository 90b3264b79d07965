"""The function's zip file, reproducible byte for byte on every machine."""

import base64
import hashlib
import zipfile
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
_READABLE_FILE = 0o100644 << 16
_UNIX = 3


def build(package: Path, target: Path) -> str:
    """Zip a pure Python package, under its own name, into `target`, and return the digest that Lambda computes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for source in sorted(package.rglob("*.py")):
            entry = zipfile.ZipInfo(f"{package.name}/{source.relative_to(package).as_posix()}", date_time=_EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_FILE
            # Not compressed: two versions of zlib may compress the same bytes differently.
            archive.writestr(entry, source.read_bytes(), compress_type=zipfile.ZIP_STORED)
    return base64.b64encode(hashlib.sha256(target.read_bytes()).digest()).decode()
