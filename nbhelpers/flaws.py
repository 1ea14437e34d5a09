"""The flaws of one text: places where what stands there may not be what was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import ftfy
from ftfy.badness import is_bad
from nupunkt import load_default_model
from wordfreq import zipf_frequency

from nbhelpers.text import (
    CLOSING_MARKS,
    OPENING_MARKS,
    STRAIGHT_MARK,
    WORD,
    Span,
    count_words,
    ends_with,
    normalise,
    quotations,
    sentence_spans,
    stray_marks,
    word_spans,
)

DUPLICATE_WORDS = 8  # words from which a sentence that stands twice is no coincidence
PARAGRAPH_WORDS = 12  # words from which a paragraph without a stop at its end is no heading
HEADING_CHARACTERS = 30  # up to which a line in lower case is no paragraph
SHORT_RUN = 8  # characters beyond ASCII in a row that come again and again
EVERYDAY_WORD = 5.2  # on the Zipf scale: once in 6,300 words
FRAGMENT_WORDS = 6  # words up to which a sentence in lower case is a stray fragment
FRAGMENT_CHARACTERS = 300  # and characters, so that a hostile paragraph is not read again and again

Flaw = tuple[int, int, str, str | None]

_CUT_MOJIBAKE = frozenset({"â€", "Ĺ‚", "âš“", "Â"})  # common, and too short for ftfy to be sure
_STOPS = ".!?"
_RUN_OF_SYMBOLS = re.compile(r"[^\x00-\x7f]+")
_LOWER_CASE_START = re.compile(r"[.!?…][\"”’)]*\s+(?=[a-z])(?!\S*[@/]|\S*\w\.\w)")  # no address
_WORD_BEFORE = re.compile(r"([\w.'’-]+)[.!?…][\"”’)]*$")
_SPEECH = re.compile(
    r"(?:(?:he|she|they|it|we|I|who|the \w+|[A-Z]\w+)\s+)?(?:said|says|asked|told|added|wrote|"
    r"writes|explained|replied|continued|noted|insisted|argued|warned|tweeted|joked|recalled|"
    r"according)\b"
)
_BROKEN_SPEAKER = re.compile(
    r"[”\"]\s+([A-Z][\w'’-]+, [A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2} (?:reported|reports|said|says|"
    r"wrote|writes))\b"
)
_SPACE_BEFORE_STOP = re.compile(r"(?<=\w)([^\S\r\n]+[.,;])(?=\s|$)(?!\s*\.)")
_BULLET = re.compile(r"\s*(?:[-–—•*·▪◦‣✓►»]|\(?\w{1,2}[.)])\s")


def find_flaws(
    text: str, labelled: Sequence[tuple[int, int, str]], parted: Sequence[tuple[int, int, bool]]
) -> Iterator[Flaw]:
    """Find the flaws of one text: (start, end, kind, suggestion or None), in no order.

    ``labelled`` are its segments as (start, end, kind), ``parted`` its sentences as (start, end,
    is_content). For the kinds see :func:`nbhelpers.cleaning.damage`.

    >>> text = "It rained. announced that it would."
    >>> list(find_flaws(text, [(0, 35, "body")], [(0, 10, True), (11, 35, True)]))
    [(11, 35, 'stray_fragment', None)]
    """
    body = [(start, end) for start, end, kind in labelled if kind == "body"]
    for start, end, _ in labelled:
        yield from mojibake(text, start, end)
    yield from _unbalanced_quotes(text, body)
    yield from _duplicates(text, _sentences_of_body(labelled, parted))
    yield from _missing_stops(text, body)
    yield from _lower_case_starts(text, body)
    for start, end in body:
        for match in _BROKEN_SPEAKER.finditer(text, start, end):
            yield (*match.span(1), "broken_speaker", None)
        for match in _SPACE_BEFORE_STOP.finditer(text, start, end):
            yield (*match.span(1), "stray_space", match.group().strip())


def _sentences_of_body(
    labelled: Sequence[tuple[int, int, str]], parted: Sequence[tuple[int, int, bool]]
) -> list[Span]:
    titles = [(start, end) for start, end, kind in labelled if kind == "title"]
    return [
        (start, end)
        for start, end, is_content in parted
        if is_content and not any(a <= start < b for a, b in titles)
    ]


def mojibake(text: str, start: int, end: int) -> Iterator[Flaw]:
    """Find characters that were decoded in the wrong encoding, with what ftfy takes them for.

    >>> list(mojibake("the umpireâ€™s shadow", 0, 21))
    [(10, 13, 'mojibake', '’')]
    """
    for match in _RUN_OF_SYMBOLS.finditer(text, start, end):
        run = match.group()
        is_flaw, meant = (_read_anew if len(run) > SHORT_RUN else _read_short_anew)(run)
        if is_flaw:
            yield (*match.span(), "mojibake", meant)


def _read_anew(run: str) -> tuple[bool, str | None]:
    """Whether these characters are misread, and what for, if that can be told."""
    if (fixed := ftfy.fix_encoding(run)) != run:
        return True, fixed
    return "\ufffd" in run or is_bad(run) or run in _CUT_MOJIBAKE, None


_read_short_anew = lru_cache(maxsize=4096)(_read_anew)  # most runs are one quotation mark


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


def _duplicates(text: str, content: list[Span]) -> Iterator[Flaw]:
    """Sentences that stood before; those that follow one another are one flaw."""
    seen: set[str] = set()
    repeated: list[Span] = []
    for start, end in content:
        words = WORD.findall(normalise(text[start:end]))
        if len(words) < DUPLICATE_WORDS:
            continue
        if (key := " ".join(words)) not in seen:
            seen.add(key)
        elif repeated and not text[repeated[-1][1] : start].strip():
            repeated[-1] = (repeated[-1][0], end)
        else:
            repeated.append((start, end))
    return ((start, end, "duplicate", None) for start, end in repeated)


def _missing_stops(text: str, body: list[Span]) -> Iterator[Flaw]:
    """Paragraphs that break off, from the first that ends; a standfirst may go without a stop."""
    in_story = False
    for start, end in body:
        paragraph = text[start:end]
        in_story = in_story or ends_with(paragraph, _STOPS)
        if (
            in_story
            and paragraph[-1].isalnum()
            and not _BULLET.match(paragraph)
            and count_words(paragraph) >= PARAGRAPH_WORDS
            and not _is_title_case(paragraph)
        ):
            yield (*word_spans(text, start, end)[-1], "missing_stop", None)


def _is_title_case(paragraph: str) -> bool:
    words: list[str] = re.findall(r"[^\W\d_]{4,}", paragraph)
    return 2 * sum(word[:1].isupper() for word in words) > len(words)


def _lower_case_starts(text: str, body: list[Span]) -> Iterator[Flaw]:
    """A sentence that begins in lower case: short, it is left over; long, its case is wrong."""
    above_ended = True
    for start, end in body:
        paragraph = text[start:end]
        if above_ended and paragraph[0].islower() and end - start > HEADING_CHARACTERS:
            yield from _lower_case_start(text, start, end)
        for match in _LOWER_CASE_START.finditer(text, start, end):
            if _ends_sentence(text, start, match):
                yield from _lower_case_start(text, match.end(), end)
        above_ended = ends_with(paragraph, _STOPS)


def _lower_case_start(text: str, begin: int, end: int) -> Iterator[Flaw]:
    stop = sentence_spans(text, begin, min(end, begin + FRAGMENT_CHARACTERS))[0][1]
    if count_words(text, begin, stop) <= FRAGMENT_WORDS and text[stop - 1] in _STOPS:
        yield (begin, stop, "stray_fragment", None)
    elif word := WORD.match(text, begin, stop):
        yield (*word.span(), "odd_case", word.group()[0].upper() + word.group()[1:])


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
    """Those that nupunkt has learnt, but for the everyday words ("day", "week") among them."""
    learnt = load_default_model().abbreviations
    return frozenset(a for a in learnt if zipf_frequency(a, "en") < EVERYDAY_WORD)
