"""How a reporter words the report: *claimed*, *admitted* and *whined* against *said*."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import pairwise
from typing import Literal, Unpack, get_args

import numpy as np
import pandas as pd

from nbhelpers.attribution import spans
from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.stats import shares
from nbhelpers.voices.attitudes import ATTITUDES, NEUTRAL, REACH, Judgement, Window, judge
from nbhelpers.voices.selection import (
    AUTHOR,
    MIN_CONFIDENCE,
    Selection,
    statements,
    word_owners,
)
from nbhelpers.words import positions, sentence_numbers, words

OTHER = "other"
Whose = Literal["author", "others", "all"]

_COLUMNS = {
    "doc_id": "str",
    **dict.fromkeys(["start", "end"], "int64"),
    **dict.fromkeys(["group", "source_id", "name", "type", "cue", "attitude", "status"], "str"),
    **dict.fromkeys(["whose", "reporter", "kind"], "str"),
    "confidence": "float64",
    **dict.fromkeys(["sentence", "attribution_id"], "str"),
}
_FIRST_PERSON = frozenset("i we my our".split())


@table
def reporting(
    corpus: Corpus,
    *,
    attitudes: Collection[str] | None = None,
    whose: Whose = "all",
    **options: Unpack[Selection],
) -> pd.DataFrame:
    """List the reports whose wording carries an attitude of the reporter.

    The attitudes: ``endorses`` (presents the content as true: *revealed*, *pointed out*),
    ``distances`` (leaves it to the source, with doubt: *claimed*, *insisted*), ``rejects``
    (presents it as false: *lied*, *falsely claimed*), ``concedes`` (presents it as bad for the
    source: *admitted*), ``disparages`` (belittles how it was said: *whined*, *boasted*),
    ``dramatises`` (makes a fight of it: *blasted*, *fumed*), and ``neutral`` (*said*; not listed
    unless asked for). These are the factive, non-factive and counter-factive reports of Thompson
    and Ye (1991, Applied Linguistics 12(4)), whom Martin and White (2005, "The Language of
    Evaluation", 3.8) call endorsing and distancing; ``data/README.md`` has the literature and the
    rule by which a word is on the list. It is a property of the word, not of the case: some claims
    are false, some admissions damaging, and house style may prefer a word.

    Reports of oneself ("I admit") are left out. What is negated keeps its attitude where the word
    presupposes it ("refused to admit", "failed to note": Kiparsky and Kiparsky 1970, "Fact"), else
    it is not listed ("never claimed").

    Args:
        corpus: the texts.
        attitudes: those to list; None for all but ``neutral``.
        whose: whose wording it is: the ``author``'s, ``others``' or ``all``.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: doc_id, start, end (the words that carry the attitude), group, source_id, name, type
    (of the source whose words are reported), cue (these words), attitude, status (asserted,
    negated, or hypothetical: "would claim", "wants to prove"), whose (``author``, or ``others``
    where the cue lies in the words of another source: the innermost counts), reporter (the name of
    that source; NA for the author, or where nobody is named), kind, confidence (of the
    attribution), sentence, attribution_id. Sorted by text and place. Raises InputError for an
    unknown attitude, ``whose`` or ``by``.

    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee admitted that it was over. Bo Day falsely claimed that it was not."
    >>> reporting(Corpus([Document("a", text, "a.txt")]))[["name", "cue", "attitude"]]
          name              cue  attitude
    0  Ann Lee         admitted  concedes
    1   Bo Day  falsely claimed   rejects
    """
    known = (*ATTITUDES, NEUTRAL)
    if unknown := set(attitudes or ()) - set(known):
        message = f"There is no attitude {min(unknown)!r}; choose from: {', '.join(known)}."
        raise InputError(message)
    found = _worded(corpus, whose, options)
    found = found[found["attitude"].isin(ATTITUDES if attitudes is None else attitudes)]
    order = ["doc_id", "start", "end", "attribution_id"]
    return found.sort_values(order, ignore_index=True)[[*_COLUMNS]].astype(_COLUMNS)


@table
def reporting_by(
    corpus: Corpus, *, whose: Whose = "author", **options: Unpack[Selection]
) -> pd.DataFrame:
    """Return which share of each group's reports is worded with which attitude.

    Only asserted reports count for an attitude; ``other`` are all that carry none that is known:
    cues that the lexicon leaves out, negated and hypothetical ones, and reports without a cue.

    Args:
        corpus: the texts.
        whose: as for :func:`reporting`.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: group, attitude (each that any group uses, for every group), count, n (all reports of
    the group), documents, share, share_low, share_high, small (see :func:`nbhelpers.stats.shares`).
    Sorted by group; the attitudes by their count in all.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee admitted.", "a.txt")])
    >>> reporting_by(corpus).query("count > 0")[["group", "attitude", "count", "n", "small"]]
      group  attitude  count  n  small
    0     a  concedes      1  1   True
    """
    return _shares(_worded(corpus, whose, options), "group")


@table
def reporting_by_source(
    corpus: Corpus, *, least: int = 5, whose: Whose = "author", **options: Unpack[Selection]
) -> pd.DataFrame:
    """Return with which attitudes each named source is reported: who *claims*, and who *confirms*.

    Sources speak on different matters, and some of what they say is better founded: a difference is
    a reason to read the rows of :func:`reporting`, not yet a finding.

    Args:
        corpus: the texts.
        least: sources with fewer reports in all are left out.
        whose: as for :func:`reporting`.
        options: see :class:`nbhelpers.voices.Selection`; all groups are taken together.

    Columns: source_id, name, type, and as in :func:`reporting_by` from ``attitude`` on. Those with
    most reports first.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee admitted.", "a.txt")])
    >>> reporting_by_source(corpus, least=1).query("count > 0")[["name", "attitude", "count"]]
          name  attitude  count
    0  Ann Lee  concedes      1
    """
    found = _worded(corpus, whose, options)
    found = found[found["named"] & found["type"].ne(AUTHOR)]
    often = found["source_id"].map(found["source_id"].value_counts()) >= least
    frame = _shares(found[often], "source_id")
    who = found.drop_duplicates("source_id").set_index("source_id")
    for place, column in enumerate(["name", "type"], start=1):
        frame.insert(place, column, frame["source_id"].map(who[column]))
    order = frame["n"].sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _shares(found: pd.DataFrame, by: str) -> pd.DataFrame:
    """The share of each attitude in each group; only what is asserted counts for one."""
    counted = found["attitude"].where(found["status"] == "asserted").fillna(OTHER)
    return shares(found.assign(attitude=counted), of="attitude", by=by)


def _worded(corpus: Corpus, whose: Whose, options: Selection) -> pd.DataFrame:
    """The statements of :func:`_judged` that are worded by the author, by others, or by all."""
    if whose not in get_args(Whose):
        known = ", ".join(get_args(Whose))
        raise InputError(f"Nobody's wording is {whose!r}; choose whose from: {known}.")
    found = _judged(corpus, **options)
    return found if whose == "all" else found[found["whose"] == whose]


@table
def _judged(corpus: Corpus, **options: Unpack[Selection]) -> pd.DataFrame:
    """All statements but those of oneself, with what the words of their cues say.

    Where two share these words (a medium, and who spoke to it) the report is that of the inner.
    """
    found = _with_reporters(corpus, options)
    tokens = words(corpus)
    begins, ends = (tokens[name].to_numpy(np.int64) for name in ("start", "end"))
    judged = _judgements(corpus, found, options.get("model", DEFAULT))
    for column in ("attitude", "status"):
        found[column] = [getattr(each, column) if each else None for each in judged]
    has = np.array([each is not None for each in judged], bool)
    found.loc[has, "start"] = begins[[each.first for each in judged if each]]
    found.loc[has, "end"] = ends[[each.past - 1 for each in judged if each]]
    found = found.sort_values("depth", ascending=False, kind="stable")
    is_second = found.duplicated(["doc_id", "start", "end"]) & found["attitude"].notna()
    found = found[~is_second].sort_index().reset_index(drop=True)
    places = zip(found["doc_id"], found["start"], found["end"], strict=True)
    found["cue"] = [corpus.text(doc_id)[start:end] for doc_id, start, end in places]
    found["sentence"] = sentences(corpus)["text"].to_numpy()[sentence_numbers(corpus, found)]
    return found


def _with_reporters(corpus: Corpus, options: Selection) -> pd.DataFrame:
    """The statements, and in whose words each is reported; those of oneself left out."""
    found = statements(corpus, **options)
    cues = _stretches(corpus, "cue", options.get("model", DEFAULT))
    first = cues.groupby("attribution_id")["first"].first()
    cue = found["attribution_id"].map(first)
    holder = _holders(corpus, cue, options)
    is_carried = found["carrier_id"].notna() & cue.ne(found["reported_via"].map(first))
    for column, carrier in (("source_id", "carrier_id"), ("name", "carrier")):
        holder[column] = holder[column].fillna(found[carrier].where(is_carried))
    is_held = holder["is_held"] | is_carried
    found["whose"] = np.where(is_held, "others", AUTHOR)
    found["reporter"] = holder["name"].where(is_held)
    speaker = found["source"].str.extract(r"^(\S+)", expand=False).str.lower()
    is_own = is_held & found["source_id"].eq(holder["source_id"])
    is_own |= found["type"].eq(AUTHOR) | speaker.isin(_FIRST_PERSON)
    return found[~is_own].reset_index(drop=True)


def _holders(corpus: Corpus, cue: pd.Series[float], options: Selection) -> pd.DataFrame:
    """In whose content the first word of each cue lies, and whether it is somebody else's."""
    by, least = options.get("by", "doc_id"), options.get("min_confidence", MIN_CONFIDENCE)
    model = options.get("model", DEFAULT)
    every = statements(corpus, by=by, min_confidence=least, content_only=False, model=model)
    owners = pd.Series(word_owners(corpus, every, model=model))
    owner = owners.reindex(cue).fillna(-1).to_numpy("int64")
    holder = every[["source_id", "name", "type"]].reindex(owner).reset_index(drop=True)
    return holder.assign(is_held=(owner >= 0) & holder["type"].ne(AUTHOR))


def _judgements(corpus: Corpus, found: pd.DataFrame, model: str) -> list[Judgement | None]:
    """What the cue of each statement says; its words by their number in the corpus."""
    cues, contents = (_numbers(corpus, role, model) for role in ("cue", "content"))
    reader = _Reader(corpus)
    judged: list[Judgement | None] = []
    for doc_id, name in zip(found["doc_id"], found["attribution_id"], strict=True):
        near = reader.around(cues.get(name, set()))
        window = reader.window(corpus.text(doc_id), near, cues.get(name, set()), contents[name])
        each = judge(window)
        judged.append(each and each._replace(first=near[each.first], past=near[each.past - 1] + 1))
    return judged


class _Reader:
    """The words of a corpus by their numbers."""

    def __init__(self, corpus: Corpus) -> None:
        tokens = words(corpus)
        self._form = tokens["word"].to_numpy()
        self._start = tokens["start"].to_numpy(np.int64)
        self._end = tokens["end"].to_numpy(np.int64)
        self._sentence = sentence_numbers(corpus, tokens)

    def around(self, cue: set[int]) -> list[int]:
        """The words of a cue and those near it in its sentences."""
        if not cue:
            return []
        low, high = min(cue), max(cue)
        near = range(max(0, low - REACH), min(len(self._form), high + REACH + 1))
        first, last = self._sentence[low], self._sentence[high]
        return [number for number in near if first <= self._sentence[number] <= last]

    def window(self, text: str, near: list[int], cue: set[int], content: set[int]) -> Window:
        gaps = [text[self._end[before] : self._start[word]] for before, word in pairwise(near)]
        return Window(
            [self._form[number] for number in near],
            [number in cue for number in near],
            [number in content for number in near],
            [False, *(gap.isspace() for gap in gaps)],
        )


def _numbers(corpus: Corpus, role: str, model: str) -> defaultdict[str, set[int]]:
    """The words that have a role in each attribution, by their numbers."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    rows = _stretches(corpus, role, model)
    for name, first, past in zip(rows["attribution_id"], rows["first"], rows["past"], strict=True):
        found[name].update(range(first, past))
    return found


def _stretches(corpus: Corpus, role: str, model: str) -> pd.DataFrame:
    """The spans of a role, from the number of their first word to that behind their last."""
    rows = spans(corpus, model=model)
    rows = rows[rows["role"] == role]
    place = positions(corpus, words(corpus))
    first = np.searchsorted(place, positions(corpus, rows))
    past = np.searchsorted(place, positions(corpus, rows.assign(start=rows["end"])))
    rows = rows.assign(first=first, past=past)
    return rows[rows["first"] < rows["past"]]
