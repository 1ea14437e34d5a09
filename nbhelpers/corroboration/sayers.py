"""Who stands behind a claim: claimants, those for whom they speak, and outlets by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from nbhelpers.corpus import Corpus
from nbhelpers.lexicons import phrase_key
from nbhelpers.media import is_medium
from nbhelpers.sources import sources

_OF_STATE = frozenset({"government", "military", "intelligence"})
_OF_ADDRESS = re.compile(
    r"^(?:https?://)?(?:www\.)?|\.(?:com|org|net|co|gov|info|tv)?(?:\.[a-z]{2})?$"
)
STATE = "state: "  # before the country, where a state as a whole is the body
_NO_LETTERS = re.compile(r"[\W_]+")


class Sayer(NamedTuple):
    """A source as far as it matters who speaks for whom."""

    source_id: str
    name: str
    type: str
    affiliation: str | None
    country: str | None
    is_anonymous: bool | None

    @property
    def is_medium(self) -> bool:
        """Whether it is a medium, which has its news from somebody."""
        return self.type == "media" or is_medium(self.name)

    @property
    def is_state(self) -> bool:
        """Whether it is a country as such: *Ukraine*, *Kyiv*."""
        return self.country is not None and self.name == self.country


def sayers(corpus: Corpus, *, model: str) -> dict[str, Sayer]:
    """Return the sources of a corpus by their ids."""
    known = sources(corpus, model=model)
    columns = ("source_id", "name", "type", "affiliation", "country", "anonymous")
    rows = known[[*columns]].astype(object).where(known[[*columns]].notna(), None)
    found = (Sayer(*row) for row in rows.itertuples(index=False))
    return {sayer.source_id: sayer for sayer in found}


def bodies(
    found: Iterable[str], known: Mapping[str, Sayer], *, whole_states: bool = False
) -> dict[str, frozenset[str]]:
    """Return for each source the bodies that answer for its words, itself included.

    A spokesman answers for his ministry. Where the state itself is among the sources (*Kyiv said*),
    its ministries, army and services are part of it; with ``whole_states`` they always are.

    >>> one = Sayer("ann lee", "Ann Lee", "military", "Pentagon", "United States", False)
    >>> two = Sayer("pentagon", "Pentagon", "military", None, "United States", False)
    >>> answering = bodies(["ann lee", "pentagon"], {"ann lee": one, "pentagon": two})
    >>> sorted(answering["ann lee"] & answering["pentagon"])
    ['pentagon']
    """
    here = [known[source_id] for source_id in set(found) if source_id in known]
    states = {sayer.country for sayer in here if sayer.is_state or whole_states}
    return {sayer.source_id: frozenset(_bodies(sayer, states)) for sayer in here}


def _bodies(sayer: Sayer, states: set[str | None]) -> Iterable[str]:
    yield sayer.source_id
    if not sayer.is_anonymous:
        yield phrase_key(sayer.name)
    if sayer.affiliation:
        yield phrase_key(sayer.affiliation)
    if sayer.type in _OF_STATE and sayer.country and sayer.country in states:
        yield f"{STATE}{sayer.country}"


def outlet_key(name: str) -> str:
    """Return the form under which a medium's name, its outlet and its address meet.

    >>> outlet_key("The Kyiv Post"), outlet_key("www.kyivpost.com"), outlet_key("CNN")
    ('kyivpost', 'kyivpost', 'cnn')
    """
    plain = _OF_ADDRESS.sub("", name.strip().lower().removeprefix("the "))
    return _NO_LETTERS.sub("", plain)
