"""The tables of a corpus as files that a spreadsheet or another program opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from nbhelpers.attribution import attributions, spans
from nbhelpers.claims import claims
from nbhelpers.cleaning import damage, segments, sentences
from nbhelpers.corpus import Corpus
from nbhelpers.corroboration import (
    claim_groups,
    joins,
    provenance,
    timeline,
    unresolved,
    verdicts,
)
from nbhelpers.dates import date_expressions, events
from nbhelpers.overview.documents import documents
from nbhelpers.reuse import passages
from nbhelpers.sources import source_evidence, source_mentions, sources
from nbhelpers.stance import stances
from nbhelpers.tone import tone
from nbhelpers.utterances import utterances
from nbhelpers.voices.reporting import reporting


class Table(NamedTuple):
    """A table that every report holds: how it is made, and what it holds in a reader's words."""

    compute: Callable[..., pd.DataFrame]
    description: str

    @property
    def by_model(self) -> bool:
        """Whether it rests on a model, which ``compute`` takes as an option."""
        return self.compute not in _WITHOUT_MODEL

    def of(self, corpus: Corpus, *, model: str) -> pd.DataFrame:
        """Return the table of a corpus."""
        return self.compute(corpus, model=model) if self.by_model else self.compute(corpus)


_WITHOUT_MODEL = (documents, segments, damage, sentences, passages, date_expressions)


TABLES = {
    "documents": Table(documents, "the texts: title, outlet, date, language, size"),
    "segments": Table(segments, "every stretch of every text and its kind: story or furniture"),
    "damage": Table(damage, "the flaws of the texts, with their places"),
    "sentences": Table(sentences, "the sentences, and whether they belong to the story"),
    "passages": Table(passages, "passages that two texts share, with both places"),
    "attributions": Table(attributions, "who is said to have said what, through whom, how surely"),
    "spans": Table(spans, "the places of each attribution's source, cue and content"),
    "sources": Table(sources, "the sources: names, type, affiliation, country, anonymity"),
    "source_mentions": Table(source_mentions, "whom each mention of a source means, and why"),
    "source_evidence": Table(source_evidence, "the words by which a source's type ... is known"),
    "claims": Table(claims, "the numbers stated: what they count, who claims them, as of when"),
    "date_expressions": Table(date_expressions, "the dates in the texts, and how each is known"),
    "events": Table(events, "what is said to have happened when, and when it was said"),
    "claim_groups": Table(claim_groups, "the claims that can be compared, by what they count"),
    "verdicts": Table(verdicts, "how claims stand to each other: agreement, update, conflict; why"),
    "provenance": Table(provenance, "how many independent sources stand behind each group"),
    "joins": Table(joins, "which claims were traced to one source, and by what evidence"),
    "utterances": Table(utterances, "statements of two texts that report one utterance"),
    "timeline": Table(timeline, "dated statements across texts in order, and what has no place"),
    "unresolved": Table(unresolved, "what the texts leave open about claims and dates, and why"),
    "stances": Table(stances, "how each voice speaks of those most mentioned, by sentence"),
    "reporting": Table(reporting, "reports whose verb takes sides: claimed, admitted, revealed"),
    "tone": Table(tone, "how certain, loaded and pleasant each voice's words are, by sentence"),
}

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def to_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV (RFC 4180) that no spreadsheet takes for formulas; NA is an empty cell.

    A cell of text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a new line, and is no
    number, gets an apostrophe in front, and so does one that begins with an apostrophe: take one
    off each cell that begins with one, and the text is as it was.

    >>> import pandas as pd
    >>> print(to_csv(pd.DataFrame({"text": ["=1+1", "-2.5", "'tis"], "n": [-1, 2, 3]})), end="")
    text,n
    '=1+1,-1
    -2.5,2
    ''tis,3
    """
    defused = frame.rename(columns=_defuse).map(_defuse)
    return defused.to_csv(index=False, lineterminator="\r\n")


def _defuse(value: object) -> object:
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.startswith(("'", *_STARTS_FORMULA)) else value
