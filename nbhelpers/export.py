"""The tables of a corpus as files that a spreadsheet or another program opens."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable
from pathlib import Path
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

# What a spreadsheet takes for the beginning of a formula, also in full width and other forms, and
# what it, or who cleans a table for it, may drop before that: blanks, unseen characters, marks.
_FORMULA = "=+@＝＋－＠﹢﹣﹦﹫−⁺⁻⁼₊₋₌⩵⩶﬩\\-"
_DROPPED = (
    " \x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u3000\ufeff\"'`´‘’‚‛“”„‟«»‹›＂＇"
)
_RISKY = re.compile(
    rf"\A(?=['\t\r\n]|[\t\r\n{_DROPPED}]*[{_FORMULA}])"
    rf"|(?<=[;\t\r\n])(?='|[{_DROPPED}]*[{_FORMULA}])"
)
_PUT_IN = re.compile(r"(?:\A|(?<=[;\t\r\n]))'")


def to_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV (RFC 4180) that no spreadsheet takes for formulas; NA is an empty cell.

    Numbers stay as they are. In text, and in the names of columns, an apostrophe goes in front of
    what would begin a formula: ``=``, ``+``, ``-``, ``@`` (in other forms too, and behind blanks,
    quotation marks or unseen characters), a tab, a new line; and in front of an apostrophe, so that
    it can be told which were put in. What follows a semicolon, a tab or a new line inside of a cell
    is treated like its beginning: where the comma is the decimal mark, spreadsheets open a file in
    these pieces. :func:`read_csv` takes the apostrophes out again.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["=1+1", "one; -2", "'tis"], "n": [-1, 2, 3]})
    >>> print(to_csv(frame), end="")
    text,n
    '=1+1,-1
    one;' -2,2
    ''tis,3
    """
    defused = frame.rename(columns=_defuse).map(_defuse)
    return defused.to_csv(index=False, lineterminator="\r\n")


def read_csv(path: str | Path) -> pd.DataFrame:
    """Read a table of a report with its texts as they were; all columns come as text.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "table.csv"
    ...     frame = pd.DataFrame({"text": ["=1+1", "'tis", None], "n": [-1, 2, 3]})
    ...     _ = path.write_bytes(to_csv(frame).encode())
    ...     read_csv(path).astype({"n": int}).values.tolist()
    [['=1+1', -1], ["'tis", 2], [nan, 3]]
    """
    with Path(path).open(encoding="utf-8", newline="") as lines:
        csv.field_size_limit(max(csv.field_size_limit(), sys.maxsize))
        header, *rows = csv.reader(lines)
    restored = [[_PUT_IN.sub("", cell) if cell else pd.NA for cell in row] for row in rows]
    names = [_PUT_IN.sub("", name) for name in header]
    return pd.DataFrame(restored, columns=names, dtype="str")


def _defuse(value: object) -> object:
    return _RISKY.sub("'", value) if isinstance(value, str) else value
