"""Whom the texts speak of: the actors, countries and organisations that stance is measured toward.

Names are merged by the same means as sources: within a text by surname, spelling, abbreviation and
seat, across texts by full name or institution.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import pandas as pd

from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.lexicons import demonyms, key, phrase_key
from nbhelpers.naming.antecedents import GENDERS
from nbhelpers.naming.entities import Entity
from nbhelpers.naming.merging import Source, merged
from nbhelpers.naming.relations import readings
from nbhelpers.text import MONTH
from nbhelpers.words import sentence_numbers

__all__ = ["read_targets", "target_mentions", "targets"]

Targets = Mapping[str, Sequence[str]]

TOP = 10
SAFE = 0.8  # a pronoun whose antecedent is less probable is no mention

_MENTION_COLUMNS = {
    "doc_id": "str",
    "sentence_id": "int64",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "target": "str",
    "basis": "str",
}


def read_targets(text: str) -> dict[str, list[str]] | None:
    """Return targets with their aliases from one line of text; None where it is empty.

    Raises:
        InputError: a target without a name, or one that is there twice.

    >>> read_targets("Ukraine: Kyiv, Zelensky; Russia")
    {'Ukraine': ['Kyiv', 'Zelensky'], 'Russia': []}
    """
    found: dict[str, list[str]] = {}
    for part in filter(str.strip, text.split(";")):
        name, _, aliases = (piece.strip() for piece in part.partition(":"))
        if not name or name in found:
            wrong = f"names “{name}” twice" if name else f"has no name before “{part.strip()}”"
            raise InputError(f"targets {wrong}; write it like “Ukraine: Kyiv, Zelensky; Russia”.")
        found[name] = [alias.strip() for alias in aliases.split(",") if alias.strip()]
    return found or None


@table
def targets(
    corpus: Corpus, *, targets: Targets | None = None, top: int = TOP, model: str = DEFAULT
) -> pd.DataFrame:
    """List whom stance is measured toward, those mentioned most first.

    Args:
        corpus: the texts.
        targets: names, each with its aliases (``{"Ukraine": ["Kyiv", "Zelensky"]}``); None: the
            ``top`` people, countries and organisations that the texts name most.
        top: how many, where none are given.
        model: as for :func:`nbhelpers.attribution.attributions`.

    Columns: ``target`` (name), ``aliases`` (its wordings in the texts, joined by "; "),
    ``n_mentions`` (in headlines and body, safe pronouns included), ``n_documents``. A target that
    is given and never mentioned has a row with 0.

    Raises:
        InputError: a target without a name, or one alias of two targets.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Kyiv thanked Ann Lee. “No,” Lee said in Oslo.", "a.txt")])
    >>> targets(corpus, top=1)[["target", "aliases", "n_mentions"]].values.tolist()
    [['Ann Lee', 'Ann Lee; Lee', 2]]
    """
    found = target_mentions(corpus, targets=targets, top=top, model=model)
    named = found[found["basis"] != "pronoun"].groupby("target")["text"]
    aliases = named.agg(lambda words: "; ".join(sorted(set(words))))
    counts = found.groupby("target").agg(
        n_mentions=("doc_id", "size"), n_documents=("doc_id", "nunique")
    )
    names = list(targets) if targets else list(counts.index)
    frame = counts.reindex(names).fillna(0).astype("int64").rename_axis("target").reset_index()
    frame.insert(1, "aliases", frame["target"].map(aliases).astype("str"))
    return frame.sort_values(
        ["n_mentions", "target"], ascending=[False, True], kind="stable", ignore_index=True
    )


@table
def target_mentions(
    corpus: Corpus,
    *,
    targets: Targets | None = None,
    top: int = TOP,
    model: str = DEFAULT,
    content_only: bool = True,
) -> pd.DataFrame:
    """List every mention of the targets in headlines and body.

    With ``content_only`` false, the names by which they are called there are looked for in page
    furniture too. Other arguments and errors as for :func:`targets`.

    Columns: ``doc_id``, ``sentence_id``, ``start``, ``end`` (code points), ``text``, ``target``,
    ``basis`` (``name``: a name of it or an alias; ``pronoun``: *he* or *she*, where its antecedent
    is probable by ``SAFE`` or more). Sorted by text and place.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Ann Lee won. Kyiv is glad that Lee won.", "a.txt")])
    >>> found = target_mentions(corpus, targets={"Lee": ["Ann Lee"]})
    >>> found[["start", "end", "text", "target"]].values.tolist()
    [[0, 7, 'Ann Lee', 'Lee'], [31, 34, 'Lee', 'Lee']]
    """
    named = _named(corpus, model)
    wanted = _given(targets, named) if targets is not None else _most_named(named, top)
    rows = [
        (doc_id, start, end, corpus.text(doc_id)[start:end], target, basis)
        for doc_id, entity, source, pronouns in named
        if (target := wanted.get(source.source_id)) is not None
        for start, end, basis in _places(entity, pronouns)
    ]
    if not content_only:
        rows += _in_furniture(corpus, {row[3]: row[4] for row in rows if row[5] == "name"})
    columns = [name for name in _MENTION_COLUMNS if name != "sentence_id"]
    frame = pd.DataFrame(rows, columns=columns).drop_duplicates(["doc_id", "start"])
    frame = frame.sort_values(["doc_id", "start"], ignore_index=True)
    number = sentence_numbers(corpus, frame.astype({"start": "int64"}))
    frame["sentence_id"] = sentences(corpus)["sentence_id"].to_numpy()[number]
    return frame[list(_MENTION_COLUMNS)].astype(_MENTION_COLUMNS)


def _in_furniture(
    corpus: Corpus, names: Mapping[str, str]
) -> list[tuple[str, int, int, str, str, str]]:
    """The places of names (with the target of each) in what is no part of a story."""
    if not names:
        return []
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    name = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    labelled = segments(corpus)
    furniture = labelled.loc[~labelled["is_content"], ["doc_id", "start", "end"]]
    return [
        (doc_id, *match.span(), match.group(), names[match.group()], "name")
        for doc_id, start, end in furniture.itertuples(index=False, name=None)
        for match in name.finditer(corpus.text(doc_id), start, end)
    ]


_Named = tuple[str, Entity, Source, Sequence[tuple[int, int]]]


def _named(corpus: Corpus, model: str) -> list[_Named]:
    """Each entity that a text names, with its source in the corpus and its safe pronouns."""
    read = readings(corpus, model=model)
    by_text = list(zip(read["doc_id"], read["resolved"], strict=True))
    entities = [(doc_id, e) for doc_id, resolved in by_text for e in resolved.named if e.names]
    texts = {document.doc_id: document.text for document in corpus}
    sources = merged(entities, [e for _, e in entities], texts)
    pronouns: dict[int, list[tuple[int, int]]] = {}
    for doc_id, resolved in by_text:
        for start, who in resolved.pronouns.items():
            if who.probability >= SAFE and who.basis == "pronoun":
                end = start + _length(texts[doc_id], start)
                pronouns.setdefault(id(who.entity), []).append((start, end))
    return [(d, e, sources[id(e)], pronouns.get(id(e), ())) for d, e in entities]


def _length(text: str, start: int) -> int:
    """The length of the pronoun at a place."""
    return max(len(word) for word in GENDERS if text[start : start + len(word)].lower() == word)


def _places(entity: Entity, pronouns: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    yield from ((*name.span, "name") for name in entity.names)
    yield from ((*span, "pronoun") for span in pronouns)


def _most_named(named: Sequence[_Named], top: int) -> dict[str, str]:
    """The ids of the sources that are named most, and their names."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for _, entity, source, _ in named:
        if _is_actor(entity):
            counts[source.source_id] = counts.get(source.source_id, 0) + len(entity.names)
            names[source.source_id] = source.name
    most = sorted(counts, key=lambda source_id: (-counts[source_id], source_id))[:top]
    return {source_id: names[source_id] for source_id in most}


def _is_actor(entity: Entity) -> bool:
    """A person or an institution, not an adjective (*Russian*) or a month."""
    form = phrase_key(entity.words)
    is_known = entity.kind in ("person", "institution") or bool(entity.roles)
    return is_known and form not in demonyms() and not re.fullmatch(MONTH, entity.words)


def _given(targets: Targets, named: Sequence[_Named]) -> dict[str, str]:
    """The ids of the sources that bear one of the names given, and which target that is."""
    wanted: dict[tuple[str, ...], str] = {}
    for target, aliases in targets.items():
        for alias in (target, *aliases):
            keys = tuple(map(key, alias.split()))
            if not keys:
                raise InputError(f"The target {target!r} has an alias without words; leave it out.")
            if wanted.setdefault(keys, target) != target:
                raise InputError(f"{alias!r} is given for two targets: {wanted[keys]}, {target}.")
    found: dict[str, str] = {}
    for _, entity, source, _ in named:
        forms = chain((source.name.split(),), (name.words for name in entity.names))
        for form in forms:
            meant = wanted.get(tuple(map(key, form)))
            if meant is not None:
                found.setdefault(source.source_id, meant)
    return found
