"""Who the sources of a corpus are: one name for their aliases, what they are, and the evidence.

Each mention of a source is resolved to one ``source_id``: within its text by surname, title,
spelling, office or pronoun (see :mod:`nbhelpers.naming`), across texts by full name or
institution. What cannot be decided stays a source of its own, with the reason: a wrong merge puts
words into somebody's mouth, a split only spreads them.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.naming.across import source_names
from nbhelpers.naming.entities import Entity
from nbhelpers.naming.kinds import RULES, evidence
from nbhelpers.naming.relations import relations

__all__ = ["listed_sources", "source_evidence", "source_mentions", "sources"]

_PROPERTIES = ("type", "affiliation", "country", "anonymous")
_MENTION_COLUMNS = {
    "attribution_id": "str",
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "source_id": "str",
    "basis": "str",
    "antecedent_start": "Int64",
    "antecedent_end": "Int64",
    "reason": "str",
}
_EVIDENCE_COLUMNS = {
    "source_id": "str",
    "property": "str",
    "value": "str",
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "rule": "str",
}
_SOURCE_COLUMNS = {
    "source_id": "str",
    "name": "str",
    "type": "str",
    "anonymous": "boolean",
    "affiliation": "str",
    "country": "str",
    "aliases": "str",
    "n_documents": "int64",
    "n_attributions": "int64",
}
_VALUE_COLUMNS = {"doc_id": "str"} | {
    name: _SOURCE_COLUMNS[name] for name in ("source_id", "name", *_PROPERTIES)
}


@table
def sources(corpus: Corpus, *, model: str = DEFAULT) -> pd.DataFrame:
    """List who is quoted in a corpus.

    Args:
        corpus: the texts.
        model: as for :func:`nbhelpers.attribution.attributions`.

    Columns: ``source_id``, ``name`` (the full name that is used most, or the description),
    ``type`` (government, military, intelligence, international_organisation, media, expert,
    lawmaker, public, document, author, other: none of these, or not known), ``anonymous`` (the
    text names nobody, and no office or institution that answers for the words; NA where it is
    undecided who is meant), ``affiliation``, ``country`` (NA where the texts do not tell),
    ``aliases`` (all its wordings, joined by "; "), ``n_documents``, ``n_attributions``. Sorted by
    ``source_id``. What the values rest on is in :func:`source_evidence`.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“Yes,” President Ann Lee said. “No,” said Lee.", "a.txt")])
    >>> sources(corpus)[["source_id", "name", "type", "aliases"]].values.tolist()
    [['ann lee', 'Ann Lee', 'government', 'Lee; President Ann Lee']]
    """
    known = source_values(corpus, model=model).drop(columns="doc_id")
    known = known.drop_duplicates("source_id").sort_values("source_id", ignore_index=True)
    return _with_counts(known, source_mentions(corpus, model=model))


@table
def source_values(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """List the sources of each text, with what the whole corpus shows of them.

    Columns: ``doc_id``, ``source_id``, ``name``, ``type``, ``anonymous``, ``affiliation``,
    ``country``, as for :func:`sources`. Sorted by text and source.
    """
    names = source_names(corpus, model=model)
    mentions = source_mentions(corpus, model=model)
    known = _values(mentions, source_evidence(corpus, model=model), names)
    return values_by_text(names, known)


def values_by_text(names: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of :func:`source_values` for some texts.

    Args:
        names: their rows of :func:`nbhelpers.naming.across.source_names`.
        known: rows of :func:`sources`, at least those of their sources.
    """
    cited = names[["doc_id", "source_id"]].dropna().drop_duplicates()
    found = cited.merge(known[["source_id", "name", *_PROPERTIES]], on="source_id")
    return found.sort_values(["doc_id", "source_id"], ignore_index=True).astype(_VALUE_COLUMNS)


def listed_sources(
    mentions: pd.DataFrame, evidence: pd.DataFrame, names: pd.DataFrame
) -> pd.DataFrame:
    """Return :func:`sources` from the tables of all texts that speak of them.

    Args:
        mentions: rows of :func:`source_mentions`.
        evidence: rows of :func:`source_evidence`; those of one text in their order.
        names: rows of :func:`nbhelpers.naming.across.source_names`.

    The rows of some sources alone give the same rows as those of all: a large corpus can be done
    by parts of its sources.
    """
    return _with_counts(_values(mentions, evidence, names), mentions)


def _values(mentions: pd.DataFrame, evidence: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Each source with its properties."""
    named = names.dropna(subset="source_id").drop_duplicates("source_id")
    frame = named[["source_id", "name"]].sort_values("source_id", ignore_index=True)
    shown = _as_believed(evidence).drop_duplicates(["source_id", "property"])
    values = shown.pivot(index="source_id", columns="property", values="value")
    for name in _PROPERTIES:
        frame[name] = frame["source_id"].map(values.get(name, {}))
    decided = set(mentions.loc[mentions["basis"] != "undecided", "source_id"])
    frame["type"] = frame["type"].astype("str").fillna("other")
    frame["anonymous"] = frame["anonymous"].notna().astype("boolean")
    frame.loc[~frame["source_id"].isin(decided), "anonymous"] = pd.NA
    return frame


def _with_counts(known: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The sources with their wordings, and how often they are mentioned."""
    by_source = mentions.groupby("source_id")
    frame = known.assign(aliases=known["source_id"].map(by_source["text"].agg(_aliases)))
    frame["n_documents"] = frame["source_id"].map(by_source["doc_id"].nunique())
    frame["n_attributions"] = frame["source_id"].map(by_source.size())
    return frame[list(_SOURCE_COLUMNS)].astype(_SOURCE_COLUMNS)


@table
def source_mentions(corpus: Corpus, *, model: str = DEFAULT) -> pd.DataFrame:
    """List whom the source of each attribution means, and why.

    Columns: ``attribution_id``, ``doc_id``, ``start``, ``end`` (code points, from the first to the
    last of the source's spans), ``text`` (its words), ``source_id``, ``basis`` (``name``,
    ``surname``, ``variant``: another spelling or form of the name, ``abbreviation``, ``seat``: an
    institution named by where it sits, ``role``, ``pronoun``, ``description``, ``handle``,
    ``undecided``), ``antecedent_start``, ``antecedent_end`` (the words elsewhere in the text that
    the decision rests on; NA where the mention itself is the name), ``reason`` (why a mention or a
    surname stays apart; else NA). Attributions without a source are left out. Sorted by text and
    place.

    Args:
        corpus: the texts.
        model: as for :func:`sources`.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“Yes,” Ann Lee said. “No,” she added.", "a.txt")])
    >>> source_mentions(corpus)[["text", "source_id", "basis"]].values.tolist()
    [['Ann Lee', 'ann lee', 'name'], ['she', 'ann lee', 'pronoun']]
    """
    found = relations(corpus, model=model).itertuples(index=False)
    names = source_names(corpus, model=model)
    rows = [
        _mention(corpus.text(str(relation.doc_id)), relation, str(source_id), reason)
        for relation, source_id, reason in zip(
            found, names["source_id"], names["reason"], strict=True
        )
        if relation.resolution
    ]
    frame = pd.DataFrame(rows, columns=list(_MENTION_COLUMNS)).astype(_MENTION_COLUMNS)
    return frame.sort_values(["doc_id", "start", "end"], kind="stable", ignore_index=True)


@table
def source_evidence(corpus: Corpus, *, model: str = DEFAULT) -> pd.DataFrame:
    """List the words that show what each source is.

    Columns: ``source_id``, ``property`` (type, affiliation, country, anonymous), ``value``,
    ``doc_id``, ``start``, ``end`` (code points), ``text`` (the words), ``rule`` (what knows them;
    the lexicons are described in ``data/README.md``). Sorted by source, by how far the rule is
    believed (:data:`nbhelpers.naming.kinds.RULES`) and by text: the first row of a property gives
    the source's value.

    Args:
        corpus: the texts.
        model: as for :func:`sources`.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“Yes,” a Russian senator said.", "a.txt")])
    >>> source_evidence(corpus)[["property", "value", "text"]].values[:2].tolist()
    [['type', 'lawmaker', 'a Russian senator'], ['country', 'Russia', 'Russian']]
    """
    found = relations(corpus, model=model)
    names = source_names(corpus, model=model)["source_id"]
    cited: dict[int, tuple[str, str, Entity]] = {}
    for doc_id, who, source_id in zip(found["doc_id"], found["resolution"], names, strict=True):
        if who:
            cited.setdefault(id(who.entity), (source_id, doc_id, who.entity))
    rows = [
        (source_id, *row[:2], doc_id, *row.span, corpus.text(doc_id)[slice(*row.span)], row.rule)
        for source_id, doc_id, entity in cited.values()
        for row in evidence(entity, corpus.text(doc_id))
    ]
    frame = pd.DataFrame(rows, columns=list(_EVIDENCE_COLUMNS)).astype(_EVIDENCE_COLUMNS)
    return _as_believed(frame).drop_duplicates(ignore_index=True)


def _as_believed(shown: pd.DataFrame) -> pd.DataFrame:
    """The rows of each source by how far their rules are believed, those of a text as they are."""
    rank = shown["rule"].map(RULES.index)
    in_order = shown.assign(rank=rank).sort_values(["source_id", "rank", "doc_id"], kind="stable")
    return in_order.drop(columns="rank")


def _mention(text: str, relation: Any, source_id: str, reason: object) -> tuple[object, ...]:
    """A row of :func:`source_mentions`."""
    resolution = relation.resolution
    return (
        relation.attribution_id,
        relation.doc_id,
        relation.source[0][0],
        relation.source[-1][1],
        " … ".join(text[start:end] for start, end in relation.source),
        source_id,
        resolution.basis,
        *(resolution.antecedent or (pd.NA, pd.NA)),
        resolution.reason or reason,
    )


def _aliases(wordings: pd.Series) -> str:
    return "; ".join(sorted({" ".join(words.split()) for words in wordings}))
