"""Which software a result was made with."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from pathlib import Path

from nbhelpers import __version__

PACKAGE = Path(__file__).resolve().parent


def software() -> dict[str, object]:
    """Return the versions that results depend on, and a digest of this package's own files."""
    source = hashlib.sha256()
    for file in sorted(PACKAGE.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            source.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    packages = {d.metadata["Name"].lower(): d.version for d in importlib.metadata.distributions()}
    return {
        "nbhelpers": __version__,
        "source": source.hexdigest(),
        "python": platform.python_version(),
        "packages": dict(sorted(packages.items())),
    }
