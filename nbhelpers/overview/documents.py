"""What a corpus holds: its documents, their size, date and language."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.text import MONTH, paragraph_spans, quotations
from nbhelpers.words import Bools, document_groups, positions, words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGE_LEAST_WORDS = 20  # below it, no language is guessed
LANGUAGE_LEAST_PROBABILITY = 0.9  # py3langid's own estimate, over the languages it knows
LANGUAGE_CHARACTERS = 2000  # how much of a text's content is looked at
SMALL_WORDS = 100  # under it, means and shares of a text are called small

_MONTHS_IN_ORDER = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH = rf"(?P<month>{MONTH})\b\.?"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>(?:19|20)\d\d)"
# Dates in figures alone are read only in the order of ISO 8601: 10/11/2024 has two meanings.
_FULL_DATES = [
    re.compile(rf"\b{pattern}\b", re.IGNORECASE)
    for pattern in (
        rf"{_DAY}\s+{_MONTH},?\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)",
    )
]


@table
def documents(corpus: Corpus) -> pd.DataFrame:
    """Return the documents, one row each.

    Columns: doc_id, file, title (from the metadata, else the segment ``title``), outlet, published
    (datetime64), published_basis (metadata; in_text: a dateline that holds a full date; NA),
    language (ISO 639-1, py3langid; NA under 20 words of content or where the guess is not clear),
    genre (from the metadata), n_words (furniture included), n_words_content, sha256 (of the text
    in UTF-8).
    """
    known = corpus.metadata.set_index("doc_id").reindex(corpus.doc_ids)
    dated = publication_dates(corpus).set_index("doc_id")
    tokens = words(corpus)
    content = _per_document(corpus, tokens[tokens["is_content"]])
    frame = pd.DataFrame(
        {
            "file": known["file"],
            "title": known["title"].fillna(_first_text(corpus, "title").reindex(corpus.doc_ids)),
            "outlet": known["outlet"],
            "published": dated["published"],
            "published_basis": dated["published_basis"],
            "language": _languages(corpus, content),
            "genre": known["genre"],
            "n_words": _per_document(corpus, tokens),
            "n_words_content": content,
            "sha256": known["sha256"],
        }
    )
    return frame.rename_axis("doc_id").reset_index().astype({"doc_id": "str"})


@table
def publication_dates(corpus: Corpus) -> pd.DataFrame:
    """Return when each document was published, as far as metadata or a dateline tell.

    Columns: doc_id, published, published_basis, as in :func:`documents`.
    """
    known = corpus.metadata.set_index("doc_id").reindex(corpus.doc_ids)["published"]
    dated = _dateline_dates(corpus).reindex(corpus.doc_ids)
    basis = _basis(known.notna(), dated.notna())
    frame = pd.DataFrame({"published": known.fillna(dated), "published_basis": basis})
    return frame.rename_axis("doc_id").reset_index().astype({"doc_id": "str"})


@table
def summary(corpus: Corpus, *, by: str | None = "doc_id") -> pd.DataFrame:
    """Return the size of each document: words, sentences, quotation.

    Arguments: ``by`` is ``"doc_id"``, a metadata column (one row for each value) or None (one row
    for the corpus). Columns: ``by`` if given, documents (how many), words, sentences, paragraphs,
    sentence_length (mean number of words), quoted_share (of the words, inside closed double
    quotation marks), all in content; the same but documents with the ending _raw, furniture
    included; small (under 100 words of content: mind means and shares). Means and shares of
    nothing are NA.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "He left. “Never again,” she said.", "a.txt")])
    >>> summary(corpus)[["words", "sentences", "sentence_length", "quoted_share"]].round(2)
       words  sentences  sentence_length  quoted_share
    0      6          2              3.0          0.33
    """
    content, raw = _sizes(corpus, content_only=True), _sizes(corpus, content_only=False)
    sizes = pd.concat([content, raw.add_suffix("_raw")], axis=1).assign(documents=1)
    groups = pd.Series("" if by is None else document_groups(corpus, by), index=sizes.index)
    totals = sizes.groupby(groups, observed=True).sum()
    for ending in ("", "_raw"):
        size, count = totals["words" + ending], totals["sentences" + ending]
        totals["sentence_length" + ending] = size / count.where(count > 0)
        totals["quoted_share" + ending] = totals["quoted" + ending] / size.where(size > 0)
    totals["small"] = totals["words"] < SMALL_WORDS
    figures = ["words", "sentences", "paragraphs", "sentence_length", "quoted_share"]
    frame: pd.DataFrame = totals[["documents", *figures, *(f + "_raw" for f in figures), "small"]]
    if by is None:
        return frame.reset_index(drop=True)
    return frame.rename_axis(by).reset_index().astype({by: "str"})


def _per_document(corpus: Corpus, rows: pd.DataFrame) -> pd.Series[int]:
    """How many rows each document has, in the order of the corpus."""
    code = pd.Categorical(rows["doc_id"], categories=corpus.doc_ids).codes
    return pd.Series(np.bincount(code, minlength=len(corpus)), index=corpus.doc_ids)


def _basis(given: pd.Series[bool], dated: pd.Series[bool]) -> pd.Series[str]:
    basis = pd.Series(pd.NA, index=given.index, dtype="str")
    return basis.mask(dated, "in_text").mask(given, "metadata")


def _first_text(corpus: Corpus, kind: str) -> pd.Series[str]:
    found = segments(corpus)
    first = found[found["kind"] == kind].drop_duplicates("doc_id")
    return first.set_index("doc_id")["text"].astype("str")


def _dateline_dates(corpus: Corpus) -> pd.Series[pd.Timestamp]:
    """The first full date in the datelines of each document that has one."""
    found = segments(corpus)
    datelines = found[found["kind"] == "dateline"]
    dates = [
        (doc_id, _full_date(text))
        for doc_id, text in zip(datelines["doc_id"], datelines["text"], strict=True)
    ]
    dated = {doc_id: date for doc_id, date in reversed(dates) if date is not None}
    return pd.Series(dated, dtype="datetime64[s]")


def _full_date(text: str) -> pd.Timestamp | None:
    """The first date with day, month and year, by grammar; None where there is none."""
    matches = [match for pattern in _FULL_DATES for match in pattern.finditer(text)]
    for match in sorted(matches, key=lambda m: m.start()):
        month = match["month"].lower()
        number = int(month) if month.isdigit() else _MONTHS_IN_ORDER.index(month[:3]) // 4 + 1
        try:
            return pd.Timestamp(int(match["year"]), number, int(match["day"]))
        except ValueError:  # no such day
            continue
    return None


def _languages(corpus: Corpus, n_words: pd.Series[int]) -> pd.Series[str]:
    identifier = _identifier()
    guesses = [
        _language(identifier, text) if size >= LANGUAGE_LEAST_WORDS else None
        for text, size in zip(_content_texts(corpus), n_words, strict=True)
    ]
    return pd.Series(guesses, index=n_words.index, dtype="str")


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _language(identifier: LanguageIdentifier, text: str) -> str | None:
    language, probability = identifier.classify(text)
    return language if probability >= LANGUAGE_LEAST_PROBABILITY else None


def _content_texts(corpus: Corpus) -> list[str]:
    """The beginning of each document's content."""
    texts = dict.fromkeys(corpus.doc_ids, "")
    found = segments(corpus)
    content = found[found["is_content"]]
    for doc_id, text in zip(content["doc_id"], content["text"], strict=True):
        if len(texts[doc_id]) < LANGUAGE_CHARACTERS:
            texts[doc_id] += text[:LANGUAGE_CHARACTERS] + "\n"
    return list(texts.values())


def _sizes(corpus: Corpus, *, content_only: bool) -> pd.DataFrame:
    """Counts of each document: words, sentences, paragraphs, quoted (words)."""
    tokens = words(corpus).assign(quoted=lambda frame: _is_quoted(corpus, frame))
    found = sentences(corpus)
    if content_only:
        tokens, found = tokens[tokens["is_content"]], found[found["is_content"]]
    return pd.DataFrame(
        {
            "words": _per_document(corpus, tokens),
            "sentences": _per_document(corpus, found),
            "paragraphs": _per_document(corpus, tokens.drop_duplicates("paragraph")),
            "quoted": _per_document(corpus, tokens[tokens["quoted"]]),
        }
    )


def _is_quoted(corpus: Corpus, tokens: pd.DataFrame) -> Bools:
    """Whether each word stands inside a closed quotation; an open one is a flaw."""
    rows = [
        (document.doc_id, quotation.start, quotation.end)
        for document in corpus
        for span in paragraph_spans(document.text)
        for quotation in quotations(document.text, *span)
        if quotation.closed
    ]
    found = pd.DataFrame(rows, columns=["doc_id", "start", "end"])
    begin = positions(corpus, found)
    end = positions(corpus, found.assign(start=found["end"]))
    place = positions(corpus, tokens)
    # Quotations do not overlap: more begun than ended means inside one.
    return np.searchsorted(begin, place, side="right") > np.searchsorted(end, place, side="right")
