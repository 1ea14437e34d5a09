"""From bytes to text: which encoding, and what to tell the reader about it."""

from __future__ import annotations

import codecs
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

from nbhelpers.loading.files import DOCUMENT_LIMIT
from nbhelpers.loading.problems import UnreadableError

# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20
_SAMPLE = 1 << 19
_REPLACEMENT = "\ufffd"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

# With fewer bytes beyond ASCII than these there is nothing to guess from: then it is taken for
# Windows-1252, by far the commonest.
_EVIDENCE = 8

_SAVE_AS_UTF8 = "save it as UTF-8"


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec; whether it was guessed, and whether every byte is known to fit it."""

    codec: str
    guessed: bool = False
    lossless: bool = False

    def notes(self, text: str) -> tuple[str, ...]:
        """Return what a reader must know of a text decoded by it.

        >>> Encoding("cp1252", guessed=True).notes("caf\u00e9")
        ('the text is not UTF-8; its encoding was guessed: cp1252',)
        """
        guess = f"the text is not UTF-8; its encoding was guessed: {self.codec}"
        loss = "what could not be decoded stands as U+FFFD"
        return (
            *([guess] if self.guessed and not text.isascii() else []),
            *([loss] if not self.lossless and _REPLACEMENT in text else []),
        )


def detect_encoding(stream: BinaryIO) -> Encoding:
    """Return the encoding of a stream, which is read to its end in blocks.

    A byte order mark decides; then whatever is valid UTF-8 is UTF-8. Where most of what lies beyond
    ASCII is valid, it is UTF-8 with damaged places; else charset-normalizer guesses, from the lines
    beyond ASCII. An early end of a packed stream is left for the reading to report.
    """
    head = next(_blocks(stream), b"")
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec)
    if 10 * head.count(0) > len(head):
        raise UnreadableError(
            "it is a binary file, or UTF-16 without a byte order mark", _SAVE_AS_UTF8
        )
    tally = _Utf8Tally()
    tally.add(head)
    for block in _blocks(stream):
        tally.add(block)
    return tally.verdict()


def check_text(text: str) -> None:
    """Raise :class:`UnreadableError` if there is nothing to read in a text, or it cannot be one."""
    if not text or text.isspace():
        raise UnreadableError("the text is blank", "fill it in or leave it out")
    if "\0" in text:
        raise UnreadableError(
            "the text holds NUL characters, so it is binary or damaged", _SAVE_AS_UTF8
        )
    if len(text) > DOCUMENT_LIMIT:
        raise too_long()


def too_long() -> UnreadableError:
    """Return what to say of a text beyond the limit."""
    return UnreadableError(
        f"it is longer than one text may be ({DOCUMENT_LIMIT:,} characters)",
        "split it into several texts",
    )


class _Utf8Tally:
    """What has been seen of a stream, if it were UTF-8."""

    def __init__(self) -> None:
        self._strict = codecs.getincrementaldecoder("utf-8")()
        self._lenient = codecs.getincrementaldecoder("utf-8")("replace")
        self._valid = True
        self._good = 0
        self._bad = 0
        self._sample = bytearray()

    def add(self, block: bytes) -> None:
        if self._valid:
            self._valid = _decodes(self._strict, block)
        text = self._lenient.decode(block)
        bad = text.count(_REPLACEMENT)
        self._bad += bad
        self._good += len(text) - len(text.encode("ascii", "ignore")) - bad
        if len(self._sample) < _SAMPLE and not block.isascii():
            lines = (line for line in block.splitlines(keepends=True) if not line.isascii())
            self._sample += b"".join(lines)[:_SAMPLE]

    def verdict(self) -> Encoding:
        if self._valid and _decodes(self._strict, b"", final=True):
            return Encoding("utf-8", lossless=True)
        if self._good >= max(1, self._bad):
            return Encoding("utf-8")
        return _guess(bytes(self._sample))


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _guess(sample: bytes) -> Encoding:
    if _beyond_ascii(sample) < _EVIDENCE and _is_cp1252(sample):
        return Encoding("cp1252", guessed=True)
    best = from_bytes(sample).best()
    if best is None or len(_CONTROL.findall(str(best))) * 50 > len(sample):
        raise UnreadableError("it is a binary file, or in an unknown encoding", _SAVE_AS_UTF8)
    # Several code pages often give the same text; the note then names the commonest.
    western = "cp1252" in best.could_be_from_charset
    return Encoding("cp1252" if western else best.encoding, guessed=True)


def _beyond_ascii(sample: bytes) -> int:
    return len(sample) - len(sample.decode("ascii", "ignore"))


def _is_cp1252(sample: bytes) -> bool:
    return _decodes(codecs.getincrementaldecoder("cp1252")(), sample, final=True)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    try:
        while block := stream.read(_BLOCK):
            yield block
    except (EOFError, OSError, zlib.error):
        return


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a whole file and what a reader must know of its encoding.

    >>> decode("Zelenskiy’s".encode("utf-16"))
    ('Zelenskiy’s', ())
    """
    encoding = detect_encoding(io.BytesIO(data))
    text = data.decode(encoding.codec, "replace")
    return text, encoding.notes(text)
