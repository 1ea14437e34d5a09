"""A folder of results that is either whole or not there.

It is made beside its place and moved there when it is done. Its manifest names the files that are
ours, so that a later run replaces these and no others, and keeps those that need no new making.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbhelpers.corpus import InputError

MANIFEST = "manifest.json"


class Staging:
    """A folder in the making, and what the last run left at its place.

    The files come in parts. A part that was made under a key (a digest of all it depends on) is
    taken over from the last run as long as the key is the same and nobody touched its files.

    Attributes:
        parts: of each part its ``files`` (the SHA-256 of each, by its address below the folder),
            its ``key`` (None if it is to be made again next time) and the facts noted about it.
    """

    def __init__(self, folder: Path, place: Path, previous: Mapping[str, Any]) -> None:
        """Write to ``folder`` what is to lie at ``place``."""
        self._folder = folder
        self._place = place
        self._previous = previous.get("parts", {})
        self.parts: dict[str, dict[str, Any]] = {}

    def keep(self, part: str, key: str) -> bool:
        """Take over a part of the last run if nothing about it has changed; say if so."""
        old = self._previous.get(part, {})
        files: dict[str, str] = old.get("files", {})
        if old.get("key") != key or any(_sha256(self._place / f) != files[f] for f in files):
            return False
        for address in files:
            self._write(address, (self._place / address).read_bytes())
        self.parts[part] = old
        return True

    def write(self, part: str, address: str, content: str) -> None:
        """Write a file of a part; a lone surrogate, which UTF-8 cannot hold, becomes its escape.

        Raises:
            InputError: there is no room for it, or no right to write.
            ValueError: the address leads out of the folder.
        """
        data = content.encode("utf-8", "backslashreplace")
        self._write(address, data)
        entry = self.parts.setdefault(part, {"key": None, "files": {}})
        entry["files"][address] = hashlib.sha256(data).hexdigest()

    def note(self, part: str, *, key: str | None, **facts: object) -> None:
        """Note under which key a part was made, and facts to find again when it is kept."""
        self.parts.setdefault(part, {"files": {}}).update(facts, key=key)

    def finish(self, front: Mapping[str, str], manifest: Mapping[str, object]) -> None:
        """Write the files that are new on each run, and the manifest, which lists all parts."""
        for address, content in front.items():
            self._write(address, content.encode("utf-8", "backslashreplace"))
        whole = {**manifest, "parts": dict(sorted(self.parts.items())), "front": sorted(front)}
        written = json.dumps(whole, indent=1, ensure_ascii=False)
        self._write(MANIFEST, written.encode("utf-8", "backslashreplace") + b"\n")

    def _write(self, address: str, data: bytes) -> None:
        path = self._path(address)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise InputError(
                f"{self._place}: {address} cannot be written ({error.strerror}); "
                "make room, or name another folder."
            ) from error

    def _path(self, address: str) -> Path:
        path = self._folder / address
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise ValueError(f"{address}: leads out of the folder")
        return path


@contextmanager
def staged(place: Path, *, made_by: str, apart_from: Iterable[Path] = ()) -> Iterator[Staging]:
    """Give a folder to write to, and put it at its place if all goes well.

    Files at the place that no earlier run wrote stay there. If an error ends the work, the place is
    as it was.

    Args:
        place: where the folder is to lie.
        made_by: the name under which the manifest says whose folder it is.
        apart_from: the inputs; the folder may neither hold them nor lie inside of them.

    Raises:
        InputError: at the place is something that is not ours, or a file of the user's bears the
            name of one of ours, or it cannot be written.
    """
    place = place.resolve()
    previous = _previous(place, made_by)
    refuse_overlap(place, apart_from)
    if place.is_mount():
        raise InputError(f"{place}: a mount point cannot be replaced; name a folder inside of it.")
    folder = place.with_name(f".nbhelpers-{secrets.token_hex(4)}.part")
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{place}: cannot be written ({error.strerror}); name another.") from error
    try:
        staging = Staging(folder, place, previous)
        yield staging
        _put_in_place(folder, place, _files(previous))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def digest(value: object) -> str:
    """Return the SHA-256 of a value made of plain lists, dicts, text and numbers."""
    written = json.dumps(value, sort_keys=True, default=repr)
    return hashlib.sha256(written.encode()).hexdigest()


def _previous(place: Path, made_by: str) -> dict[str, Any]:
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return {}
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        ours = manifest["made_by"] == made_by and bool(_files(manifest))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        ours = False
    if not ours:
        raise InputError(
            f"{place}: is there already and was not made by “{made_by}”; "
            "name another folder, or move this one away."
        )
    return dict(manifest)


def refuse_overlap(place: Path, inputs: Iterable[Path]) -> None:
    """Raise :class:`InputError` where an input lies in the folder that is to be made, or holds it.

    ``place`` is that folder, resolved.
    """
    for path in (path.resolve() for path in inputs):
        if place.is_relative_to(path) or path.is_relative_to(place):
            raise InputError(
                f"{place}: the output must neither lie inside the input {path.name} nor hold it; "
                "name a folder elsewhere with --out."
            )


def _files(manifest: Mapping[str, Any]) -> set[str]:
    """Return the addresses of all files that a manifest says are ours."""
    parts = (part["files"] for part in manifest.get("parts", {}).values())
    return {MANIFEST, *manifest.get("front", []), *(file for files in parts for file in files)}


def _put_in_place(folder: Path, place: Path, ours: set[str]) -> None:
    if not place.exists():
        folder.rename(place)
        return
    _refuse_to_replace(folder, place, ours)
    aside = folder.with_suffix(".old")
    try:
        place.rename(aside)
    except OSError as error:
        raise InputError(
            f"{place}: cannot be replaced ({error.strerror}); name another folder."
        ) from error
    try:
        folder.rename(place)
    except BaseException:
        aside.rename(place)
        raise
    _bring_back(aside, place, ours)
    shutil.rmtree(aside, ignore_errors=True)


def _refuse_to_replace(folder: Path, place: Path, ours: set[str]) -> None:
    made = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    for address in made:
        if address.as_posix() not in ours and (place / address).exists():
            raise InputError(
                f"{place / address}: is there already and was not made by a report; "
                "move it away, or name another folder."
            )


def _bring_back(aside: Path, place: Path, ours: set[str]) -> None:
    """Move the files that are not ours from the old folder to the new one."""
    for path in sorted(aside.rglob("*")):
        address = path.relative_to(aside)
        target = place / address
        if path.is_dir() and not path.is_symlink():
            continue
        if address.as_posix() not in ours and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
