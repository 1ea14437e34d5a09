"""The files of a corpus: found in a folder or a zip archive, opened within limits.

Nothing is ever unpacked to disk under a name that an archive chose, and no stream is followed
further than its size on disk can explain.
"""

from __future__ import annotations

import functools
import gzip
import io
import lzma
import os
import posixpath
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from nbhelpers.loading.problems import Problem, UnreadableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

KINDS = (".txt", ".md", ".csv", ".tsv", ".jsonl", ".parquet", ".html", ".htm")
KINDS_IN_WORDS = ".txt, .md, .csv, .tsv, .jsonl, .parquet, .html, each also .gz, or a .zip of them"

DOCUMENT_LIMIT = 20_000_000
"""The longest text, in bytes of a file or characters of a cell: some 3 million words."""

MEMBER_LIMIT = 2_000_000_000
"""The most bytes that one file of a zip archive may unpack to."""

ARCHIVE_LIMIT = 10_000_000_000
"""The most bytes that all files of one zip archive may unpack to."""

RATIO_LIMIT = 200
"""How many times its packed size a file may unpack to; text reaches 3 to 20."""

RATIO_FREE = 10_000_000
"""Bytes that may unpack without a look at the ratio."""

_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the corpus: its path inside it, the same path without ending, its kind.

    ``name`` has ``/`` between its parts and is in Unicode form NFC on every system; a file in an
    archive is named ``archive.zip/member.txt``.
    """

    name: str
    stem: str
    kind: str
    _open_packed: Callable[[], tuple[BinaryIO, int]]

    def open(self) -> BinaryIO:
        """Return the content as a binary stream, unpacked if the name ends in ``.gz``."""
        stream, size = self._open_packed()
        if not self.name.lower().endswith(".gz"):
            return stream
        return _guarded(cast(BinaryIO, gzip.GzipFile(fileobj=stream)), size, also_close=stream)


@contextmanager
def reading(file: File) -> Iterator[BinaryIO]:
    """Open a file, and turn whatever goes wrong while it is read into :class:`UnreadableError`."""
    try:
        with file.open() as stream:
            yield stream
    except EOFError:
        raise UnreadableError(
            "the packed file breaks off before its end", "fetch or pack it again"
        ) from None
    except (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, lzma.LZMAError):
        raise UnreadableError("the packed file is damaged", "fetch or pack it again") from None
    except NotImplementedError:
        raise UnreadableError(
            "it is packed in a way that cannot be unpacked here", "pack it as an ordinary zip"
        ) from None
    except OSError as error:
        raise _refused(error) from None


def list_files(path: Path) -> tuple[list[File], list[Problem]]:
    """Return the files of a folder (with its subfolders), a zip archive, or the one file, sorted.

    Hidden files and folders (a leading dot, ``__MACOSX``) and README files are passed over in
    silence. What is of no known kind, a link to a folder, or cannot be reached is a problem. A zip
    archive inside the folder counts as a subfolder of its name; one that is itself the input counts
    as the folder, and a single folder around all that it holds is left out of the names.

    Raises :class:`UnreadableError` if ``path`` is itself an archive that cannot be opened.
    """
    # One archive is kept open at a time, so that a folder of thousands needs one file handle.
    open_archive = functools.lru_cache(maxsize=1)(_open_archive)
    if path.is_dir():
        found = [item for entry in _walk(path) for item in _expand(entry, open_archive)]
    elif is_archive(path.name):
        found = list(_members(functools.partial(open_archive, path), prefix=""))
    else:
        found = [_known(_shown(path.name), _shown(path.name), _opener(path))]
    files = sorted((item for item in found if isinstance(item, File)), key=lambda f: f.name)
    problems = [item for item in found if isinstance(item, Problem)]
    return files, sorted(problems, key=lambda p: p.file)


def is_archive(name: str) -> bool:
    """Return whether a name is that of a zip archive."""
    return name.lower().endswith(".zip")


def split_name(name: str) -> tuple[str, str]:
    """Return a file name's stem and kind, ``.gz`` left aside.

    >>> split_name("a/b.v2.TXT.gz")
    ('a/b.v2', '.txt')
    """
    unpacked = name[:-3] if name.lower().endswith(".gz") else name
    stem, kind = posixpath.splitext(unpacked)
    return stem, kind.lower()


def _walk(folder: Path) -> Iterator[tuple[Path, str] | Problem]:
    """Each file below the folder with its name in the corpus; no link to a folder is followed."""
    faults: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=faults.append):
        inside = Path(parent).relative_to(folder)
        folders[:] = [name for name in folders if not _hidden(name)]
        for name in folders:
            if (Path(parent) / name).is_symlink():
                yield UnreadableError(
                    "it is a link to a folder, and links to folders are not followed",
                    "put the folder itself there",
                ).at(_shown((inside / name).as_posix()))
        for name in names:
            if not (_hidden(name) or _is_readme(name)):
                yield Path(parent) / name, _shown((inside / name).as_posix())
    for error in faults:
        where = Path(os.fsdecode(error.filename)).relative_to(folder).as_posix()
        yield _refused(error).at(_shown(where) if where != "." else _shown(folder.name))


def _expand(
    entry: tuple[Path, str] | Problem, open_archive: Callable[[Path], zipfile.ZipFile]
) -> Iterator[File | Problem]:
    """The file itself, or the files of the archive that it is."""
    if isinstance(entry, Problem):
        yield entry
        return
    path, name = entry
    if not is_archive(name):
        yield _known(name, name, _opener(path))
        return
    try:
        yield from _members(functools.partial(open_archive, path), name)
    except UnreadableError as fault:
        yield fault.at(name)


def _known(
    name: str, named_by: str, open_packed: Callable[[], tuple[BinaryIO, int]]
) -> File | Problem:
    """The file, if its ending says that it may hold texts; ``named_by`` makes its id."""
    stem, kind = split_name(named_by)
    if kind in KINDS:
        return File(name, stem, kind, open_packed)
    return UnreadableError(
        f"files that end in {kind} are not read" if kind else "its name has no ending",
        f"save the text as one of {KINDS_IN_WORDS}",
    ).at(name)


def _opener(path: Path) -> Callable[[], tuple[BinaryIO, int]]:
    return functools.partial(_open_on_disk, path)


def _open_on_disk(path: Path) -> tuple[BinaryIO, int]:
    size = _size_of_ordinary(path)
    return path.open("rb"), size


def _size_of_ordinary(path: Path) -> int:
    # A pipe or a device would block or never end.
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("it is no ordinary file", "take it out of the corpus")
    return status.st_size


def _members(open_archive: Callable[[], zipfile.ZipFile], prefix: str) -> Iterator[File | Problem]:
    """The files of an archive; ``prefix`` is its name in the corpus, empty if it is all of it."""
    members = [info for info in open_archive().infolist() if not _passed_over(info)]
    top = "" if prefix else _common_folder([_member_name(info) for info in members])
    for info in members:
        inside = _member_name(info).removeprefix(top)
        name = f"{prefix}/{inside}" if prefix else inside
        fault = _fault(info)
        if fault:
            yield fault.at(name)
        else:
            named_by = f"{prefix[: -len('.zip')]}/{inside}" if prefix else inside
            yield _known(name, named_by, functools.partial(_open_member, open_archive, info))


def _open_archive(path: Path) -> zipfile.ZipFile:
    try:
        size = _size_of_ordinary(path)
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise UnreadableError("it is no zip archive, or a damaged one", "pack it again") from None
    except OSError as error:
        raise _refused(error) from None
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > ARCHIVE_LIMIT or _too_tight(unpacked, size):
        raise UnreadableError(
            f"it holds {size:,} bytes that say they unpack to {unpacked:,}",
            f"unpack it yourself if you trust it (at most {RATIO_LIMIT} times its size and "
            f"{ARCHIVE_LIMIT:,} bytes are unpacked)",
        )
    return archive


def _open_member(
    open_archive: Callable[[], zipfile.ZipFile], info: zipfile.ZipInfo
) -> tuple[BinaryIO, int]:
    try:
        stream = cast(BinaryIO, open_archive().open(info))
    except ValueError:  # its name in front of it, which is written twice, is no text
        raise zipfile.BadZipFile from None
    return _guarded(stream, info.compress_size), info.file_size


def _passed_over(info: zipfile.ZipInfo) -> bool:
    parts = [part for part in _member_name(info).split("/") if part not in (".", "..")]
    is_folder = _member_name(info).endswith("/")
    return is_folder or any(map(_hidden, parts)) or _is_readme(parts[-1] if parts else "")


def _member_name(info: zipfile.ZipInfo) -> str:
    return _shown(info.filename.replace("\\", "/")) or "?"


def _common_folder(names: list[str]) -> str:
    """The one folder around all names, with its slash, or nothing."""
    tops = {name.partition("/")[0] if "/" in name else "" for name in names}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top and top != ".." and not _DRIVE.match(top) else ""


def _fault(info: zipfile.ZipInfo) -> UnreadableError | None:
    """Why a member of an archive is refused, if it is."""
    name = _member_name(info)
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        return UnreadableError("its name leads out of the archive", "pack it under a plain name")
    if info.flag_bits & _ENCRYPTED:
        return UnreadableError("it is protected by a password", "pack it without one")
    if stat.S_ISLNK(info.external_attr >> 16):
        return UnreadableError("it is a link, not a file", "pack the file itself")
    if is_archive(name):
        return UnreadableError("it is an archive inside an archive", "unpack it and pack its files")
    if info.file_size > MEMBER_LIMIT or _too_tight(info.file_size, info.compress_size):
        return _bomb(info.compress_size)
    return None


class _Guarded(io.RawIOBase):
    """A stream that is unpacked as it is read, and stops where it grows out of all proportion."""

    def __init__(self, stream: BinaryIO, packed: int, also_close: BinaryIO | None) -> None:
        self._streams = [stream, also_close] if also_close else [stream]
        self._packed = packed
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        data = self._streams[0].read(len(view))
        view[: len(data)] = data
        self._unpacked += len(data)
        if _too_tight(self._unpacked, self._packed):
            raise _bomb(self._packed)
        return len(data)

    def close(self) -> None:
        for stream in self._streams:
            stream.close()
        super().close()


def _guarded(stream: BinaryIO, packed: int, also_close: BinaryIO | None = None) -> BinaryIO:
    return io.BufferedReader(_Guarded(stream, packed, also_close), 1 << 16)


def _too_tight(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FREE and unpacked > RATIO_LIMIT * packed


def _bomb(packed: int) -> UnreadableError:
    return UnreadableError(
        f"its {packed:,} bytes unpack to more than {RATIO_LIMIT} times as many "
        f"or to more than {MEMBER_LIMIT:,}",
        "unpack it yourself if you trust it",
    )


def _refused(error: OSError) -> UnreadableError:
    reason = (error.strerror or type(error).__name__).lower()
    return UnreadableError(
        f"it cannot be opened ({reason})", "check that it is there and may be read"
    )


def _hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _is_readme(name: str) -> bool:
    return name.lower().partition(".")[0] == "readme"


def _shown(name: str) -> str:
    """The name as it goes into ids and tables: NFC, and bytes that are no text as ``?``."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
