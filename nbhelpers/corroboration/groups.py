"""The groups of claims as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.corroboration.grouping import is_specific
from nbhelpers.corroboration.store import Claims, Group, collected
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.voices.selection import MIN_CONFIDENCE

_FACTS = (
    "low high unit counted hedge approximate is_change status place source_id claimant cue_class "
    "carrier_id carrier claim_date claim_date_precision claim_date_basis"
).split()
_NOT_TEXT = {
    **dict.fromkeys(["start", "end"], "int64"),
    **dict.fromkeys(["low", "high"], "float64"),
    **dict.fromkeys(["approximate", "is_change", "is_specific"], "bool"),
}
_COLUMNS = {
    name: _NOT_TEXT.get(name, "str")
    for name in (
        *("group_id", "label", "claim_id", "doc_id", "start", "end", "stated", *_FACTS),
        *("actor", "actor_basis", "is_specific", "relation", "of_claim_id", "sentence"),
    )
}
ROWS_AT_ONCE = 5_000


@table
def claim_groups(
    corpus: Corpus,
    *,
    least: int = 1,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Put claims together that can be compared: what they count, whose it is, and in which unit.

    Claims meet where they count the same thing (synonyms stand in ``data/counted_things.tsv``) of
    the same actor (*North Korean*, *the DPRK's*, *from North Korea*) with the same other modifiers,
    in one unit and with one outcome (killed, wounded, captured ... are never held against those
    alive), and where their surroundings name the same: the less the thing itself tells (*people*),
    the more the sentences must share. Without a noun, a number is grouped only where two texts
    share the passage in which it stands. When in doubt, claims stay apart.

    Args:
        corpus: the texts.
        least: leave out groups of fewer claims.
        content_only, min_confidence, model: as for :func:`nbhelpers.claims.claims`.

    Columns: ``group_id``, ``label`` (what the group counts, in words); of each claim ``claim_id``,
    ``doc_id``, ``start``, ``end``, ``stated`` (the number in words, with hedge and unit), ``low``,
    ``high``, ``unit``, ``counted``, ``hedge``, ``approximate``, ``is_change``, ``status``,
    ``place``, ``source_id``, ``claimant``, ``cue_class``, ``carrier_id``, ``carrier``,
    ``claim_date``, ``claim_date_precision``, ``claim_date_basis`` (see
    :func:`nbhelpers.claims.claims`); ``actor`` (whose it is, joined by "; "), ``actor_basis``
    (``named``; ``subject``: of the verb; ``before``: named in the claim before it, in the same
    sentence or the one ahead), ``is_specific`` (what is counted is named so well that it is one
    thing in all texts), ``relation`` (``addition``: it comes on top of another; ``part``: of
    another), ``of_claim_id`` (that other claim), ``sentence``. Largest group first, then by text
    and place.

    >>> from nbhelpers.corpus import Document
    >>> texts = {"a": "Seoul said 3,000 North Korean soldiers left.",
    ...          "b": "3,000 DPRK troops left."}
    >>> found = claim_groups(Corpus([Document(name, text, "") for name, text in texts.items()]))
    >>> found[["group_id", "low", "counted", "actor"]].values.tolist()
    [['North Korean soldiers', 3000.0, 'North Korean soldiers', 'North Korea'],
     ['North Korean soldiers', 3000.0, 'DPRK troops', 'North Korea']]
    """
    found = collected(corpus, content_only=content_only, min_confidence=min_confidence, model=model)
    return pd.concat(claim_groups_of(found, least=least), ignore_index=True)


def claim_groups_of(found: Claims, *, least: int = 1) -> Iterator[pd.DataFrame]:
    """Yield the rows of :func:`claim_groups`, some at a time."""
    return frames((row for group in found.groups(least=least) for row in _rows(group)), _COLUMNS)


def frames(
    rows: Iterable[tuple[object, ...]], columns: Mapping[str, str]
) -> Iterator[pd.DataFrame]:
    """Yield rows as frames of some thousands, at least one."""
    rest = iter(rows)
    some = list(islice(rest, ROWS_AT_ONCE))
    yield pd.DataFrame(some, columns=[*columns]).astype(columns)
    while some := list(islice(rest, ROWS_AT_ONCE)):
        yield pd.DataFrame(some, columns=[*columns]).astype(columns)


def _rows(group: Group) -> Iterator[tuple[object, ...]]:
    for member, whole in zip(group.members, group.wholes, strict=True):
        claim, known = member.claim, member.thing
        yield (
            *(group.group_id, group.label, claim.claim_id, claim.doc_id, claim.start, claim.end),
            str(claim.value),
            *(getattr(claim, name) for name in _FACTS),
            "; ".join(sorted(known.actors)) or None if known else None,
            *(member.basis, is_specific(known), member.relation, whole, claim.sentence),
        )
