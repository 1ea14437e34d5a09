"""A word or phrase in its contexts (keyword in context)."""

from __future__ import annotations

import fnmatch
import re

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.text import normalise, word_spans
from nbhelpers.words import Bools, Ints, codes, document_groups, words

SORTED_BY_WORDS = 3  # how many words of context decide the order
MARKS_AT_MOST = 3  # how many marks, such as ." at a paragraph's end, are shown with a word

_NOT_IN_A_QUERY = re.compile(r"[^\w*'’-]")
_MARKS_BEFORE = re.compile(r"[^\w\s]+\Z")
_MARKS_AFTER = re.compile(rf"[^\w\s]{{1,{MARKS_AT_MOST}}}")


@table
def concordance(
    corpus: Corpus,
    query: str,
    *,
    sort: str = "document",
    window: int = 8,
    case_sensitive: bool = False,
    content_only: bool = True,
) -> pd.DataFrame:
    """Return each occurrence of a word or phrase with its context, never across a paragraph.

    The query is one or more words as :func:`nbhelpers.text.word_spans` splits them; ``*`` stands
    for any part of a word, or for a whole one ("north *", "deploy*"). Punctuation between words
    does not matter, typographic and straight apostrophes are the same. There are no regular
    expressions, so no query can be malformed or run for ever.

    Arguments: ``sort`` is ``"document"``, ``"left"`` (by the word before, then the one before that,
    ...), ``"right"``, or a metadata column; ``window`` is the number of words shown on each side;
    ``case_sensitive`` tells "US" from "us"; ``content_only=False`` searches furniture too. Columns:
    doc_id, file, start, end, left, keyword, right (all as in the raw text), is_content; with a
    metadata column in ``sort``, that column too. Raises InputError for a query without a word, a
    negative ``window`` or an unknown ``sort``.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "We don’t know. They do not deploy.", "a.txt")])
    >>> concordance(corpus, "don't", window=2)[["left", "keyword", "right"]]
      left keyword         right
    0   We   don’t  know. They
    """
    parts = _query_words(query)
    if window < 0:
        raise InputError(f"The window is a number of words, not {window}; give 0 or more.")
    tokens = words(corpus)
    first = _find(tokens, [_pattern(normalise(part)) for part in parts])
    if content_only:
        first = first[tokens["is_content"].to_numpy()[first]]
    if case_sensitive:
        first = _same_case(corpus, tokens, first, parts)
    groups = _groups(corpus, tokens, first, sort)
    order = _order(tokens, first, first + len(parts) - 1, sort, groups)
    frame = _lines(corpus, tokens, first[order], len(parts), window)
    return frame if groups is None else frame.assign(**{sort: groups[order].astype("str")})


def _query_words(query: str) -> list[str]:
    found = [word for chunk in query.split() for word in _words_of_chunk(chunk)]
    if not any(character.isalnum() for character in "".join(found)):
        raise InputError(
            f"The query {query!r} names no word to look for; "
            "give one or more, such as 'troops' or 'north *'."
        )
    return found


def _words_of_chunk(chunk: str) -> list[str]:
    if "*" not in chunk:
        return [chunk[a:b] for a, b in word_spans(chunk)]
    kept = _NOT_IN_A_QUERY.sub("", chunk)
    return [kept] if kept else []


def _pattern(part: str) -> re.Pattern[str]:
    """A pattern for one word; fnmatch makes of stars what cannot backtrack without end."""
    literal = part.replace("[", "[[]").replace("?", "[?]")
    return re.compile(fnmatch.translate(literal))


def _find(tokens: pd.DataFrame, patterns: list[re.Pattern[str]]) -> Ints:
    """The first words of the stretches that match, each within one paragraph."""
    categories = tokens["word"].cat.categories
    code = codes(tokens["word"])
    paragraph = tokens["paragraph"].to_numpy()
    count = max(len(tokens) - len(patterns) + 1, 0)
    found: Bools = paragraph[:count] == paragraph[len(patterns) - 1 :]
    for offset, pattern in enumerate(patterns):
        fits = np.fromiter((bool(pattern.match(w)) for w in categories), bool, len(categories))
        found &= fits[code[offset : offset + count]]
    return np.flatnonzero(found)


def _same_case(corpus: Corpus, tokens: pd.DataFrame, first: Ints, parts: list[str]) -> Ints:
    """The matches whose letters are as in the query."""
    patterns = [_pattern(_straight(part)) for part in parts]
    fits = np.ones(len(first), bool)
    for offset, pattern in enumerate(patterns):
        rows = tokens.iloc[first + offset]
        forms = (
            corpus.text(doc_id)[start:end]
            for doc_id, start, end in zip(rows["doc_id"], rows["start"], rows["end"], strict=True)
        )
        fits &= np.fromiter((bool(pattern.match(_straight(f))) for f in forms), bool, len(first))
    return first[fits]


def _straight(form: str) -> str:
    return form.replace("’", "'").replace("ʼ", "'")


def _groups(corpus: Corpus, tokens: pd.DataFrame, first: Ints, sort: str) -> pd.Categorical | None:
    """The metadata value of each match, where the order asks for it."""
    if sort in ("document", "left", "right"):
        return None
    groups = document_groups(corpus, sort)
    code = codes(tokens["doc_id"])[first]
    return pd.Categorical.from_codes(groups.codes[code], dtype=groups.dtype)


def _order(
    tokens: pd.DataFrame, first: Ints, last: Ints, sort: str, groups: pd.Categorical | None
) -> Ints:
    if sort == "document":
        return np.arange(len(first))
    if groups is not None:
        return np.argsort(
            np.where(groups.codes < 0, len(groups.categories), groups.codes), kind="stable"
        )
    step, edge = (-1, first) if sort == "left" else (1, last)
    keys = [_neighbours(tokens, edge, step * k) for k in range(SORTED_BY_WORDS, 0, -1)]
    return np.lexsort(keys)


def _neighbours(tokens: pd.DataFrame, row: Ints, offset: int) -> Ints:
    """The codes, alphabetical, of the words at an offset from each row; -1 past the paragraph."""
    code = codes(tokens["word"])
    paragraph = tokens["paragraph"].to_numpy()
    other = np.clip(row + offset, 0, max(len(tokens) - 1, 0))
    inside = (other == row + offset) & (paragraph[other] == paragraph[row])
    return np.where(inside, code[other], -1)


def _lines(
    corpus: Corpus, tokens: pd.DataFrame, first: Ints, length: int, window: int
) -> pd.DataFrame:
    paragraph = tokens["paragraph"].to_numpy()
    begin = np.searchsorted(paragraph, paragraph[first], side="left")
    end = np.searchsorted(paragraph, paragraph[first], side="right") - 1
    last = first + length - 1
    starts, ends = tokens["start"].to_numpy(), tokens["end"].to_numpy()
    frame = pd.DataFrame(
        {
            "doc_id": tokens["doc_id"].to_numpy(object)[first],
            "start": starts[first],
            "end": ends[last],
            "is_content": tokens["is_content"].to_numpy()[first],
        }
    ).astype({"doc_id": "str"})
    left = starts[np.maximum(first - window, begin)]
    right = ends[np.minimum(last + window, end)]
    contexts = [
        _context(corpus.text(doc_id), *edges)
        for doc_id, *edges in zip(
            frame["doc_id"], left, starts[first], ends[last], right, strict=True
        )
    ]
    texts = pd.DataFrame(contexts, columns=["left", "keyword", "right"], dtype="str")
    files = pd.Series([corpus[doc_id].file for doc_id in frame["doc_id"]], dtype="str")
    frame = pd.concat([frame, texts], axis=1).assign(file=files)
    columns = ["doc_id", "file", "start", "end", "left", "keyword", "right", "is_content"]
    return frame[columns]


def _context(text: str, left: int, start: int, end: int, right: int) -> tuple[str, str, str]:
    """The three texts, with the marks that touch the outermost words."""
    before = _MARKS_BEFORE.search(text, max(left - MARKS_AT_MOST, 0), left)
    after = _MARKS_AFTER.match(text, right)
    outer_left = before.start() if before else left
    outer_right = after.end() if after else right
    return text[outer_left:start].rstrip(), text[start:end], text[end:outer_right].lstrip()
