"""The attributions that are counted, with all that is known of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypedDict

import numpy as np
import pandas as pd

from nbhelpers.attribution import attributions, spans
from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.sources import source_mentions, sources
from nbhelpers.words import Ints, document_groups, positions, sentence_numbers, words

KINDS = ("direct", "indirect", "mixed")
MIN_CONFIDENCE = 0.4
"""Of attributions with less, two in three were wrong, with the fast model three in four
(``models/attribution_accurate.md``, ``attribution_fast.md``)."""
_UNNAMED = ("description", "pronoun", "undecided")  # bases of a mention that is no name
AUTHOR = "author"  # the type of a source that is the author, and the name of the author's voice

_COLUMNS = {
    **dict.fromkeys(["attribution_id", "doc_id"], "str"),
    **dict.fromkeys(["start", "end"], "int64"),
    **dict.fromkeys(["group", "kind", "source_id", "name", "type"], "str"),
    "anonymous": "boolean",
    "named": "bool",
    **dict.fromkeys(["affiliation", "country", "cue_class"], "str"),
    "depth": "int64",
    **dict.fromkeys(["carrier_id", "carrier", "reported_via"], "str"),
    "confidence": "float64",
    "n_words": "int64",
    **dict.fromkeys(["source", "cue", "content", "sentence"], "str"),
}


class Selection(TypedDict, total=False):
    """Which attributions are counted, and what is compared; see :mod:`nbhelpers.voices`."""

    by: str
    min_confidence: float
    kinds: Collection[str]
    content_only: bool
    model: str


@table
def statements(
    corpus: Corpus,
    *,
    by: str = "doc_id",
    min_confidence: float = MIN_CONFIDENCE,
    kinds: Collection[str] = KINDS,
    content_only: bool = True,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Return the attributions that are counted, with all that is known of each.

    Besides speech these are thoughts, wishes and refusals to speak; ``cue_class`` tells them apart.

    Columns: attribution_id, doc_id, start, end, group, kind, source_id, name, type, anonymous,
    named (the corpus has a name of the source, not only a description),
    affiliation, country (of the source; NA where none is named), cue_class, depth (how many carry
    it: 0 if the text itself does), carrier_id, carrier (the source that carries it), reported_via,
    confidence, n_words (of its content; a word that another attribution within it covers belongs to
    that one alone, so that a mere carrier has none), source, cue, content, sentence (in which it
    begins). Sorted by text and place. Raises InputError for an unknown ``by`` or kind.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee said. It rained.", "a.txt")])
    >>> statements(corpus)[["kind", "cue_class", "n_words", "content"]].values.tolist()
    [['direct', 'neutral', 3, '“It is over,”']]
    """
    if unknown := set(kinds) - set(KINDS):
        raise InputError(f"There is no kind {min(unknown)!r}; choose from: {', '.join(KINDS)}.")
    group = groups(corpus, by)
    found = _described(corpus, model=model)
    found.insert(4, "group", found["doc_id"].map(group))
    chosen = found["confidence"].ge(min_confidence) & found["kind"].isin(kinds)
    if content_only:
        chosen &= is_in(corpus, found, ("title", "body"))
    found = found[chosen].reset_index(drop=True)
    owner = word_owners(corpus, found, model=model)
    found["n_words"] = np.bincount(owner[owner >= 0], minlength=len(found))
    return found[found["group"].notna()].reset_index(drop=True)[[*_COLUMNS]].astype(_COLUMNS)


def groups(corpus: Corpus, by: str) -> pd.Series[str]:
    """Return the group of each document, by its id; NA where it has none."""
    return pd.Series(document_groups(corpus, by), index=corpus.doc_ids, dtype="str")


def is_in(corpus: Corpus, rows: pd.DataFrame, kinds: Collection[str]) -> pd.Series[bool]:
    """Return which rows with doc_id and start begin in segments of these kinds."""
    labelled = segments(corpus)
    starts = positions(corpus, labelled)
    number = np.searchsorted(starts, positions(corpus, rows), side="right") - 1
    return pd.Series(labelled["kind"].isin(kinds).to_numpy()[number], index=rows.index)


def chain_of(attribution_id: str, via: Mapping[str, object]) -> list[str]:
    """Return an attribution and those that carry it, the nearest first.

    >>> chain_of("a:2", {"a:1": None, "a:2": "a:1"})
    ['a:2', 'a:1']
    """
    chain = [attribution_id]
    while isinstance(carrier := via.get(chain[-1]), str) and carrier not in chain:
        chain.append(carrier)
    return chain


def word_owners(corpus: Corpus, chosen: pd.DataFrame, *, model: str = DEFAULT) -> Ints:
    """Return whose each word is: the number of its row in ``chosen``, or -1 for the author.

    ``chosen`` are rows of :func:`nbhelpers.attribution.attributions` by ``model``, numbered from 0;
    the answer has an entry for each row of :func:`nbhelpers.words.words`. Where attributions lie
    within one another, a word belongs to the innermost: the one that others carry, else the
    shortest.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee said.", "a.txt")])
    >>> word_owners(corpus, attributions(corpus)).tolist()
    [0, 0, 0, -1, -1, -1]
    """
    tokens = words(corpus)
    owner = np.full(len(tokens), -1, np.int64)
    content = spans(corpus, model=model).query("role == 'content'")
    rows = content.merge(_outer_first(chosen, content), on="attribution_id")
    rows = rows.sort_values("order", kind="stable")
    place = positions(corpus, tokens)
    first = np.searchsorted(place, positions(corpus, rows))
    past = np.searchsorted(place, positions(corpus, rows.assign(start=rows["end"])))
    for begin, end, number in zip(first, past, rows["number"], strict=True):
        owner[begin:end] = number
    return owner


def _outer_first(chosen: pd.DataFrame, content: pd.DataFrame) -> pd.DataFrame:
    """Each attribution's number, and its place in an order in which the inner follow the outer."""
    length = (content["end"] - content["start"]).groupby(content["attribution_id"]).sum()
    sizes = length.to_dict()
    via = dict(zip(chosen["attribution_id"], chosen["reported_via"], strict=True))
    rank = {}
    for name in via:
        chain = chain_of(name, via)
        rank[name] = (-min(sizes.get(link, np.inf) for link in chain), len(chain))
    order = {name: place for place, name in enumerate(sorted(via, key=rank.__getitem__))}
    rows = [(name, number, order[name]) for number, name in enumerate(via)]
    return pd.DataFrame(rows, columns=["attribution_id", "number", "order"])


@table
def _described(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """All attributions with what is known of their sources, carriers and sentences."""
    found = attributions(corpus, model=model)
    via = dict(zip(found["attribution_id"], found["reported_via"], strict=True))
    found["depth"] = [len(chain_of(name, via)) - 1 for name in via]
    known = sources(corpus, model=model).set_index("source_id")
    for column in ("name", "type", "anonymous", "affiliation", "country"):
        found[column] = found["source_id"].map(known[column])
    mentions = source_mentions(corpus, model=model)
    named = mentions.loc[~mentions["basis"].isin(_UNNAMED), "source_id"]
    found["named"] = found["source_id"].isin(named)
    carrier = found["reported_via"].map(found.set_index("attribution_id")["source_id"])
    found["carrier_id"], found["carrier"] = carrier, carrier.map(known["name"])
    numbers = sentence_numbers(corpus, found)
    found["sentence"] = sentences(corpus)["text"].to_numpy()[numbers]
    return found
