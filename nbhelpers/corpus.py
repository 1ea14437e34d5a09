"""From files to a corpus: documents with stable ids, their raw text untouched."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec

import pandas as pd

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was decoded, and what is known of it from outside."""

    doc_id: str
    text: str
    file: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A document that could not be read, or only with doubt: where, what, and what to do."""

    file: str
    place: str
    problem: str
    remedy: str


class Corpus:
    """The documents of a corpus, in the order of their ids, and the tables made from them.

    A table (see :func:`table`) is computed once and kept, so that notebooks can call the plain
    functions as often as they like.
    """

    def __init__(self, documents: Iterable[Document], problems: Iterable[Problem] = ()) -> None:
        """Keep the documents sorted by id; ids must differ."""
        self._documents = {d.doc_id: d for d in sorted(documents, key=lambda d: d.doc_id)}
        self._problems = tuple(problems)
        self._tables: dict[Any, pd.DataFrame] = {}

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self._documents)

    def __iter__(self) -> Iterator[Document]:
        """Go through the documents in the order of their ids."""
        return iter(self._documents.values())

    def __getitem__(self, doc_id: str) -> Document:
        """Return one document."""
        return self._documents[doc_id]

    @property
    def doc_ids(self) -> list[str]:
        """The ids of all documents, sorted."""
        return list(self._documents)

    def text(self, doc_id: str) -> str:
        """Return the raw text that all offsets point into."""
        return self._documents[doc_id].text


def table(
    compute: Callable[Concatenate[Corpus, P], pd.DataFrame],
) -> Callable[Concatenate[Corpus, P], pd.DataFrame]:
    """Make a function of a corpus remember its frame for each set of arguments.

    The caller gets a copy (cheap: pandas copies on write), so that nobody spoils another's table.
    """

    @functools.wraps(compute)
    def remembered(corpus: Corpus, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        key = (compute.__qualname__, repr(args), repr(sorted(kwargs.items())))
        if key not in corpus._tables:
            corpus._tables[key] = compute(corpus, *args, **kwargs)
        return corpus._tables[key].copy()

    return remembered
