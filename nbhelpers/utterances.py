"""Which statements of different texts report one utterance, and whether one reverses it.

Outlets shorten, reword and translate what somebody said. Each attributed sentence is held
against the sentences of the other texts that share its most telling words; a logistic regression
over six likenesses, learned from pairs read by hand (``models/retelling.md``), says how probable it
is that both report one utterance. It is a likeness of words: that somebody said the same thing
twice, on two days, it cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.retelling.index import Index
from nbhelpers.retelling.likeness import LIKENESSES, Meanings, likenesses
from nbhelpers.retelling.polarity import conflict
from nbhelpers.retelling.portions import Portion, portion
from nbhelpers.retelling.reports import Reports, reports
from nbhelpers.retelling.speakers import SAME, agreement
from nbhelpers.retelling.statements import Statement
from nbhelpers.scratch import Scratch
from nbhelpers.text import Span

__all__ = ["utterance_groups", "utterances", "utterances_in", "utterances_of"]

_SAME_WORDING = 0.9
_SHORTENED_TO = 0.67  # of the fuller statement's weight, at most
_HELD_BY_FULLER = 0.75  # of the shortened statement's weight, at least
_SURE = 0.7  # probability from which on unnamed speakers may contradict one another
_MEANT_IN_CONFLICT = 0.65  # what is left over might explain why one denies and the other does not
_ROWS_AT_ONCE = 20_000

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
    frames = utterances_of(
        [corpus], least=least, by=by, retold=retold, formula_above=formula_above, model=model
    )
    return pd.concat(frames, ignore_index=True)


def utterances_of(
    parts: Iterable[Corpus],
    *,
    scratch: Path | None = None,
    least: float = 0.5,
    by: str = "doc_id",
    retold: bool = True,
    formula_above: int = 20,
    model: str = DEFAULT,
) -> Iterator[pd.DataFrame]:
    """Yield the utterances of a corpus that comes part by part and may be larger than memory.

    Arguments:
        parts: the corpus in parts of some hundred documents, in any order; each is read once, and
            a document is in one of them. Where ``by`` is given, each has a value of it.
        scratch: a folder for what does not go into memory: some thousand bytes a sentence in files
            that vanish with the process. Without one all is kept in memory.

    The other options, the rows and their order are those of :func:`utterances`, if what depends on
    the whole corpus (names, lines of page furniture) is the same in the parts, as in the parts of
    an annotated folder. The last frame may be empty. In memory are some hundred bytes for each
    sentence and for each pair that is found.

    >>> from nbhelpers.corpus import Document
    >>> line = "“Grain reserves will last until the end of winter,” Ann Lee said."
    >>> parts = (Corpus([Document(name, line, name)]) for name in "ba")
    >>> pd.concat(utterances_of(parts))[["doc_id", "start", "end", "other_doc_id"]].values.tolist()
    [['a', 0, 51, 'b']]
    """
    portions = (portion(part, by=by, model=model) for part in parts)
    return utterances_in(
        portions, scratch=scratch, least=least, retold=retold, formula_above=formula_above
    )


def utterances_in(
    portions: Iterable[Portion],
    *,
    scratch: Path | None = None,
    least: float = 0.5,
    retold: bool = True,
    formula_above: int = 20,
) -> Iterator[pd.DataFrame]:
    """Yield the utterances of a corpus whose parts have been gone through already.

    As :func:`utterances_of` does, from what :func:`nbhelpers.retelling.portions.portion` returns.

    >>> from nbhelpers.corpus import Document
    >>> line = "“Grain reserves will last until the end of winter,” Ann Lee said."
    >>> parts = (Corpus([Document(name, line, name)]) for name in "ba")
    >>> portions = [portion(part, by="doc_id", model="fast") for part in parts]
    >>> pd.concat(utterances_in(portions))[["doc_id", "start", "other_doc_id"]].values.tolist()
    [['a', 0, 'b']]
    """
    if not 0 < least <= 1:
        raise InputError(f"least lies between 0 and 1, not at {least}; 0.5 is a good value.")
    index = Index(Scratch(scratch), formula_above=formula_above)
    for part in portions:
        index.add(part)
    return _frames(index, reports(index, least=least, retold=retold))


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


def _frames(index: Index, found: Reports) -> Iterator[pd.DataFrame]:
    meanings = Meanings(index)
    for top in range(0, max(1, len(found.pairs)), _ROWS_AT_ONCE):
        pairs, similar, number = found.stretch(top, top + _ROWS_AT_ONCE)
        known = (pairs.tolist(), likenesses(index, pairs).tolist(), similar.tolist())
        rows = [
            (number, *_row(index, meanings, pair, likeness, similar))
            for number, pair, likeness, similar in zip(number.tolist(), *known, strict=True)
        ]
        yield pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _row(
    index: Index,
    meanings: Meanings,
    pair: Sequence[int],
    likeness: Sequence[float],
    similar: float,
) -> tuple[object, ...]:
    """The columns of the table for a pair, without its number."""
    one, two = (index[number] for number in pair)
    agreed = agreement(one.speaker, two.speaker)
    likeness_of = dict(zip(LIKENESSES, likeness, strict=True))
    is_one = agreed in SAME or (agreed == "unknown" and similar >= _SURE)
    is_one &= likeness_of["meant"] >= _MEANT_IN_CONFLICT
    has_other_words = index.same_words[pair[0]] != index.same_words[pair[1]]
    opposed = conflict(one, two, meanings) if is_one and has_other_words else None
    return (
        *_side(one, opposed.span if opposed else None),
        *_side(two, opposed.other if opposed else None),
        round(similar, 4),
        _shared(one.names, two.names),
        _shared(one.numbers, two.numbers),
        agreed,
        "polarity_conflict" if opposed else _verdict(likeness_of, sorted(index.total[pair])),
        one.attribution_id is None or two.attribution_id is None,
    )


def _side(statement: Statement, polarity: Span | None) -> tuple[object, ...]:
    """The columns of :data:`_SIDE`."""
    return (
        statement.doc_id,
        statement.spans[0][0],
        statement.spans[-1][1],
        statement.attribution_id,
        statement.speaker.source_id,
        statement.speaker.name,
        statement.content,
        statement.text(polarity) if polarity else None,
        statement.is_damaged,
    )


def _verdict(likeness: Mapping[str, float], sizes: Sequence[float]) -> str:
    if sizes[0] <= _SHORTENED_TO * sizes[1]:
        return "shortened" if likeness["meant"] >= _HELD_BY_FULLER else "reworded"
    return "same" if likeness["wording"] >= _SAME_WORDING else "reworded"


def _shared(one: dict[str, str], two: dict[str, str]) -> str | None:
    return "; ".join(dict.fromkeys(form for term, form in one.items() if term in two)) or None
