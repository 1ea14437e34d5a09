"""Which sources groups share, which one alone has, and what a shared source says in each."""

from __future__ import annotations

from typing import Unpack

import pandas as pd
from rapidfuzz import fuzz, process, utils

from nbhelpers.corpus import Corpus, table
from nbhelpers.voices.selection import AUTHOR, Selection, statements

MOST_COMPARED = 50  # statements of one source in one group that are held against those of others


@table
def presence(corpus: Corpus, **options: Unpack[Selection]) -> pd.DataFrame:
    """Return which source has a say in which group, and which group alone has it.

    Args:
        corpus: the texts.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: source_id, group, name, type, anonymous, named (it is not described alone), count
    (statements), words, documents, n_groups (in which the source has a say), groups (their names),
    and doc_id, start, end of the first place.
    A source without a name of its own ("two officials") is another one in each text, and so always
    in one group alone. Sorted by n_groups (most first), source and group.

    >>> from nbhelpers.corpus import Document
    >>> texts = {"a": "“No,” Ann Lee said. “Yes,” Bo Day said.", "b": "“No,” Ann Lee said."}
    >>> corpus = Corpus([Document(name, text, name) for name, text in texts.items()])
    >>> presence(corpus)[["name", "group", "n_groups"]].values.tolist()
    [['Ann Lee', 'a', 2], ['Ann Lee', 'b', 2], ['Bo Day', 'a', 1]]
    """
    found = _of_sources(corpus, options)
    names = found.groupby("source_id")["group"].agg(lambda names: ", ".join(sorted({*names})))
    found["groups"] = found["source_id"].map(names)
    rows = found.groupby(["source_id", "group"])
    kept = ["name", "type", "anonymous", "named", "n_groups", "groups", "doc_id", "start", "end"]
    frame = rows[kept].first()
    frame.insert(4, "count", rows.size())
    frame.insert(5, "words", rows["n_words"].sum())
    frame.insert(6, "documents", rows["doc_id"].nunique())
    order = {"n_groups": False, "source_id": True, "group": True}
    frame = frame.reset_index()
    return frame.sort_values([*order], ascending=[*order.values()], ignore_index=True)


@table
def counterparts(corpus: Corpus, **options: Unpack[Selection]) -> pd.DataFrame:
    """Return what each source says in one group beside what it says in another.

    Every statement of a source that has a say in several groups stands beside the one in most
    similar words that another group has of it; what a mere carrier passes on is left out. Of more
    than 50 statements of a source in one group, the 50 of most confidence are compared.

    Args:
        corpus: the texts.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: source_id, name, type; doc_id, start, end, group, kind, cue, content, and the same with
    ``other_`` in front; similarity (rapidfuzz's ``token_sort_ratio``, 1 for the same words in any
    order); confidence (the lower of both). Sources of most groups first, then by source and
    similarity. Each pair stands once.

    >>> from nbhelpers.corpus import Document
    >>> texts = {"a": "“Troops left,” Ann Lee said.", "b": "“The troops left,” Ann Lee said."}
    >>> corpus = Corpus([Document(name, text, name) for name, text in texts.items()])
    >>> counterparts(corpus)[["content", "other_content", "similarity"]].round(2).values.tolist()
    [['“Troops left,”', '“The troops left,”', 0.85]]
    """
    said = _of_sources(corpus, options, least_words=1).query("n_groups > 1")
    surest = said.sort_values("confidence", ascending=False, kind="stable")
    found = surest.groupby(["source_id", "group"]).head(MOST_COMPARED).sort_index()
    pairs = [pair for _, rows in found.groupby("source_id") for pair in _best_pairs(rows)]
    columns = ["one", "other", "similarity"]
    frame = pd.DataFrame(pairs, columns=columns).astype({"one": "int64", "other": "int64"})
    side = found[["doc_id", "start", "end", "group", "kind", "cue", "content", "confidence"]]
    frame = (
        frame.join(found[["source_id", "name", "type", "n_groups"]], on="one")
        .join(side, on="one")
        .join(side.add_prefix("other_"), on="other")
    )
    frame["confidence"] = frame[["confidence", "other_confidence"]].min(axis=1)
    order = {"n_groups": False, "source_id": True, "similarity": False, "one": True, "other": True}
    frame = frame.sort_values([*order], ascending=[*order.values()], ignore_index=True)
    last = ["similarity", "confidence"]
    dropped = {"one", "other", "n_groups", "other_confidence", *last}
    return frame[[*(name for name in frame if name not in dropped), *last]]


def _of_sources(corpus: Corpus, options: Selection, *, least_words: int = 0) -> pd.DataFrame:
    """The statements that have a source other than the author, and how many groups have it."""
    found = statements(corpus, **options).dropna(subset=["source_id"])
    found = found[found["type"].ne(AUTHOR) & found["n_words"].ge(least_words)].copy()
    found["n_groups"] = found.groupby("source_id")["group"].transform("nunique")
    return found


def _best_pairs(rows: pd.DataFrame) -> list[tuple[int, int, float]]:
    """Each statement of one source with the most similar one of another group; no pair twice."""
    said = rows["content"].tolist()
    likeness = process.cdist(
        said, said, scorer=fuzz.token_sort_ratio, processor=utils.default_process
    )
    group = rows["group"].to_numpy()
    likeness[group[:, None] == group[None, :]] = -1
    best = enumerate(likeness.argmax(axis=1).tolist())
    pairs = sorted({(min(pair), max(pair)) for pair in best})
    return [(rows.index[i], rows.index[j], float(likeness[i, j]) / 100) for i, j in pairs]
