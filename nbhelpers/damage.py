"""Flaws of the texts: places where what stands there may not be what was written.

Texts from the web are cut, mis-decoded and partly machine-translated. Nothing is mended; each flaw
is listed with its place, so that a reader is warned where a sentence cannot be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import ftfy
import pandas as pd
from ftfy.badness import is_bad
from nupunkt import load_default_model

from nbhelpers.cleaning import segments
from nbhelpers.corpus import Corpus, table
from nbhelpers.text import (
    CLOSING_MARKS,
    OPENING_MARKS,
    STRAIGHT_MARK,
    Span,
    count_words,
    normalise,
    quotations,
    sentence_spans,
    stray_marks,
    word_spans,
)

DUPLICATE_WORDS = 8  # words from which a sentence that stands twice is no coincidence
PARAGRAPH_WORDS = 12  # words from which a paragraph without a stop at its end is no heading
FRAGMENT_WORDS = 6  # words up to which a sentence in lower case is a stray fragment

Flaw = tuple[int, int, str, str | None]

_CUT_MOJIBAKE = frozenset({"â€", "Ĺ‚", "âš“", "Â"})  # common, and too short for ftfy to be sure
_STOPPED = re.compile(r"[.!?…:;,—–-]['\"”’»)\]]*$|[\"”»]$")
_ENDED = re.compile(r"[.!?]['\"”’»)\]]*$")
_RUN_OF_SYMBOLS = re.compile(r"[^\x00-\x7f]+")
_LOWER_CASE_START = re.compile(r"[.!?…][\"”’)]*\s+(?=([a-z][\w'’-]*))")
_WORD_BEFORE = re.compile(r"([\w.'’-]+)[.!?…][\"”’)]*$")
_SPEECH = re.compile(
    r"(?:(?:he|she|they|it|we|I|who|the \w+|[A-Z]\w+)\s+)?(?:said|says|asked|told|added|wrote|"
    r"explained|replied|continued|noted|insisted|argued|warned|tweeted|joked|recalled|according)\b"
)
_BROKEN_SPEAKER = re.compile(
    r"[”\"]\s+([A-Z][\w'’-]+, [A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2} (?:reported|reports|said|says|"
    r"wrote|writes))\b"
)
_SPACE_BEFORE_STOP = re.compile(r"(?<=\w)([^\S\r\n]+[.,;])(?=\s|$)(?!\s*\.)")
_BULLET = re.compile(r"\s*(?:[-–—•*·▪◦‣✓►»]|\(?\w{1,2}[.)])\s")


@table
def damage(corpus: Corpus) -> pd.DataFrame:
    """List the flaws of every text, in content unless said otherwise.

    Columns: ``doc_id``, ``start``, ``end`` (code points into the raw text), ``kind``, ``text``
    (what stands there), ``suggestion`` (what may have been meant, else NA). Kinds: ``mojibake``
    (characters decoded wrongly, found by ftfy, in every segment), ``unbalanced_quote`` (a
    quotation mark without its partner), ``duplicate`` (a sentence that stood before),
    ``missing_stop`` (a paragraph that breaks off; the last word is marked), ``stray_fragment`` and
    ``odd_case`` (sentences that begin in lower case), ``broken_speaker`` (two speakers run together
    after a quotation), ``stray_space`` (a blank before a stop, as machine translation leaves it).

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "It rained. announced that it would.", "a.txt")])
    >>> damage(corpus)[["start", "kind", "text"]].values.tolist()
    [[11, 'stray_fragment', 'announced that it would.']]
    """
    of_text = dict(iter(segments(corpus).groupby("doc_id")))
    rows = [
        (d.doc_id, start, end, kind, d.text[start:end], suggestion)
        for d in corpus
        if d.doc_id in of_text
        for start, end, kind, suggestion in sorted(
            _flaws(d.text, of_text[d.doc_id]), key=lambda flaw: flaw[:3]
        )
    ]
    columns = ["doc_id", "start", "end", "kind", "text", "suggestion"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"suggestion": "string", "start": "int64", "end": "int64"})


def _flaws(text: str, labelled: pd.DataFrame) -> Iterator[Flaw]:
    everything = list(zip(labelled["start"].tolist(), labelled["end"].tolist(), strict=True))
    body = [s for s, kind in zip(everything, labelled["kind"], strict=True) if kind == "body"]
    for start, end in everything:
        yield from mojibake(text, start, end)
    yield from _unbalanced_quotes(text, body)
    yield from _duplicates(text, body)
    yield from _missing_stops(text, body)
    for i, (start, end) in enumerate(body):
        goes_on = i > 0 and not _ENDED.search(text[slice(*body[i - 1])])
        yield from _lower_case_starts(text, start, end, goes_on=goes_on)
        for match in _BROKEN_SPEAKER.finditer(text, start, end):
            yield (*match.span(1), "broken_speaker", None)
        for match in _SPACE_BEFORE_STOP.finditer(text, start, end):
            yield (*match.span(1), "stray_space", match.group().strip())


def mojibake(text: str, start: int, end: int) -> Iterator[Flaw]:
    """Find characters that were decoded in the wrong encoding, with what ftfy takes them for.

    >>> list(mojibake("the umpireâ€™s shadow", 0, 21))
    [(10, 13, 'mojibake', '’')]
    """
    for match in _RUN_OF_SYMBOLS.finditer(text, start, end):
        run = match.group()
        if (fixed := ftfy.fix_encoding(run)) != run:
            yield (*match.span(), "mojibake", fixed)
        elif "\ufffd" in run or is_bad(run) or run in _CUT_MOJIBAKE:
            yield (*match.span(), "mojibake", None)


def _unbalanced_quotes(text: str, body: list[Span]) -> Iterator[Flaw]:
    for i, (start, end) in enumerate(body):
        for quotation in quotations(text, start, end):
            if not quotation.closed and not _runs_on(text, quotation.end, body, i):
                yield (quotation.start, quotation.start + 1, "unbalanced_quote", None)
        for position in stray_marks(text, start, end):
            yield (position, position + 1, "unbalanced_quote", None)


def _runs_on(text: str, quotation_end: int, body: list[Span], i: int) -> bool:
    """Over several paragraphs a quotation is opened in each and closed in the last."""
    opens_again = i + 1 < len(body) and text[body[i + 1][0]] in OPENING_MARKS + STRAIGHT_MARK
    return quotation_end == body[i][1] and opens_again


def _duplicates(text: str, body: list[Span]) -> Iterator[Flaw]:
    seen: set[str] = set()
    repeated: list[Span] = []
    for paragraph in body:
        for start, end in sentence_spans(text, *paragraph):
            words = [normalise(text[a:b]) for a, b in word_spans(text, start, end)]
            if len(words) >= DUPLICATE_WORDS and (key := " ".join(words)) in seen:
                if repeated and not text[repeated[-1][1] : start].strip():
                    start = repeated.pop()[0]
                repeated.append((start, end))
            elif len(words) >= DUPLICATE_WORDS:
                seen.add(key)
    return ((start, end, "duplicate", None) for start, end in repeated)


def _missing_stops(text: str, body: list[Span]) -> Iterator[Flaw]:
    stops = [bool(_ENDED.search(text[start:end])) for start, end in body]
    story = body[stops.index(True) :] if any(stops) else []  # a standfirst may go without
    for start, end in story:
        paragraph = text[start:end]
        ended = (
            _STOPPED.search(paragraph) or _BULLET.match(paragraph) or not paragraph[-1].isalnum()
        )
        if (
            not ended
            and count_words(paragraph) >= PARAGRAPH_WORDS
            and not _is_title_case(paragraph)
        ):
            yield (*word_spans(text, start, end)[-1], "missing_stop", None)


def _is_title_case(paragraph: str) -> bool:
    words: list[str] = re.findall(r"[^\W\d_]{4,}", paragraph)
    return 2 * sum(word[:1].isupper() for word in words) > len(words)


def _lower_case_starts(text: str, start: int, end: int, *, goes_on: bool) -> Iterator[Flaw]:
    """A sentence that begins in lower case: short, it is left over; long, its case is wrong."""
    first = text[start : start + 1]
    begins = [start] if first.islower() and not goes_on and end - start > 30 else []
    begins += [
        match.end()
        for match in _LOWER_CASE_START.finditer(text, start, end)
        if _ends_sentence(text, start, match)
    ]
    for begin in begins:
        stop = sentence_spans(text, begin, end)[0][1]
        if count_words(text, begin, stop) <= FRAGMENT_WORDS and text[stop - 1] in ".!?":
            yield (begin, stop, "stray_fragment", None)
        else:
            yield (*word_spans(text, begin, stop)[0], "odd_case", text[begin].upper())


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop before a lower-case word is one: no abbreviation, no ‘“Why?” he asked’."""
    before = _WORD_BEFORE.search(text, max(start, match.start() - 40), match.start() + 1)
    word = before.group(1).lower() if before else ""
    quoted = any(mark in match.group() for mark in CLOSING_MARKS + STRAIGHT_MARK + "’")
    if "…" in match.group() or (quoted and match.group()[0] in "?!"):
        return False
    if ")" in match.group() and not quoted:
        return False
    if quoted and _SPEECH.match(text, match.end()):
        return False
    return len(word) > 2 and "." not in word and word not in _abbreviations()


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(load_default_model().abbreviations)
