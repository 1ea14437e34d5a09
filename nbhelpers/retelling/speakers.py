"""Whether two statements are put into one mouth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from nbhelpers.attribution import attributions
from nbhelpers.corpus import Corpus
from nbhelpers.lexicons import key
from nbhelpers.sources import sources

SAME = frozenset({"same", "compatible", "carrier", "institution"})


@dataclass(frozen=True)
class Speaker:
    """The source of an attribution, those who carry it, and the institution it speaks for."""

    source_id: str | None
    name: str | None
    carriers: frozenset[str]
    affiliation: str | None
    is_open: bool  # it is not decided who is meant, or nobody is named

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the name, without differences of spelling."""
        return frozenset(map(key, (self.name or "").split()))


NOBODY = Speaker(None, None, frozenset(), None, True)


def speakers(corpus: Corpus, *, model: str) -> dict[str, Speaker]:
    """Return the speaker of each attribution."""
    told = attributions(corpus, model=model)
    ids = told["attribution_id"].tolist()
    via = dict(zip(ids, told["reported_via"], strict=True))
    source = {i: s for i, s in zip(ids, told["source_id"], strict=True) if isinstance(s, str)}
    known = sources(corpus, model=model).set_index("source_id")
    names, affiliations = known["name"].to_dict(), known["affiliation"].to_dict()
    is_open = (known["anonymous"].fillna(True).astype(bool)).to_dict()
    found = {}
    for name in ids:
        who = source.get(name)
        place = affiliations.get(who)
        found[name] = Speaker(
            who,
            names.get(who),
            frozenset(_carriers(name, via, source)),
            place if isinstance(place, str) else None,
            is_open.get(who, True),
        )
    return found


def _carriers(name: str, via: dict[str, str], source: dict[str, str]) -> set[str]:
    found: set[str] = set()
    seen = {name}
    while isinstance(via.get(name), str) and via[name] not in seen:
        name = via[name]
        seen.add(name)
        if name in source:
            found.add(source[name])
    return found


def agreement(one: Speaker, two: Speaker) -> str:
    """Return how two speakers agree.

    ``same``: one source; ``compatible``: one name is part of the other (*Sabrina*, *Sabrina
    Singh*); ``carrier``: one of them carries the other; ``institution``: one speaks for the other;
    ``unknown``: one is not named; ``different``.

    >>> ann, lee = (Speaker(n.lower(), n, frozenset(), None, False) for n in ("Ann", "Lee"))
    >>> agreement(ann, lee), agreement(ann, NOBODY)
    ('different', 'unknown')
    """
    if one.source_id is None or two.source_id is None:
        return "unknown"
    if one.source_id == two.source_id:
        return "same"
    if one.words <= two.words or two.words <= one.words:
        return "compatible"
    if one.source_id in two.carriers or two.source_id in one.carriers:
        return "carrier"
    if one.name == two.affiliation or two.name == one.affiliation:
        return "institution"
    return "unknown" if one.is_open or two.is_open else "different"
