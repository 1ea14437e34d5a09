"""Where the claims of a group come from: how many sources stand behind so many texts.

Claims are joined where they rest on one source: the same claimant, somebody who speaks for it, a
medium that has it from somebody, the same words in two texts. Each join is kept with its evidence.
What is left apart is not proven independent: it is what the texts do not show to be one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import pandas as pd

from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.corroboration.described import Stated
from nbhelpers.corroboration.grouping import Joined
from nbhelpers.corroboration.groups import claim_groups, frames
from nbhelpers.corroboration.sayers import STATE, Sayer, bodies, outlet_key, sayers
from nbhelpers.corroboration.store import UTTERANCE, Claims, Group, Repetition, collected
from nbhelpers.corroboration.values import plain_rows
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.voices.selection import AUTHOR, MIN_CONFIDENCE

SINGLE = "single source"
CIRCULAR = "circular"
SEVERAL = "several independent"
AUTHOR_ONLY = "author only"
NOBODY = "nobody named"
SUPPORTS = (SEVERAL, SINGLE, CIRCULAR, NOBODY, AUTHOR_ONLY)
"""All kinds of support, the strongest first."""

By = Literal["group", "figure"]

_JOIN_COLUMNS = {
    **dict.fromkeys(["group_id", "figure", "kind", "evidence", "claim_id", "doc_id"], "str"),
    **dict.fromkeys(["start", "end"], "int64"),
    **dict.fromkeys(["other_claim_id", "other_doc_id"], "str"),
    **dict.fromkeys(["other_start", "other_end"], "int64"),
}
_COLUMNS = {
    **dict.fromkeys(["group_id", "label", "figure"], "str"),
    **dict.fromkeys(["n_claims", "n_documents", "n_wordings", "n_claimants"], "int64"),
    "n_independent": "int64",
    **dict.fromkeys(["support", "explanation", "sources", "carriers", "documents"], "str"),
}
_SAME_WORDS = frozenset({"verbatim", "near", UTTERANCE})
_IN_WORDS = {
    "verbatim": "stand in one passage",
    "near": "stand in one passage, reworded",
    UTTERANCE: "report one utterance",
    "claimant": "have one claimant",
    "body": "speak for one body",
    "state": "are of one state",
    "carrier": "came through a medium that is cited too",
    "outlet": "cite a medium whose own text is here",
    "anonymous": "name no source that could be told apart",
}


class Join(NamedTuple):
    """Two members of a part that rest on one source, and why."""

    one: int
    other: int
    kind: str
    evidence: str


class Part(NamedTuple):
    """Claims of a group (of one figure, if figures are told apart), and what joins them."""

    group_id: str
    label: str
    figure: str | None
    members: Sequence[Stated]
    outlets: Sequence[str | None]  # of the text of each, as media are known
    joins: Sequence[Join]


@table
def provenance(
    corpus: Corpus,
    *,
    by: By = "group",
    least: int = 1,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Return for each group of claims how many sources stand behind it.

    Args:
        corpus: the texts.
        by: a row for each ``group``, or for each ``figure`` that is named in one (*about 10,000*
            and *more than 10,000* name one figure).
        least: leave out groups of fewer claims.
        content_only, min_confidence, model: as for :func:`nbhelpers.claims.claims`.

    ``support`` is one of:

    - ``several independent``: the texts name several sources that nothing joins.
    - ``single source``: one, however many texts have it.
    - ``circular``: media that have it from one another, and from nobody else.
    - ``nobody named``: it is reported as somebody's words, but nobody is named.
    - ``author only``: no text says whence it has it.

    Columns: ``group_id``, ``label``, ``figure`` (NA where ``by`` is ``group``), ``n_claims``,
    ``n_documents``, ``n_wordings`` (documents, those that share the words counting once),
    ``n_claimants`` (authors aside), ``n_independent`` (sources that are left when all is joined
    that :func:`joins` lists; authors are none), ``support``, ``explanation`` (in words),
    ``sources`` (each independent one, those that it stands for in brackets), ``carriers``,
    ``documents`` (joined by "; "). Groups in the order of
    :func:`~nbhelpers.corroboration.claim_groups`. Raises InputError for an unknown ``by``.

    >>> from nbhelpers.corpus import Document
    >>> texts = {"a": "The Pentagon said that 3,000 North Korean troops left.",
    ...          "b": "Some 3,000 North Korean soldiers have left, according to the Pentagon."}
    >>> found = provenance(Corpus([Document(name, text, "") for name, text in texts.items()]))
    >>> found[["n_documents", "n_independent", "support"]].values.tolist()
    [[2, 1, 'single source']]
    """
    found = collected(corpus, content_only=content_only, min_confidence=min_confidence, model=model)
    rows = provenance_of(found, sayers(corpus, model=model), by=by, least=least)
    return pd.concat(rows, ignore_index=True)


def provenance_of(
    found: Claims, known: Mapping[str, Sayer], *, by: By = "group", least: int = 1
) -> Iterator[pd.DataFrame]:
    """Yield the rows of :func:`provenance`, some at a time.

    Args:
        found: the claims (see :func:`~nbhelpers.corroboration.collect`).
        known: the sources of the corpus by their ids (see
            :func:`~nbhelpers.corroboration.sayers.sayers`).
        by, least: as for :func:`provenance`.
    """
    return frames((_row(part, known) for part in _parts(found, known, by, least)), _COLUMNS)


@table
def joins(
    corpus: Corpus,
    *,
    by: By = "group",
    least: int = 1,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """List which claims were taken to rest on one source, and by what evidence.

    The arguments are those of :func:`provenance`. ``kind`` is one of: ``verbatim``, ``near``
    (both stand in one passage, see :func:`nbhelpers.reuse.passages`), ``utterance`` (both report
    one, see :func:`nbhelpers.utterances.utterances`), ``claimant`` (the same), ``body`` (a
    spokesman and his ministry), ``state`` (government, army and services of one country: no one
    of them is a check on the other), ``carrier`` (one cites a medium
    that has it from the other's claimant), ``outlet`` (one cites a medium, the other is a text of
    that medium), ``anonymous`` (neither is named, so that both may be the same).

    Columns: ``group_id``, ``figure``, ``kind``, ``evidence`` (in words), ``claim_id``, ``doc_id``,
    ``start``, ``end`` (code points of the claim), and the last four with ``other_`` in front. Each
    claim is joined once to what is before it; what would only repeat this is left out.
    """
    found = collected(corpus, content_only=content_only, min_confidence=min_confidence, model=model)
    rows = joins_of(found, sayers(corpus, model=model), by=by, least=least)
    return pd.concat(rows, ignore_index=True)


def joins_of(
    found: Claims, known: Mapping[str, Sayer], *, by: By = "group", least: int = 1
) -> Iterator[pd.DataFrame]:
    """Yield the rows of :func:`joins`, some at a time; arguments as for :func:`provenance_of`."""
    rows = (
        (part.group_id, part.figure, join.kind, join.evidence, *_sides(part, join))
        for part in _parts(found, known, by, least)
        for join in part.joins
    )
    return frames(rows, _JOIN_COLUMNS)


def _sides(part: Part, join: Join) -> Iterator[object]:
    for member in (part.members[join.one], part.members[join.other]):
        yield from (member.claim_id, member.doc_id, member.start, member.end)


def _parts(found: Claims, known: Mapping[str, Sayer], by: By, least: int) -> Iterator[Part]:
    """The claims that are counted together, with what joins them."""
    if by not in ("group", "figure"):
        raise InputError(f"Provenance is told by group or by figure, not by {by!r}.")
    for group in found.groups(least=least):
        partners: dict[int, list[tuple[int, Repetition]]] = defaultdict(list)
        for (one, other), repeated in group.repeats.items():
            partners[one].append((other, repeated))
        for figure, numbers in _by_figure(group, by):
            members = [group.members[n].claim for n in numbers]
            outlets = [group.members[n].outlet for n in numbers]
            place = {n: number for number, n in enumerate(numbers)}
            same = [
                Join(number, place[other], repeated.kind, _in_both(repeated))
                for n, number in place.items()
                for other, repeated in partners[n]
                if other in place
            ]
            kept = _joined(members, same, known, outlets)
            yield Part(group.group_id, group.label, figure, members, outlets, kept)


def _by_figure(group: Group, by: By) -> Iterable[tuple[str | None, list[int]]]:
    parts: dict[str | None, list[int]] = defaultdict(list)
    for number, member in enumerate(group.members):
        parts[member.claim.value.figure if by == "figure" else None].append(number)
    return parts.items()


def _joined(
    members: Sequence[Stated],
    same: Sequence[Join],
    known: Mapping[str, Sayer],
    outlets: Sequence[str | None],
) -> list[Join]:
    """What joins the members, the surest evidence first; each join makes two sets of claims one."""
    sets = Joined(len(members))
    kept = []
    found = (
        *same,
        *_by_claimant(members, known),
        *_by_medium(members, known, outlets),
        *_by_silence(members, known),
    )
    for join in found:
        if sets.root(join.one) != sets.root(join.other):
            sets.join(join.one, join.other)
            kept.append(join)
    return kept


def _in_both(repeated: Repetition) -> str:
    places = (repeated.place, repeated.other_place)
    both = " and ".join(f"{doc_id} ({start}–{end})" for doc_id, start, end in places)
    if repeated.kind == UTTERANCE:
        return f"one utterance in {both}"
    return f"the same words{'' if repeated.kind == 'verbatim' else ', changed,'} in {both}"


def _by_claimant(members: Sequence[Stated], known: Mapping[str, Sayer]) -> Iterator[Join]:
    """Claims of one claimant, and of those who speak for one body."""
    cited = (member.source_id for member in members if member.source_id)
    answering = bodies(cited, known, whole_states=True)
    first: dict[str, int] = {}
    for number, member in enumerate(members):
        for body in _narrow_first(answering.get(member.source_id or "", ()), member.source_id):
            before = first.setdefault(body, number)
            if before != number:
                yield _of_body(members, before, number, body)


def _narrow_first(found: Iterable[str], source_id: str | None) -> list[str]:
    """The source itself, then whom it speaks for, then its state."""
    return sorted(found, key=lambda body: (body != source_id, body.startswith(STATE), body))


def _of_body(members: Sequence[Stated], before: int, number: int, body: str) -> Join:
    one, other = members[before].claimant, members[number].claimant
    if members[before].source_id == members[number].source_id:
        return Join(before, number, "claimant", f"both are of {other}")
    if body.startswith(STATE):
        words = f"{one} and {other} are of one state ({body.removeprefix(STATE)})"
        return Join(before, number, "state", words)
    return Join(before, number, "body", f"{one} and {other} speak for one body ({body})")


def _by_medium(
    members: Sequence[Stated], known: Mapping[str, Sayer], outlets: Sequence[str | None]
) -> Iterator[Join]:
    """Claims for which a medium is cited, and those that this medium itself has or carries."""
    cited: dict[tuple[str, str], int] = {}
    for number, member in enumerate(members):
        for medium in _media(member, known):
            cited.setdefault((outlet_key(medium), member.value.figure), number)
    for number, member in enumerate(members):
        figure = member.value.figure
        for medium in _media(member, known):
            before = cited[outlet_key(medium), figure]
            if before != number:
                words = f"{members[before].doc_id} and {member.doc_id} have it through {medium}"
                yield Join(before, number, "carrier", words)
        at = cited.get((outlets[number] or "", figure))
        if at is not None and members[at].doc_id != member.doc_id:
            words = f"{members[at].doc_id} cites the outlet of {member.doc_id}"
            yield Join(at, number, "outlet", words)


def _media(member: Stated, known: Mapping[str, Sayer]) -> Iterator[str]:
    """The media that a claim names as claimant or carrier."""
    for source_id in (member.source_id, member.carrier_id):
        sayer = known.get(source_id or "")
        if sayer and sayer.is_medium and outlet_key(sayer.name):
            yield sayer.name


def _by_silence(members: Sequence[Stated], known: Mapping[str, Sayer]) -> Iterator[Join]:
    """Claims of anonymous sources that nothing tells apart, and of nobody at all."""
    first: dict[str, int] = {}
    for number, member in enumerate(members):
        if member.source_id == AUTHOR:
            continue
        sayer = known.get(member.source_id or "")
        if sayer and not sayer.is_anonymous:
            continue
        country = (sayer.country if sayer else None) or ""
        before = first.setdefault(country, number)
        if before != number:
            names = " and ".join(m.claimant or "nobody" for m in (members[before], member))
            yield Join(before, number, "anonymous", f"{names}: without a name they may be the same")


def _row(part: Part, known: Mapping[str, Sayer]) -> tuple[object, ...]:
    """A row of :func:`provenance`."""
    members = part.members
    sets = Joined(len(members))
    for join in part.joins:
        sets.join(join.one, join.other)
    origins: dict[int, list[int]] = defaultdict(list)
    for number in range(len(members)):
        origins[sets.root(number)].append(number)
    named = [o for o in origins.values() if any(_is_named(members[n]) for n in o)]
    claimants = {m.source_id for m in members if _is_named(m)}
    documents = dict.fromkeys(m.doc_id for m in members)
    return (
        *(part.group_id, part.label, part.figure),
        *(len(members), len(documents), _wordings(part), len(claimants), len(named)),
        _support(part, named, known),
        _explanation(part, len(documents), len(claimants), len(named)),
        "; ".join(_name([members[n] for n in origin]) for origin in named) or None,
        "; ".join(sorted({m.carrier for m in members if m.carrier})) or None,
        "; ".join(documents),
    )


def _is_named(member: Stated) -> bool:
    return member.source_id is not None and member.source_id != AUTHOR


def _support(part: Part, named: Sequence[Sequence[int]], known: Mapping[str, Sayer]) -> str:
    if not named:
        told = all(member.source_id == AUTHOR for member in part.members)
        return AUTHOR_ONLY if told else NOBODY
    if all(_is_circular(part, origin, known) for origin in named):
        return CIRCULAR
    return SINGLE if len(named) == 1 else SEVERAL


def _is_circular(part: Part, origin: Sequence[int], known: Mapping[str, Sayer]) -> bool:
    """Whether media cite one another for a figure, and nobody else."""
    cites: dict[str, set[str]] = defaultdict(set)
    for number in origin:
        member = part.members[number]
        sayer = known.get(member.source_id or "")
        if sayer and not sayer.is_medium:
            return False
        chain = [part.outlets[number], member.carrier, member.claimant if sayer else None]
        keys = [outlet_key(name) for name in chain if name]
        for citing, cited in pairwise(keys):
            if citing != cited:
                cites[citing].add(cited)
    return _has_cycle(cites)


def _has_cycle(cites: Mapping[str, set[str]]) -> bool:
    """Whether citing leads back to where it began: what leads nowhere is taken away, step by step.

    >>> _has_cycle({"a": {"b"}, "b": {"c"}}), _has_cycle({"a": {"b"}, "b": {"a"}})
    (False, True)
    """
    left = dict(cites)
    while ends := [name for name, cited in left.items() if cited.isdisjoint(left)]:
        for name in ends:
            del left[name]
    return bool(left)


@table
def trails(
    corpus: Corpus,
    *,
    group_id: str,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Return the ways by which the claims of a group came into the texts.

    Columns as in :func:`nbhelpers.voices.citations`: citing (a text, or at level 1 a carrier),
    citing_level, cited (a claimant; ``(the text itself)`` and ``(nobody named)`` where there is
    none), count, documents. Sorted by level, then count. Empty for an unknown group.
    """
    read: dict[str, Any] = {
        "content_only": content_only,
        "min_confidence": min_confidence,
        "model": model,
    }
    grouped = claim_groups(corpus, **read)
    edges: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for member in plain_rows(grouped[grouped["group_id"] == group_id]):
        cited = "(the text itself)" if member.source_id == AUTHOR else member.claimant
        carrier = member.carrier if member.carrier != cited else None
        if carrier:
            edges[1, carrier, cited or "(nobody named)"].append(member.doc_id)
        edges[0, member.doc_id, carrier or cited or "(nobody named)"].append(member.doc_id)
    rows = [
        (citing, level, cited, len(texts), len(set(texts)))
        for (level, citing, cited), texts in edges.items()
    ]
    columns = ["citing", "citing_level", "cited", "count", "documents"]
    order = {"citing_level": True, "count": False, "citing": True, "cited": True}
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values([*order], ascending=[*order.values()], ignore_index=True)


def _wordings(part: Part) -> int:
    """How many documents there are if those that share the words count once."""
    number = {doc_id: n for n, doc_id in enumerate(dict.fromkeys(m.doc_id for m in part.members))}
    sets = Joined(len(number))
    for join in part.joins:
        if join.kind in _SAME_WORDS:
            sets.join(*(number[part.members[row].doc_id] for row in (join.one, join.other)))
    return len({sets.root(n) for n in number.values()})


def _explanation(part: Part, documents: int, claimants: int, independent: int) -> str:
    own = len({m.doc_id for m in part.members if m.source_id == AUTHOR})
    counts = [_counted(documents, "text")]
    if claimants:
        counts += [_counted(claimants, "claimant"), _counted(independent, "independent source")]
    counts += [f"{own} without a source"] if own else []
    kinds = Counter(join.kind for join in part.joins)
    why = [f"{_IN_WORDS[kind]} ({number})" for kind, number in kinds.items()]
    return ", ".join(counts) + ("; joined: " + "; ".join(why) if why else "")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _name(origin: Sequence[Stated]) -> str:
    """The claimant that most claims of an origin name, the others in brackets."""
    names = Counter(str(m.claimant) for m in origin if _is_named(m)).most_common()
    others = f" ({', '.join(name for name, _ in names[1:])})" if len(names) > 1 else ""
    return f"{names[0][0]}{others}"
