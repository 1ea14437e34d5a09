"""The words of a corpus: the index of tokens that every count rests on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.text import WORD, normalise, paragraph_spans, word_spans

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

StopWords = Literal["english"] | Collection[str] | None

# Splitting at a group gives gaps and words in turn: lengths alone then yield every offset, at
# half the cost of a match object for each word.
_GAPS_AND_WORDS = re.compile(f"({WORD.pattern})")


@table
def words(corpus: Corpus) -> pd.DataFrame:
    """Return every word of the corpus, furniture included, in the order of the texts.

    Columns: doc_id (categorical), start, end (int32, offsets into the raw text), word (categorical:
    the form that is counted, see :func:`nbhelpers.text.normalise`; codes follow the alphabet),
    paragraph (int32: running number in the corpus; a new one begins with each paragraph and with
    each segment), is_content (bool).

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Don’t panic.\\nRussia’s drones", "a.txt")])
    >>> words(corpus)[["doc_id", "start", "end", "word", "paragraph"]]
      doc_id  start  end    word  paragraph
    0      a      0    5   don't          0
    1      a      6   11   panic          0
    2      a     13   19  russia          1
    3      a     22   28  drones          1
    """
    doc_ids, starts, ends, forms, vocabulary = _scan(corpus)
    frame = pd.DataFrame(
        {
            "doc_id": pd.Categorical.from_codes(doc_ids, categories=pd.Index(corpus.doc_ids)),
            "start": starts,
            "end": ends,
            "word": _normalised(forms, vocabulary),
        }
    )
    position = positions(corpus, frame)
    labelled = segments(corpus)
    segment_starts = positions(corpus, labelled)
    boundaries = np.union1d(_paragraph_starts(corpus), segment_starts)
    content = labelled["is_content"].to_numpy(bool)
    frame["paragraph"] = _containing(boundaries, position).astype(np.int32)
    frame["is_content"] = content[_containing(segment_starts, position)]
    return frame


def content_words(corpus: Corpus) -> pd.DataFrame:
    """Return the rows of :func:`words` that are content, numbered afresh."""
    frame = words(corpus)
    return frame[frame["is_content"]].reset_index(drop=True)


def codes(column: pd.Series[Any]) -> Ints:
    """Return the codes of a categorical column as wide whole numbers, safe to multiply."""
    return np.asarray(column.cat.codes, np.int64)


def decoded(numbers: Ints, column: pd.Series[Any]) -> pd.Categorical[Any]:
    """Return codes of a categorical column as a column like it."""
    return pd.Categorical.from_codes(numbers, categories=column.cat.categories)


def positions(corpus: Corpus, frame: pd.DataFrame) -> Ints:
    """Place rows with doc_id and start on one line of numbers for the whole corpus (int64).

    With all texts laid end to end, finding the segment or sentence of two million words is one
    binary search.
    """
    lengths = [len(document.text) + 1 for document in corpus]
    bases = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    documents = pd.Categorical(frame["doc_id"], categories=corpus.doc_ids).codes
    found: Ints = bases[documents] + frame["start"].to_numpy(np.int64)
    return found


def ranks(doc_ids: Sequence[str]) -> Ints:
    """Return the place of each text in the order of the ids.

    >>> ranks(["b", "c", "a"]).tolist()
    [1, 2, 0]
    """
    order = sorted(range(len(doc_ids)), key=doc_ids.__getitem__)
    return np.argsort(np.array(order, np.int64))


def sentence_numbers(corpus: Corpus, frame: pd.DataFrame) -> Ints:
    """Return for rows with doc_id and start the row number of their sentence in ``sentences``."""
    return _containing(positions(corpus, sentences(corpus)), positions(corpus, frame))


_NAMES_OF_RESULTS = frozenset(
    {"doc_id", "file", "sha256", "start", "end", "word", "words", "count", "count_raw", "documents"}
    | {"sentences", "paragraphs", "per_thousand", "n_words", "direction", "small", "left", "right"}
    | {"keyword", "is_content"}
)


def document_groups(corpus: Corpus, by: str) -> pd.Categorical[Any]:
    """Return the group of each document, in the order of the corpus.

    ``by`` is ``"doc_id"`` or a column of the metadata, dates as YYYY-MM-DD; a document without a
    value is NA. Raises InputError where no document has such a column, or where it is named like a
    column of the results.
    """
    if by == "doc_id":
        return pd.Categorical(corpus.doc_ids, categories=corpus.doc_ids)
    metadata = corpus.metadata
    given = [column for column in metadata.columns if metadata[column].notna().any()]
    known = [column for column in given if column not in _NAMES_OF_RESULTS]
    if by in _NAMES_OF_RESULTS and by in given:
        raise InputError(f"The metadata {by!r} is named like a result; give its column a new name.")
    if by not in known:
        raise InputError(f"No document has the metadata {by!r}; choose one of: {', '.join(known)}.")
    values = metadata[by]
    if pd.api.types.is_datetime64_dtype(values):
        return pd.Categorical(values.dt.strftime("%Y-%m-%d"))
    return pd.Categorical(values.astype(object).map(str, na_action="ignore"))


def stop_word_set(stop_words: StopWords) -> frozenset[str]:
    """Return stop words as they are counted; ``"english"`` is the Snowball list in ``data/``.

    >>> "the" in stop_word_set("english"), sorted(stop_word_set(["Don’t"])), stop_word_set(None)
    (True, ["don't"], frozenset())
    """
    if stop_words is None:
        return frozenset()
    if isinstance(stop_words, str):
        if stop_words != "english":
            raise InputError(
                f"There is no stop list named {stop_words!r}; give 'english', None or a list."
            )
        return _english_stop_words()
    return frozenset(normalise(word) for word in stop_words)


@cache
def _english_stop_words() -> frozenset[str]:
    lines = (files("nbhelpers") / "data" / "stop_words_en.txt").read_text("utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    return frozenset(normalise(w[a:b]) for w in listed for a, b in word_spans(w))


def _scan(corpus: Corpus) -> tuple[Ints, Ints, Ints, Ints, list[str]]:
    """Document numbers, starts, ends and form numbers of all words, and the forms."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    empty = np.empty(0, np.int32)
    starts, ends, forms = [empty], [empty], [empty]
    for document in corpus:
        pieces = _GAPS_AND_WORDS.split(document.text)
        edges = np.cumsum(np.fromiter(map(len, pieces), np.int32, len(pieces)), dtype=np.int32)
        found = pieces[1::2]
        starts.append(edges[:-1:2])
        ends.append(edges[1::2])
        forms.append(np.fromiter(map(numbers.__getitem__, found), np.int32, len(found)))
    doc_ids = np.repeat(np.arange(len(corpus)), [len(part) for part in starts[1:]])
    parts = np.concatenate(starts), np.concatenate(ends), np.concatenate(forms)
    return doc_ids, *parts, list(numbers)


def _normalised(forms: Ints, vocabulary: list[str]) -> pd.Categorical[Any]:
    """Merge the forms that count as one word; categories in alphabetical order."""
    counted = [normalise(form) for form in vocabulary]
    categories = sorted(set(counted))
    code = {word: number for number, word in enumerate(categories)}
    codes = np.array([code[word] for word in counted], np.int32)
    return pd.Categorical.from_codes(codes[forms], categories=pd.Index(categories, dtype="str"))


def _paragraph_starts(corpus: Corpus) -> Ints:
    rows = [(d.doc_id, start) for d in corpus for start, _ in paragraph_spans(d.text)]
    return positions(corpus, pd.DataFrame(rows, columns=["doc_id", "start"]))


def _containing(starts: Ints, position: Ints) -> Ints:
    """The number of the last stretch that starts at or before each position."""
    return np.searchsorted(starts, position, side="right") - 1
