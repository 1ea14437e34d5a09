"""Whom the texts speak of: the actors, countries and organisations that stance is measured toward.

Names are merged by the same means as sources: within a text by surname, spelling, abbreviation and
seat, across texts by full name or institution.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import pandas as pd

from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.lexicons import key
from nbhelpers.naming.across import actors, entity_names, read_texts
from nbhelpers.naming.antecedents import GENDERS
from nbhelpers.naming.entities import Entity
from nbhelpers.naming.relations import readings
from nbhelpers.text import Span
from nbhelpers.words import sentence_numbers

__all__ = [
    "chosen_targets",
    "given_targets",
    "last_wordings",
    "named_entities",
    "read_targets",
    "target_mentions",
    "target_words",
    "targets",
]

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
    rows = _in_story(corpus, targets, top, model)
    if not content_only:
        rows += _in_furniture(corpus, target_words(corpus, targets=targets, top=top, model=model))
    columns = [name for name in _MENTION_COLUMNS if name != "sentence_id"]
    frame = pd.DataFrame(rows, columns=columns).drop_duplicates(["doc_id", "start"])
    frame = frame.sort_values(["doc_id", "start"], ignore_index=True)
    number = sentence_numbers(corpus, frame.astype({"start": "int64"}))
    frame["sentence_id"] = sentences(corpus)["sentence_id"].to_numpy()[number]
    return frame[list(_MENTION_COLUMNS)].astype(_MENTION_COLUMNS)


@table
def chosen_targets(
    corpus: Corpus, *, targets: Targets | None = None, top: int = TOP, model: str = DEFAULT
) -> pd.DataFrame:
    """List which of the named entities are targets.

    Columns: ``source_id`` (as in :func:`nbhelpers.naming.across.entity_names`), ``target``.
    Arguments and errors as for :func:`targets`; of what the texts name most, at most
    :data:`nbhelpers.naming.merging.MOST` can be chosen.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Ann Lee won. Kyiv is glad that Lee won.", "a.txt")])
    >>> chosen_targets(corpus).values.tolist()
    [['ann lee', 'Ann Lee'], ['ukraine', 'Ukraine']]
    """
    if targets is None:
        most = actors(corpus, model=model).head(top)
        return most[["source_id", "name"]].rename(columns={"name": "target"})
    return given_targets(targets, named_entities(corpus, model=model))


@table
def target_words(
    corpus: Corpus, *, targets: Targets | None = None, top: int = TOP, model: str = DEFAULT
) -> pd.DataFrame:
    """List the wordings by which the stories of a corpus call its targets.

    Columns: ``text``, ``target``, ``doc_id`` (the last text that has the wording, which decides
    where several targets are called so). Arguments as for :func:`targets`.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Ann Lee won. Kyiv is glad that Lee won.", "a.txt")])
    >>> target_words(corpus, targets={"Lee": ["Ann Lee"]}).values.tolist()
    [['Ann Lee', 'Lee', 'a'], ['Lee', 'Lee', 'a']]
    """
    rows = [row for row in _in_story(corpus, targets, top, model) if row[5] == "name"]
    picked = [(text, target, doc_id) for doc_id, _, _, text, target, _ in rows]
    frame = pd.DataFrame(picked, columns=["text", "target", "doc_id"]).astype("str")
    return last_wordings(frame)


def last_wordings(words: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of :func:`target_words` of a corpus from those of its parts."""
    in_order = words.sort_values("doc_id", kind="stable")
    return in_order.drop_duplicates("text", keep="last").sort_values("text", ignore_index=True)


class NamedEntity(NamedTuple):
    """An entity that a text names, ``number`` being its place there, and who it is."""

    doc_id: str
    number: int
    entity: Entity
    source_id: str
    name: str


def named_entities(corpus: Corpus, *, model: str) -> Iterator[NamedEntity]:
    """Yield all that the texts name."""
    read = readings(corpus, model=model)
    named = dict(zip(read["doc_id"], (r.named for r in read["resolved"]), strict=True))
    for doc_id, number, source_id, name in entity_names(corpus, model=model).itertuples(
        index=False
    ):
        yield NamedEntity(doc_id, number, named[doc_id][number], source_id, name)


_Row = tuple[str, int, int, str, str, str]


def _in_story(corpus: Corpus, targets: Targets | None, top: int, model: str) -> list[_Row]:
    """The mentions of the targets in what the texts tell."""
    chosen = chosen_targets(corpus, targets=targets, top=top, model=model)
    wanted = dict(zip(chosen["source_id"], chosen["target"], strict=True))
    pronouns = _safe_pronouns(corpus, model)
    return [
        (doc_id, start, end, corpus.text(doc_id)[start:end], wanted[source_id], basis)
        for doc_id, _, entity, source_id, _ in named_entities(corpus, model=model)
        if source_id in wanted
        for start, end, basis in _places(entity, pronouns.get(id(entity), ()))
    ]


def _in_furniture(corpus: Corpus, words: pd.DataFrame) -> list[_Row]:
    """The places of names (with the target of each) in what is no part of a story."""
    names = dict(zip(words["text"], words["target"], strict=True))
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


def _safe_pronouns(corpus: Corpus, model: str) -> dict[int, list[Span]]:
    """The pronouns whose antecedent is probable enough, by the ``id()`` of the entity."""
    found: dict[int, list[Span]] = {}
    for _, text, resolved in read_texts(corpus, model=model):
        for start, who in resolved.pronouns.items():
            if who.probability >= SAFE and who.basis == "pronoun":
                end = start + _length(text, start)
                found.setdefault(id(who.entity), []).append((start, end))
    return found


def _length(text: str, start: int) -> int:
    """The length of the pronoun at a place."""
    return max(len(word) for word in GENDERS if text[start : start + len(word)].lower() == word)


def _places(entity: Entity, pronouns: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    yield from ((*name.span, "name") for name in entity.names)
    yield from ((*span, "pronoun") for span in pronouns)


def given_targets(targets: Targets, named: Iterable[NamedEntity]) -> pd.DataFrame:
    """Return :func:`chosen_targets` from the entities of all texts, in any order of the texts.

    Where the names of an entity are given for several targets, the first name decides.
    """
    wanted = _by_keys(targets)
    found: dict[str, tuple[str, int, str]] = {}
    for doc_id, number, entity, source_id, name in named:
        forms = chain((name.split(),), (name.words for name in entity.names))
        meant = (wanted.get(tuple(map(key, form))) for form in forms)
        if target := next(filter(None, meant), None):
            place = doc_id, number, target
            found[source_id] = min(place, found.get(source_id, place))
    columns = {"source_id": "str", "target": "str"}
    rows = sorted((source_id, target) for source_id, (_, _, target) in found.items())
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _by_keys(targets: Targets) -> dict[tuple[str, ...], str]:
    """The target of each name that is given, by the words of the name."""
    wanted: dict[tuple[str, ...], str] = {}
    for target, aliases in targets.items():
        for alias in (target, *aliases):
            keys = tuple(map(key, alias.split()))
            if not keys:
                raise InputError(f"The target {target!r} has an alias without words; leave it out.")
            if wanted.setdefault(keys, target) != target:
                raise InputError(f"{alias!r} is given for two targets: {wanted[keys]}, {target}.")
    return wanted
