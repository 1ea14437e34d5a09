"""Which statements of different texts report one utterance, and whether one reverses it.

Outlets shorten, reword and translate what somebody said. Each attributed sentence is held
against the sentences of the other texts that share its most telling words; a logistic regression
over six likenesses, learned from pairs read by hand (``models/retelling.md``), says how probable it
is that both report one utterance. It is a likeness of words: that somebody said the same thing
twice, on two days, it cannot tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nbhelpers.attribution import attributions
from nbhelpers.cleaning import damage, sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.retelling.candidates import candidates, overlaps
from nbhelpers.retelling.grouping import groups
from nbhelpers.retelling.likeness import (
    LIKENESSES,
    Meanings,
    likenesses,
    probability,
    weight,
)
from nbhelpers.retelling.polarity import Conflict, conflict
from nbhelpers.retelling.speakers import NOBODY, SAME, Speaker, agreement, speakers
from nbhelpers.retelling.statements import Index, Statement, index, statements
from nbhelpers.text import Span
from nbhelpers.words import Floats, Ints, document_groups

__all__ = ["utterance_groups", "utterances"]

_LEAST_COSINE = 0.25  # below it hardly any pair reports one utterance
_SAME_WORDING = 0.9
_SHORTENED_TO = 0.67  # of the fuller statement's weight, at most
_HELD_BY_FULLER = 0.75  # of the shortened statement's weight, at least
_SURE = 0.7  # probability from which on unnamed speakers may contradict one another
_MEANT_IN_CONFLICT = 0.65  # what is left over might explain why one denies and the other does not
_OVERLAPPING = 0.5

_SIDE = {
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "attribution_id": "str",
    "source_id": "str",
    "source": "str",
    "content": "str",
    "polarity": "str",
    "damaged": "bool",
}
_COLUMNS = {
    "utterance_id": "int64",
    **_SIDE,
    **{f"other_{name}": kind for name, kind in _SIDE.items()},
    "similarity": "float64",
    "shared_names": "str",
    "shared_numbers": "str",
    "speakers": "str",
    "verdict": "str",
    "retold": "bool",
}
_GROUP_COLUMNS = {
    "utterance_id": "int64",
    "n_documents": "int64",
    "n_statements": "int64",
    "sources": "str",
    "has_conflict": "bool",
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "content": "str",
}


@table
def utterances(
    corpus: Corpus,
    *,
    least: float = 0.5,
    by: str = "doc_id",
    retold: bool = True,
    formula_above: int = 20,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Return pairs of statements of two texts that report one utterance.

    Args:
        corpus: the texts.
        least: the least probability (0 to 1) that both report one utterance.
        by: the two texts differ in this: ``doc_id``, or a column of the metadata such as
            ``outlet``; texts without a value are left out.
        retold: whether a sentence that the author states without a source may be one of the two.
        formula_above: what more texts than this state in the same words is a formula of their
            site ("Do you have information to share?"). Raise it where more may carry one dispatch.
        model: as for :func:`nbhelpers.attribution.attributions`.

    Columns, each but the last seven also with the prefix ``other_`` for the second text:
    ``doc_id``, ``start``, ``end`` (code points: the content's words within one sentence, from the
    first to the last), ``attribution_id``, ``source_id``, ``source`` (the name; NA for the
    author's own sentence and where nobody is named), ``content`` (stretches that stand apart are
    joined by " … "), ``polarity`` (the words that make the one the other's opposite, else NA),
    ``damaged`` (a flaw of :func:`nbhelpers.cleaning.damage` lies in the sentence or begins the
    next: it may have lost its end). Then ``utterance_id`` (the group), ``similarity`` (the
    probability; what it is made of is said in ``models/retelling.md``), ``shared_names``,
    ``shared_numbers`` (joined by "; "), ``speakers`` (``same``, ``compatible``: one name is part
    of the other, ``carrier``, ``institution``, ``unknown``, ``different``), ``verdict`` (``same``
    wording, ``shortened``, ``reworded``, or ``polarity_conflict``: one denies what the other
    affirms, with the same speaker or none named), ``retold`` (one of the two is the author's own
    sentence). Sorted by place.

    Raises:
        InputError: ``least`` is out of range, there is no such model or metadata.

    >>> from nbhelpers.corpus import Document
    >>> one = "The Pentagon said Ukraine would face no new restrictions on foreign weapons."
    >>> two = "New restrictions on foreign weapons await Ukraine, the Pentagon said on Monday."
    >>> corpus = Corpus([Document("a", one, "a"), Document("b", two, "b")])
    >>> found = utterances(corpus)
    >>> found[["verdict", "polarity", "other_polarity"]].values.tolist()
    [['polarity_conflict', 'no new restrictions', 'New restrictions']]
    """
    if not 0 < least <= 1:
        raise InputError(f"least lies between 0 and 1, not at {least}; 0.5 is a good value.")
    found = index(statements(corpus, formula_above=formula_above, model=model))
    speaker = _speakers(corpus, found, model)
    pairs = _pairs(corpus, found, by, retold)
    agreed = [agreement(speaker[a], speaker[b]) for a, b in pairs.tolist()]
    likeness = likenesses(found, pairs, agreed)
    similar = probability(likeness)
    kept = _best_of_place(found, pairs, similar, np.flatnonzero(similar >= least))
    pairs = pairs[kept]
    told = attributions(corpus, model=model)
    acts = dict(zip(told["attribution_id"], told["cue_class"], strict=True))
    verdicts = _verdicts(
        found, pairs, likeness[kept], similar[kept], [agreed[i] for i in kept], acts
    )
    sides = _Sides(corpus, found.statements, speaker)
    rows = [
        _row(found.statements, sides, a, b, similar[i], agreed[i], verdict)
        for (a, b), i, verdict in zip(pairs.tolist(), kept, verdicts, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=[*list(_COLUMNS)[1:]])
    numbers = _group_numbers(pairs, similar[kept])
    frame.insert(0, "utterance_id", numbers)
    return _sorted(frame)


@table
def utterance_groups(
    corpus: Corpus,
    *,
    least: float = 0.5,
    by: str = "doc_id",
    retold: bool = True,
    formula_above: int = 20,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Return the utterances that several texts report, those in most texts first.

    The options are those of :func:`utterances`. Columns: ``utterance_id``, ``n_documents``,
    ``n_statements``, ``sources`` (all names to whom it is ascribed, joined by "; "; NA if none),
    ``has_conflict`` (two reports are one another's opposite), ``doc_id``, ``start``, ``end``,
    ``content`` (its longest report).

    >>> from nbhelpers.corpus import Document
    >>> line = "“Grain reserves will last until the end of winter,” Ann Lee said."
    >>> corpus = Corpus([Document(name, line, name) for name in ("a", "b", "c")])
    >>> utterance_groups(corpus)[["n_documents", "n_statements", "sources"]].values.tolist()
    [[3, 3, 'Ann Lee']]
    """
    found = utterances(
        corpus, least=least, by=by, retold=retold, formula_above=formula_above, model=model
    )
    sides = ["utterance_id", *_SIDE]
    others = found[["utterance_id", *(f"other_{name}" for name in _SIDE)]]
    reports = pd.concat([found[sides], others.set_axis(sides, axis=1)], ignore_index=True)
    reports = reports.drop_duplicates(["utterance_id", "doc_id", "start", "end", "attribution_id"])
    conflicts = set(found.loc[found["verdict"] == "polarity_conflict", "utterance_id"])
    rows = [
        _group_row(number, of_group, number in conflicts)
        for number, of_group in reports.groupby("utterance_id")
    ]
    frame = pd.DataFrame(rows, columns=list(_GROUP_COLUMNS)).astype(_GROUP_COLUMNS)
    order = ["n_documents", "n_statements", "utterance_id"]
    return frame.sort_values(order, ascending=[False, False, True], ignore_index=True)


def _group_row(number: Any, reports: pd.DataFrame, has_conflict: bool) -> tuple[object, ...]:
    longest = reports.iloc[int(reports["content"].str.len().to_numpy().argmax())]
    return (
        number,
        reports["doc_id"].nunique(),
        len(reports),
        "; ".join(sorted(set(reports["source"].dropna()))) or None,
        has_conflict,
        *longest[["doc_id", "start", "end", "content"]],
    )


def _speakers(corpus: Corpus, found: Index, model: str) -> list[Speaker]:
    """The speaker of each statement."""
    known = speakers(corpus, model=model)
    return [known.get(s.attribution_id or "", NOBODY) for s in found.statements]


def _pairs(corpus: Corpus, found: Index, by: str, retold: bool) -> Ints:
    """The pairs of statements that are worth a comparison."""
    number = dict(zip(corpus.doc_ids, document_groups(corpus, by).codes.tolist(), strict=True))
    group = np.array([number[s.doc_id] for s in found.statements], np.int64)
    attributed = np.array([s.attribution_id is not None for s in found.statements], bool)
    pairs = candidates(found, group, attributed)
    pairs = pairs[(group[pairs] >= 0).all(axis=1)]
    if not retold:
        pairs = pairs[attributed[pairs].all(axis=1)]
    return pairs[overlaps(found, pairs)[0] >= _LEAST_COSINE]


def _best_of_place(found: Index, pairs: Ints, similar: Floats, kept: Ints) -> list[int]:
    """Of pairs between two texts that lie over each other on both sides, the likest.

    A content within another's, and the sentence around both, would else be pairs of their own.
    """
    order = sorted(kept.tolist(), key=lambda i: (-similar[i], *pairs[i].tolist()))
    taken: dict[tuple[str, str], list[tuple[Statement, Statement]]] = defaultdict(list)
    best = []
    for i in order:
        one, two = (found.statements[n] for n in pairs[i].tolist())
        here = taken[one.doc_id, two.doc_id]
        if not any(_overlap(one, a) and _overlap(two, b) for a, b in here):
            here.append((one, two))
            best.append(i)
    return sorted(best)


def _overlap(one: Statement, two: Statement) -> bool:
    if one.sentence != two.sentence:
        return False
    words = {word.start for word in one.words}, {word.start for word in two.words}
    return len(words[0] & words[1]) >= _OVERLAPPING * min(map(len, words))


def _verdicts(
    found: Index,
    pairs: Ints,
    likeness: Floats,
    similar: Floats,
    agreed: Sequence[str],
    acts: Mapping[str, str],
) -> list[tuple[str, Conflict | None]]:
    """What each pair is, and where it carries its polarity if that differs."""
    meanings = Meanings(found)
    verdicts: list[tuple[str, Conflict | None]] = []
    for i, (a, b) in enumerate(pairs.tolist()):
        one, two = found.statements[a], found.statements[b]
        opposed = None
        likeness_of = dict(zip(LIKENESSES, likeness[i].tolist(), strict=True))
        is_one = agreed[i] in SAME or (agreed[i] == "unknown" and similar[i] >= _SURE)
        if is_one and likeness_of["meant"] >= _MEANT_IN_CONFLICT:
            opposed = conflict(one, two, meanings, acts)
        sizes = sorted((weight(found, one.distinct), weight(found, two.distinct)))
        verdicts.append((_verdict(likeness_of, sizes, opposed), opposed))
    return verdicts


def _verdict(likeness: dict[str, float], sizes: Sequence[float], opposed: Conflict | None) -> str:
    if opposed:
        return "polarity_conflict"
    if sizes[0] <= _SHORTENED_TO * sizes[1]:
        return "shortened" if likeness["meant"] >= _HELD_BY_FULLER else "reworded"
    return "same" if likeness["wording"] >= _SAME_WORDING else "reworded"


class _Sides:
    """What the table says of one side of a pair."""

    def __init__(
        self, corpus: Corpus, found: Sequence[Statement], speaker: Sequence[Speaker]
    ) -> None:
        self._corpus, self._found, self._speaker = corpus, found, speaker
        self._flawed = _flawed_sentences(corpus)

    def row(self, number: int, polarity: Span | None) -> tuple[object, ...]:
        """The columns of :data:`_SIDE` for a statement."""
        statement, who = self._found[number], self._speaker[number]
        text = self._corpus.text(statement.doc_id)
        return (
            statement.doc_id,
            statement.spans[0][0],
            statement.spans[-1][1],
            statement.attribution_id,
            who.source_id,
            who.name,
            " … ".join(text[start:end] for start, end in statement.spans),
            text[slice(*polarity)] if polarity else None,
            (statement.doc_id, statement.sentence) in self._flawed,
        )


def _flawed_sentences(corpus: Corpus) -> set[tuple[str, Span]]:
    """Sentences with a flaw in them, or that a flaw follows."""
    frame = sentences(corpus)
    flaws: dict[str, list[Span]] = defaultdict(list)
    marked = damage(corpus)
    for doc_id, start, end in zip(marked["doc_id"], marked["start"], marked["end"], strict=True):
        flaws[doc_id].append((start, end))
    found = set()
    rows = zip(*(frame[c].tolist() for c in ("doc_id", "start", "end")), strict=True)
    for doc_id, start, end in rows:
        if any(first <= end + 1 and last > start for first, last in flaws[doc_id]):
            found.add((doc_id, (start, end)))
    return found


def _row(
    found: Sequence[Statement],
    sides: _Sides,
    a: int,
    b: int,
    similar: float,
    speakers: str,
    verdict: tuple[str, Conflict | None],
) -> tuple[object, ...]:
    one, two = found[a], found[b]
    kind, opposed = verdict
    return (
        *sides.row(a, opposed.span if opposed else None),
        *sides.row(b, opposed.other if opposed else None),
        round(float(similar), 4),
        _shared(one.names, two.names),
        _shared(one.numbers, two.numbers),
        speakers,
        kind,
        one.attribution_id is None or two.attribution_id is None,
    )


def _shared(one: dict[str, str], two: dict[str, str]) -> str | None:
    return "; ".join(dict.fromkeys(form for term, form in one.items() if term in two)) or None


def _group_numbers(pairs: Ints, similar: Floats) -> list[int]:
    """The group of each pair; a pair between two groups is one of its own."""
    member = groups([(a, b) for a, b in pairs.tolist()], similar.tolist())
    keys = [(member[a], -1) if member[a] == member[b] else (a, b) for a, b in pairs.tolist()]
    number: dict[tuple[int, int], int] = {}
    return [number.setdefault(key, len(number)) for key in keys]


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    order = ["doc_id", "start", "end", "other_doc_id", "other_start", "other_end"]
    frame = frame.astype(_COLUMNS).sort_values(order, kind="stable", ignore_index=True)
    first = {number: i for i, number in enumerate(dict.fromkeys(frame["utterance_id"]))}
    return frame.assign(utterance_id=frame["utterance_id"].map(first).astype("int64"))
