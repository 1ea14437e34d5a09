"""What a reader page marks: sources, cues and contents at their places, and who is meant."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nbhelpers.attribution import spans
from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.sources import source_mentions
from nbhelpers.stats import UNSURE_BELOW
from nbhelpers.voices.selection import MIN_CONFIDENCE, statements

COLUMNS = {
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    **dict.fromkeys(["kind", "label", "note", "mark_id", "via", "text"], "str"),
}


@table
def layers(
    corpus: Corpus, *, min_confidence: float = MIN_CONFIDENCE, model: str = DEFAULT
) -> pd.DataFrame:
    """Return the stretches that a reader page marks, with a note on each attribution.

    Args:
        corpus: the texts.
        min_confidence: attributions with less are not marked.
        model: as for :func:`nbhelpers.attribution.attributions`.

    Columns: doc_id, start, end, kind (source, cue, content), label (the source's name), note (on
    the last stretch of a content: what the source is, how it is named here, kind, cue class,
    confidence; else NA), mark_id (the attribution), via (the one that carries it), text (of the
    whole content). Sorted by text and place.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee said.", "a.txt")])
    >>> layers(corpus)[["start", "end", "kind", "label"]].values.tolist()
    [[0, 13, 'content', 'Ann Lee'], [14, 21, 'source', 'Ann Lee'], [22, 26, 'cue', 'Ann Lee']]
    """
    found = statements(corpus, min_confidence=min_confidence, content_only=False, model=model)
    mentions = source_mentions(corpus, model=model).set_index("attribution_id")
    found = found.join(mentions[["basis", "reason"]], on="attribution_id")
    notes = pd.DataFrame(
        {
            "mark_id": found["attribution_id"],
            "label": found["name"].fillna("Nobody named"),
            "about": [_note(row) for row in found.to_dict("records")],
            "via": found["reported_via"],
            "text": found["content"],
        }
    )
    rows = spans(corpus, model=model).rename(columns={"attribution_id": "mark_id", "role": "kind"})
    rows = rows.merge(notes, on="mark_id")
    last = rows[rows["kind"] == "content"].groupby("mark_id")["start"].idxmax()
    rows["note"] = rows["about"].where(rows.index.isin(last))
    rows = rows.sort_values(["doc_id", "start", "end"], kind="stable", ignore_index=True)
    return rows[[*COLUMNS]].astype(COLUMNS)


def _note(row: dict[Any, Any]) -> str:
    """What is known of an attribution, in a few words."""
    known: dict[str, Any] = {name: None if pd.isna(value) else value for name, value in row.items()}
    who = [known["type"], known["country"]]
    if known["affiliation"] and known["affiliation"] not in known["name"]:
        who.insert(1, known["affiliation"])
    if known["anonymous"]:
        who.insert(0, "anonymous")
    cue = f"“{known['cue']}” ({known['cue_class']})" if known["cue"] else "no cue"
    named = f"named here “{known['source']}” ({known['basis']})" if known["source"] else ""
    sure = "" if row["confidence"] >= UNSURE_BELOW else " (unsure)"
    sentences = [
        ", ".join(word.replace("_", " ") for word in who if word),
        f"{known['kind']}, {cue}",
        f"through {known['carrier']}" if known["carrier"] else "",
        f"{named}: {known['reason']}" if named and known["reason"] else named,
        f"confidence {row['confidence']:.2f}{sure}",
    ]
    return " ".join(_sentence(words) for words in sentences if words)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].rstrip('.')}."
