"""Words in quotation marks that nobody is said to have said: the author keeps clear of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

import numpy as np

from nbhelpers.cleaning import segments
from nbhelpers.corpus import Corpus
from nbhelpers.extraction.paragraphs import with_plain_marks
from nbhelpers.text import Span, paragraph_spans, quotations
from nbhelpers.voices.pieces import Pieces
from nbhelpers.words import Ints, positions

MOST_WORDS = 3
_SINGLE = re.compile(r"(?<![\w'’])['‘]([^\W\d_][\w-]*(?: [\w-]+){0,2}[,.]?)['’](?![\w'’])")
_LEAST_LETTERS = 3
_SPOKEN = ("!", "?", "…", ":")  # ends of what was said, not of a word that is held at arm's length
# Behind these words a term is named, not doubted.
_NAMED_BY = frozenset(
    "titled entitled named nicknamed codenamed word words term terms phrase slogan hashtag song "
    "album film movie book novel series show episode program programme magazine headline headlined "
    "reads reading read spelled spelt pronounced means meaning acronym abbreviation call calls "
    "called calling dub dubs dubbed dubbing label labels labelled labeled branded".split()
)
_OF_SPEAKERS = ("i'", "i’", "we'", "we’", "you'", "you’")
_SAID = frozenset("i we you me yes no please thank thanks sorry hello ok okay".split())
_SHORT = 5  # letters of a word that titles write large: "Contract with America"
_OPENS_BEHIND = frozenset(" \t\n\r\xa0([-–—/'‘’")


def scare_quotes(corpus: Corpus, parts: Pieces) -> list[tuple[int, int]]:
    """Return the scare quotes, each as its first word and the one behind its last.

    One to three words in quotation marks in the body of a text, of which no attribution claims any.
    Left out are headlines, where such marks report speech, names and titles (their longer words
    have capitals), utterances ("thank you"), and what is introduced as a word ("the term ...").
    Terms of art that a writer marks as such ("super PACs") cannot be told apart.
    """
    place = positions(corpus, parts.tokens)
    found = []
    for base, text, quoted in _quoted(corpus):
        inner = [span for span in quoted if span[1] > span[0]]
        firsts = np.searchsorted(place, [base + start for start, _ in inner])
        pasts = np.searchsorted(place, [base + end for _, end in inner])
        for (start, end), first, past in zip(inner, firsts.tolist(), pasts.tolist(), strict=True):
            if _is_free(parts, first, past) and _is_doubted(
                text, start, end, _before(parts, first)
            ):
                found.append((first, past))
    return found


def _quoted(corpus: Corpus) -> Iterator[tuple[int, str, list[Span]]]:
    """What stands between marks in the body of each text, and where the text lies in the corpus."""
    labelled = segments(corpus)
    body = labelled[labelled["kind"] != "title"]
    spans_of = {
        doc_id: list(zip(rows["start"].tolist(), rows["end"].tolist(), strict=True))
        for doc_id, rows in body.groupby("doc_id")
    }
    base = 0
    for document in corpus:
        quoted = _between_marks(document.text, spans_of.get(document.doc_id, []))
        if quoted:
            yield base, document.text, quoted
        base += len(document.text) + 1


def _between_marks(text: str, stretches: Iterable[Span]) -> list[Span]:
    marked = with_plain_marks(text)
    found: list[Span] = []
    for stretch in stretches:
        for start, end in paragraph_spans(text[slice(*stretch)]):
            begin, stop = stretch[0] + start, stretch[0] + end
            double = quotations(marked, begin, stop)
            found += [(q.start + 1, q.end - 1) for q in double if q.closed]
            opened = [q.start for q in double]
            for match in _SINGLE.finditer(text, begin, stop):
                number = bisect_right(opened, match.start()) - 1
                if number < 0 or double[number].end <= match.start():
                    found.append(match.span(1))
    return sorted(found)


def _is_free(parts: Pieces, first: int, past: int) -> bool:
    """Whether it has the right number of words, all counted, and no attribution claims any."""
    if not first < past <= first + MOST_WORDS:
        return False
    rows: Ints = parts.row[first:past]
    return bool((rows >= 0).all()) and not parts.is_attributed[first:past].any()


def _before(parts: Pieces, first: int) -> str:
    """The word before, in the same sentence and voice."""
    if not first or parts.row[first - 1] != parts.row[first]:
        return ""
    return str(parts.tokens["word"].iat[first - 1])


def _is_doubted(text: str, start: int, end: int, before: str) -> bool:
    inside = text[start:end].strip()
    if inside.endswith(_SPOKEN) or before in _NAMED_BY:
        return False
    if start > 1 and text[start - 2] not in _OPENS_BEHIND:  # markup: pic="..."
        return False
    if sum(map(str.isalpha, inside)) < _LEAST_LETTERS or any(map(str.isdigit, inside)):
        return False
    words = inside.split()
    if any(word.lower().startswith(_OF_SPEAKERS) or word.lower() in _SAID for word in words):
        return False
    longest = max(words, key=len)
    return any(w[0].islower() and len(w) >= min(_SHORT, len(longest)) for w in words)
