"""The statements of a part of a corpus, made ready to be put to those of the other parts."""

from __future__ import annotations

import hashlib
import pickle
from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from nbhelpers.caching import LONGEST
from nbhelpers.corpus import Corpus
from nbhelpers.retelling.speakers import Speaker
from nbhelpers.retelling.statements import Statement, statements
from nbhelpers.scratch import Array
from nbhelpers.words import document_groups

RECORD = np.dtype(
    [
        ("document", "i4"),  # the number of its text
        ("group", "i4"),  # the number of the group of its text; -1: it has none
        ("sentence", "i4"),  # where its sentence begins
        ("start", "i4"),
        ("end", "i4"),
        ("attributed", "?"),
        ("speaker", "i4"),  # the number of its speaker
        ("words", "i8"),  # a hash of its words
        ("terms", "i8"),  # a hash of its terms
    ]
)

Term = tuple[str, str, bool]
"""A term, a form of it, and whether that form has no other term."""


class Portion(NamedTuple):
    """The statements of a part of a corpus; all numbers count within it.

    ``labels``: of the group of each text, if it has one; ``records``: see :data:`RECORD`, the
    groups not numbered yet; ``codes``: the terms of all statements by their numbers, one statement
    after the other; ``in_name``: whether each is part of a name; ``sizes``: how many each statement
    has; ``statements``: pickled one by one; ``forms``: the words of each, with blanks between them;
    what is too long to be a word is cut off.
    """

    doc_ids: list[str]
    labels: list[object]
    records: Array
    speakers: list[Speaker]
    terms: list[Term]
    codes: array[int]
    in_name: array[int]
    sizes: array[int]
    statements: list[bytes]
    forms: list[str]


def portion(corpus: Corpus, *, by: str, model: str) -> Portion:
    """Return the statements of a part of a corpus; ``by`` names the groups of its texts."""
    document = {doc_id: number for number, doc_id in enumerate(corpus.doc_ids)}
    speakers: dict[Speaker, int] = {}
    terms: dict[Term, int] = {}
    codes, in_name, sizes = array("i"), array("b"), array("i")
    rows, kept, forms = [], [], []
    for statement in statements(corpus, model=model):
        kept.append(pickle.dumps(statement))
        forms.append(" ".join(word.form[:LONGEST] for word in statement.words))
        before = len(codes)
        for word in statement.words:
            for term in word.terms:
                known = term, word.form, len(word.terms) == 1
                codes.append(terms.setdefault(known, len(terms)))
                in_name.append(word.is_name)
        sizes.append(len(codes) - before)
        speaker = speakers.setdefault(statement.speaker, len(speakers))
        rows.append((document[statement.doc_id], -1, *_record(statement, speaker)))
    labels = document_groups(corpus, by).astype(object).tolist()
    records = np.array(rows, RECORD)
    words = codes, in_name, sizes
    return Portion(
        corpus.doc_ids, labels, records, list(speakers), list(terms), *words, kept, forms
    )


def _record(statement: Statement, speaker: int) -> tuple[object, ...]:
    """The record of a statement from ``sentence`` on."""
    words = statement.words
    return (
        statement.sentence[0],
        statement.spans[0][0],
        statement.spans[-1][1],
        statement.attribution_id is not None,
        speaker,
        _hash(f"{word.form} {' '.join(word.terms)} {word.is_name}" for word in words),
        _hash(sorted(statement.distinct)),
    )


def _hash(lines: Iterable[str]) -> int:
    """A number that is the same in every process."""
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little", signed=True)
