"""The verdicts of a corpus: its claims held against each other, group by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from nbhelpers.claims import claims
from nbhelpers.cleaning import damage, sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.corroboration.context import surroundings
from nbhelpers.corroboration.grouping import claim_groups
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
from nbhelpers.corroboration.repetition import UTTERANCE, Repetition, pair, repeated_claims
from nbhelpers.corroboration.sayers import bodies, sayers
from nbhelpers.corroboration.times import Days, days
from nbhelpers.corroboration.values import plain_rows, value
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.overview.documents import publication_dates
from nbhelpers.utterances import utterances
from nbhelpers.voices.selection import AUTHOR, MIN_CONFIDENCE
from nbhelpers.words import sentence_numbers

MOST = 40
"""Claims of a group that are held against each other, each against all others."""

_NO_FLAWS = frozenset({"duplicate", "odd_case", "stray_space"})  # they make no figure doubtful
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
    options: dict[str, Any] = {
        "content_only": content_only,
        "min_confidence": min_confidence,
        "model": model,
    }
    grouped = claim_groups(corpus, least=2, **options)
    stated = claims(corpus, **options)
    known = _known(corpus, grouped, stated, model)
    repeats = repeated_claims(corpus, stated, model=model)
    rows = [
        row
        for _, of_group in grouped.groupby("group_id", sort=False)
        for row in _of_group([known[name] for name in of_group["claim_id"]], repeats)
    ]
    shown = plain_rows(grouped[["group_id", *_SIDE]])
    sides = {row.claim_id: list(row) for row in shown}
    found = [_row(sides, *row) for row in rows] + list(_opposites(corpus, model))
    frame = pd.DataFrame(found, columns=list(_COLUMNS)).astype(_COLUMNS)
    place = frame["verdict"].map({name: n for n, name in enumerate(VERDICTS)})
    groups = {name: n for n, name in enumerate(dict.fromkeys(grouped["group_id"]))}
    frame = frame.assign(place=place, group=frame["group_id"].map(groups))
    order = ["place", "group", "doc_id", "start", "other_doc_id", "other_start"]
    return frame.sort_values(order, kind="stable", ignore_index=True)[list(_COLUMNS)]


def _known(
    corpus: Corpus, grouped: pd.DataFrame, stated: pd.DataFrame, model: str
) -> dict[str, Claim]:
    """What matters of each claim, by its id."""
    numbers = sentence_numbers(corpus, grouped)
    frame = sentences(corpus)
    places = frame[["start", "sentence_id"]].to_numpy()[numbers]
    names = dict(zip(stated["claim_id"], surroundings(corpus, stated), strict=True))
    flaws = _flaws(corpus)
    published = _published(corpus)
    sources_ = sayers(corpus, model=model)
    answering = {
        group: bodies(of_group["source_id"].dropna(), sources_)
        for group, of_group in grouped.groupby("group_id", sort=False)
    }
    found = {}
    for row, (start, number) in zip(plain_rows(grouped), places.tolist(), strict=True):
        text = corpus.text(row.doc_id)
        own = frozenset([f"{AUTHOR} {row.doc_id}"]) if row.source_id == AUTHOR else frozenset()
        found[row.claim_id] = Claim(
            row.claim_id,
            row.doc_id,
            number,
            value(row),
            row.counted,
            row.status,
            row.place,
            f"the author of {row.doc_id}" if row.source_id == AUTHOR else row.claimant,
            answering[row.group_id].get(row.source_id, own),
            row.claim_date,
            days(row.claim_date),
            published.get(row.doc_id),
            row.relation,
            row.of_claim_id,
            flaws.get((row.doc_id, number)),
            row.is_specific,
            names[row.claim_id],
            row.source_id in sources_ and sources_[row.source_id].type not in _UNKNOWN,
            text[start : row.start],
        )
    return found


def _flaws(corpus: Corpus) -> dict[tuple[str, int], str]:
    """The flaw of each damaged sentence in words; one that begins the next may be its lost end."""
    found = damage(corpus)
    found = found[~found["kind"].isin(_NO_FLAWS)]
    numbers = sentence_numbers(corpus, found)
    ids = sentences(corpus)["sentence_id"].to_numpy()[numbers]
    flaws: dict[tuple[str, int], str] = {}
    for doc_id, kind, text, number in zip(
        found["doc_id"], found["kind"], found["text"], ids.tolist(), strict=True
    ):
        shown = f" (“{' '.join(text.split())[:60]}”)" if len(text) > 1 else ""
        words = f"{kind.replace('_', ' ')} in {doc_id}{shown}"
        flaws.setdefault((doc_id, number), words)
        if kind == "stray_fragment":
            flaws.setdefault((doc_id, number - 1), words)
    return flaws


def _published(corpus: Corpus) -> dict[str, Days]:
    known = publication_dates(corpus).dropna(subset=["published"])
    return {
        doc_id: Days(day.date(), day.date())
        for doc_id, day in zip(known["doc_id"], known["published"], strict=True)
    }


def _of_group(
    members: Sequence[Claim], repeats: Mapping[tuple[str, str], Repetition]
) -> Iterator[tuple[Claim, Claim | None, Verdict, str | None]]:
    """The verdicts on all pairs of a group, or of those that stand for the rest."""
    chosen = members
    if len(members) > MOST:
        chosen = _representatives(members)
        words = f"{len(members):,} claims are too many to compare all: {len(chosen)} stand for them"
        yield members[0], None, Verdict(NOT_COMPARED, words), None
    for one, other in combinations(chosen, 2):
        if not is_judged(one, other):
            continue
        repeated = repeats.get(pair(one.claim_id, other.claim_id))
        kind = repeated.kind if repeated else None
        verdict = judge(one, other)
        if kind and verdict.name == AGREEMENT:
            words = "report one utterance" if kind == UTTERANCE else "stand in one passage"
            verdict = verdict._replace(reason=f"{verdict.reason}; both {words}")
        yield one, other, verdict, kind


def _representatives(members: Sequence[Claim]) -> list[Claim]:
    """The first claims of the combinations that most claims have, in their order."""
    first: dict[Any, Claim] = {}
    size: Counter[Any] = Counter()
    for claim in members:
        kind = (claim.value, claim.sayers, claim.status, claim.date, claim.relation)
        first.setdefault(kind, claim)
        size[kind] += 1
    chosen = {first[kind].claim_id for kind, _ in size.most_common(MOST)}
    return [claim for claim in members if claim.claim_id in chosen]


def _row(
    sides: Mapping[str, list[Any]],
    one: Claim,
    other: Claim | None,
    verdict: Verdict,
    kind: str | None,
) -> tuple[object, ...]:
    group, *first = sides[one.claim_id]
    second = sides[other.claim_id][1:] if other else [None] * len(_SIDE)
    return group, verdict.name, verdict.reason, *first, *second, kind


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
