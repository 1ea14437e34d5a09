"""Who is who across the texts of a corpus: the names of its sources and of all that it names.

The tables hold plain values, so that they can be kept and filtered by text. Where a corpus is too
large to have them at once, ``merged(readings, cited, named)`` goes through its texts, and then
:func:`names_of_sources`, :func:`names_of_entities` and :func:`named_most` make the same tables, the
first two for some of the texts at a time.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.naming.documents import Resolved
from nbhelpers.naming.entities import Entity, distinct
from nbhelpers.naming.merging import Merged, Reading, merged
from nbhelpers.naming.relations import attribution_id, readings

_SOURCE_COLUMNS = dict.fromkeys(["attribution_id", "doc_id", "source_id", "name", "reason"], "str")
_ENTITY_COLUMNS = {"doc_id": "str", "number": "int64", "source_id": "str", "name": "str"}
_ACTOR_COLUMNS = {"source_id": "str", "name": "str", "n_names": "int64"}


@table
def source_names(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """List whom the source of each attribution means in the whole corpus.

    Columns: attribution_id, doc_id, source_id, name, reason (why the source stays with its text);
    NA where an attribution has no source. In the order of the relations.
    """
    read = read_texts(corpus, model=model)
    [sources] = merged(lambda: read, cited)
    return names_of_sources(sources, read)


def names_by_id(corpus: Corpus, *, model: str) -> dict[str, str]:
    """Return the names of the sources of a corpus by their ids."""
    known = source_names(corpus, model=model).dropna(subset="source_id")
    return dict(zip(known["source_id"], known["name"], strict=True))


@table
def entity_names(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """List what each entity that a text names is called in the whole corpus.

    Columns: doc_id, number (its place in ``resolved.named``), source_id, name. The ids are those
    of this table and of :func:`actors` alone: most of what is named is never a source.
    """
    read = read_texts(corpus, model=model)
    [entities] = merged(lambda: read, named)
    return names_of_entities(entities, read)


@table
def actors(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """List the people and institutions that a corpus names most.

    Columns: source_id (as in :func:`entity_names`), name, n_names (how often). Sorted by n_names,
    the most first, then by source_id; at most :data:`~nbhelpers.naming.merging.MOST` rows.
    """
    read = read_texts(corpus, model=model)
    [entities] = merged(lambda: read, named)
    return named_most(entities)


def read_texts(corpus: Corpus, *, model: str) -> list[Reading]:
    """Return what was read in each text, with the text."""
    read = readings(corpus, model=model)
    rows = zip(read["doc_id"], read["resolved"], strict=True)
    return [Reading(doc_id, corpus.text(doc_id), resolved) for doc_id, resolved in rows]


def cited(resolved: Resolved) -> list[Entity]:
    """Return the sources of a text, each once, in the order of their first attributions."""
    return distinct(who.entity for who in resolved.sources if who)


def named(resolved: Resolved) -> list[Entity]:
    """Return all that a text names."""
    return [entity for entity in resolved.named if entity.names]


def names_of_sources(sources: Merged, read: Iterable[Reading]) -> pd.DataFrame:
    """Return the rows of :func:`source_names` for some texts, given the ``cited`` of all."""
    rows: list[tuple[object, ...]] = []
    for reading in read:
        entities = cited(reading.resolved)
        known = dict(zip(map(id, entities), sources.sources(reading, entities), strict=True))
        for number, who in enumerate(reading.resolved.sources):
            told = known[id(who.entity)] if who else (None, None, None)
            rows.append((attribution_id(reading.doc_id, number), reading.doc_id, *told))
    return pd.DataFrame(rows, columns=list(_SOURCE_COLUMNS)).astype(_SOURCE_COLUMNS)


def names_of_entities(entities: Merged, read: Iterable[Reading]) -> pd.DataFrame:
    """Return the rows of :func:`entity_names` for some texts, given the ``named`` of all."""
    rows: list[tuple[object, ...]] = []
    for reading in read:
        known = entities.sources(reading, named(reading.resolved))
        numbers = [n for n, entity in enumerate(reading.resolved.named) if entity.names]
        rows += [
            (reading.doc_id, number, source.source_id, source.name)
            for number, source in zip(numbers, known, strict=True)
        ]
    return pd.DataFrame(rows, columns=list(_ENTITY_COLUMNS)).astype(_ENTITY_COLUMNS)


def named_most(entities: Merged) -> pd.DataFrame:
    """Return the rows of :func:`actors`, given the ``named`` of all texts."""
    return pd.DataFrame(entities.actors(), columns=list(_ACTOR_COLUMNS)).astype(_ACTOR_COLUMNS)
