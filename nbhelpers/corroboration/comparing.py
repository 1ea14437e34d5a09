"""The verdicts of a corpus: its claims held against each other, group by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.corroboration.described import Described
from nbhelpers.corroboration.grouping import is_specific
from nbhelpers.corroboration.groups import frames
from nbhelpers.corroboration.judging import (
    AGREEMENT,
    NOT_COMPARED,
    POLARITY,
    VERDICTS,
    Claim,
    Verdict,
    is_judged,
    judge,
)
from nbhelpers.corroboration.sayers import Sayer, bodies, sayers
from nbhelpers.corroboration.store import UTTERANCE, Claims, Group, collected
from nbhelpers.corroboration.times import days
from nbhelpers.corroboration.values import plain_rows
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.utterances import utterances
from nbhelpers.voices.selection import AUTHOR, MIN_CONFIDENCE
from nbhelpers.words import sentence_numbers

MOST = 40
"""Claims of a group that are held against each other, each against all others."""

_UNKNOWN = frozenset({"other", "author"})  # may be no source at all
_SIDE = ("claim_id", "doc_id", "start", "end", "claimant", "sentence")
_COLUMNS = {
    **dict.fromkeys(["group_id", "verdict", "reason"], "str"),
    **{name: "Int64" if name in ("start", "end") else "str" for name in _SIDE},
    **{f"other_{name}": "Int64" if name in ("start", "end") else "str" for name in _SIDE},
    "repeats": "str",
}


@table
def verdicts(
    corpus: Corpus,
    *,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Hold the claims of each group against each other, and statements against their opposites.

    A part is held against its whole alone, an addition against what it is added to.

    Args:
        corpus: the texts.
        content_only, min_confidence, model: as for
            :func:`~nbhelpers.corroboration.claim_groups`.

    ``verdict`` is one of:

    - ``polarity conflict``: one text denies what another affirms (see
      :func:`nbhelpers.utterances.utterances`); no numbers are involved.
    - ``apparent contradiction``: two figures that would diverge, but a flaw of the text lies in the
      sentence (see :func:`nbhelpers.cleaning.damage`).
    - ``divergence``: claimants give different figures for the same, as far as the texts tell.
    - ``update``: one claimant (or two who speak for one body) gives another figure at another time.
    - ``agreement``: the ranges overlap; *at least 3,000* leaves room for 10,000.
    - ``addition``: *another 7,000*, on top of the other figure.
    - ``part of``: *500 officers* among 12,000.
    - ``different status``: expected against deployed.
    - ``not comparable``: other places or times, or the texts do not tell enough.
    - ``not compared``: a group of more than 40 claims; the 40 combinations of figure, claimant,
      status and date that most claims have were compared, each by its first place.

    Columns: ``group_id`` (NA for statements), ``verdict``, ``reason`` (in words); ``claim_id``
    (NA for statements), ``doc_id``, ``start``, ``end`` (code points into the raw text),
    ``claimant``, ``sentence``, and the same with ``other_`` in front; ``repeats`` (both stand in
    one passage, ``verbatim`` or ``near``, or report one ``utterance``; else NA). Sorted by verdict,
    in the order above, then by group and place.

    >>> from nbhelpers.corpus import Document
    >>> text = "Seoul said 3,000 North Korean soldiers were sent. Kyiv said 5,000 were sent."
    >>> text = text.replace("5,000", "5,000 North Korean troops")
    >>> verdicts(Corpus([Document("a", text, "a.txt")]))[["verdict", "reason"]].values.tolist()
    [['divergence', 'South Korea: 3,000; Ukraine: 5,000']]
    """
    found = collected(corpus, content_only=content_only, min_confidence=min_confidence, model=model)
    opposites = pd.DataFrame(_opposites(corpus, model), columns=[*_COLUMNS]).astype(_COLUMNS)
    compared = verdicts_of(found, sayers(corpus, model=model))
    frame = pd.concat([opposites, *compared], ignore_index=True)
    groups = {name: n for n, name in enumerate(dict.fromkeys(frame["group_id"].dropna()))}
    frame = frame.assign(
        place=frame["verdict"].map({name: n for n, name in enumerate(VERDICTS)}),
        group=frame["group_id"].map(groups),
    )
    order = ["place", "group", "doc_id", "start", "other_doc_id", "other_start"]
    return frame.sort_values(order, kind="stable", ignore_index=True)[[*_COLUMNS]]


def verdicts_of(found: Claims, known: Mapping[str, Sayer]) -> Iterator[pd.DataFrame]:
    """Yield the verdicts on the claims of each group, group after group, some rows at a time.

    Args:
        found: the claims (see :func:`~nbhelpers.corroboration.collect`).
        known: the sources of the corpus by their ids (see
            :func:`~nbhelpers.corroboration.sayers.sayers`).

    The columns are those of :func:`verdicts`, which has the reversed statements besides.
    """
    rows = (row for group in found.groups(least=2) for row in _rows(group, known))
    return frames(rows, _COLUMNS)


def _rows(group: Group, known: Mapping[str, Sayer]) -> Iterator[tuple[object, ...]]:
    """The verdicts on a group, by place."""
    sides = [[getattr(member.claim, name) for name in _SIDE] for member in group.members]
    for one, other, verdict, kind in _verdicts(group, _known(group, known)):
        second = [None] * len(_SIDE) if other is None else sides[other]
        yield group.group_id, verdict.name, verdict.reason, *sides[one], *second, kind


def _known(group: Group, known: Mapping[str, Sayer]) -> list[Claim]:
    """What matters of each claim of a group."""
    cited = [m.claim.source_id for m in group.members if m.claim.source_id]
    answering = bodies(cited, known)
    return [
        _claim(member, whole, answering, known)
        for member, whole in zip(group.members, group.wholes, strict=True)
    ]


def _claim(
    member: Described,
    whole: str | None,
    answering: Mapping[str, frozenset[str]],
    known: Mapping[str, Sayer],
) -> Claim:
    row, source_id = member.claim, member.claim.source_id or ""
    own = frozenset([f"{AUTHOR} {row.doc_id}"]) if source_id == AUTHOR else frozenset[str]()
    return Claim(
        row.claim_id,
        row.doc_id,
        row.sentence_id,
        row.value,
        row.counted,
        row.status,
        row.place,
        f"the author of {row.doc_id}" if source_id == AUTHOR else row.claimant,
        answering.get(source_id, own),
        row.claim_date,
        days(row.claim_date),
        member.published,
        member.relation,
        whole,
        member.flaw,
        is_specific(member.thing),
        member.names,
        source_id in known and known[source_id].type not in _UNKNOWN,
        member.before,
    )


def _verdicts(
    group: Group, members: Sequence[Claim]
) -> Iterator[tuple[int, int | None, Verdict, str | None]]:
    """The verdicts on all pairs of a group, or of those that stand for the rest."""
    chosen: Sequence[int] = range(len(members))
    if len(members) > MOST:
        chosen = _representatives(members)
        words = f"{len(members):,} claims are too many to compare all: {len(chosen)} stand for them"
        yield 0, None, Verdict(NOT_COMPARED, words), None
    for one, other in combinations(chosen, 2):
        if not is_judged(members[one], members[other]):
            continue
        repeated = group.repeats.get((one, other))
        kind = repeated.kind if repeated else None
        verdict = judge(members[one], members[other])
        if kind and verdict.name == AGREEMENT:
            words = "report one utterance" if kind == UTTERANCE else "stand in one passage"
            verdict = verdict._replace(reason=f"{verdict.reason}; both {words}")
        yield one, other, verdict, kind


def _representatives(members: Sequence[Claim]) -> list[int]:
    """The first claims of the combinations that most claims have, in their order."""
    first: dict[Any, int] = {}
    size: Counter[Any] = Counter()
    for number, claim in enumerate(members):
        kind = (claim.value, claim.sayers, claim.status, claim.date, claim.relation)
        first.setdefault(kind, number)
        size[kind] += 1
    return sorted(first[kind] for kind, _ in size.most_common(MOST))


def _opposites(corpus: Corpus, model: str) -> Iterator[tuple[object, ...]]:
    """Statements of which one denies what the other affirms."""
    found = utterances(corpus, model=model).query("verdict == 'polarity_conflict'")
    sides = [found[["doc_id", "start"]], found[["other_doc_id", "other_start"]]]
    texts = []
    for side in sides:
        numbers = sentence_numbers(corpus, side.set_axis(["doc_id", "start"], axis=1))
        texts.append(sentences(corpus)["text"].to_numpy()[numbers].tolist())
    for row, sentence, other in zip(plain_rows(found), *texts, strict=True):
        damaged = [
            d
            for d, flaw in ((row.doc_id, row.damaged), (row.other_doc_id, row.other_damaged))
            if flaw
        ]
        words = f"one says “{row.polarity}”, the other “{row.other_polarity}”"
        if damaged:
            words += f"; the text is damaged there in {' and '.join(dict.fromkeys(damaged))}"
        yield (
            *(None, POLARITY, words),
            *(None, row.doc_id, row.start, row.end, row.source, sentence),
            *(None, row.other_doc_id, row.other_start, row.other_end, row.other_source, other),
            UTTERANCE,
        )
