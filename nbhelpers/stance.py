"""Stance: does a sentence speak for or against whom it mentions?

The classifier never learns who is meant: the mention is hidden before anything is looked at, as is
every other name. Exchange one name for another, and label and probabilities stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.target_sentiment.labels import LABELS
from nbhelpers.target_sentiment.masking import context
from nbhelpers.target_sentiment.models import load_model
from nbhelpers.targets import TOP, Targets, target_mentions
from nbhelpers.text import Span
from nbhelpers.voices.pieces import Pieces, crossed_out, own_words, pieces
from nbhelpers.voices.selection import MIN_CONFIDENCE
from nbhelpers.words import positions

__all__ = ["classify", "mentions_read", "stances"]


def classify(
    texts: Sequence[str],
    spans: Sequence[Span],
    *,
    model: str = DEFAULT,
    also: Sequence[Sequence[Span]] | None = None,
) -> pd.DataFrame:
    """Return the stance of each sentence toward the mention that is marked in it.

    Args:
        texts: sentences. Of a longer text, 120 words on either side of the mention are read.
        spans: ``(start, end)`` of the mention in each text, in code points, end exclusive. What it
            says does not matter. Where the same name stands again, it is hidden too.
        model: ``accurate`` (the default where onnxruntime is installed) or ``fast``, for
            millions of articles; ``models/stance_accurate.md`` and ``models/stance_fast.md`` say
            what they rest on.
        also: for each text the spans of further mentions of the same target that do not bear its
            name (*the president*), to be hidden as well.

    Columns, a row a text in the given order: ``label`` (against, neutral or favour: the most
    probable), ``p_against``, ``p_neutral``, ``p_favour`` (they add up to 1), ``model``.

    Raises:
        InputError: a span marks nothing, or lies outside of its text; the numbers of texts and
            spans differ; there is no such model, or its package is not installed.

    >>> texts = ["Lee lied to voters and betrayed his friends.", "Lee arrived on Monday."]
    >>> classify(texts, [(0, 3), (0, 3)], model="fast")[["label", "model"]]
         label model
    0  against  fast
    1  neutral  fast
    """
    others = [()] * len(texts) if also is None else also
    _check_number(texts, spans, "spans")
    _check_number(texts, others, "also")
    classifier = load_model(model)
    contexts = []
    for row, (text, span, further) in enumerate(zip(texts, spans, others, strict=True)):
        _check_spans(row, text, [span, *further])
        contexts.append(context(text, span, further))
    found = classifier.probabilities(contexts)
    labels = [LABELS[k] for k in found.argmax(axis=1)]
    columns = {f"p_{label}": found[:, k] for k, label in enumerate(LABELS)}
    return pd.DataFrame({"label": pd.Series(labels, dtype="str"), **columns, "model": model})


def _check_number(texts: Sequence[str], others: Sequence[object], name: str) -> None:
    if len(texts) != len(others):
        raise InputError(
            f"There are {len(texts)} texts and {len(others)} {name}; each text needs one."
        )


def _check_spans(row: int, text: str, spans: Iterable[Span]) -> None:
    for span in spans:
        if not _marks_something(text, span):
            raise InputError(
                f"Text {row} (counted from 0) has {len(text)} characters, and {span!r} marks none "
                "of its words; give (start, end), counted from 0, end exclusive."
            )


def _marks_something(text: str, span: Span) -> bool:
    try:
        start, end = span
    except (TypeError, ValueError):
        return False
    if not (isinstance(start, Integral) and isinstance(end, Integral)):
        return False
    return 0 <= start < end <= len(text) and not text[start:end].isspace()


@table
def stances(
    corpus: Corpus,
    *,
    targets: Targets | None = None,
    top: int = TOP,
    model: str = DEFAULT,
    min_confidence: float = MIN_CONFIDENCE,
    content_only: bool = True,
) -> pd.DataFrame:
    """List how each voice speaks of each target, sentence by sentence.

    The classifier reads the voice's own words alone: of what a source says the source's, and of the
    rest the author's, without the words that report ("he whined").
    A sentence in which one voice mentions a target several times has one row for it, at the first
    of these mentions; all of them are hidden from the classifier.

    Args:
        corpus: the texts.
        targets: names with their aliases, or None: see :func:`nbhelpers.targets.targets`.
        top: how many targets, where none are given.
        model: of the voices and of the classifier, as for :func:`classify`.
        min_confidence: attributions that are less sure lend nobody a voice; the words are the
            author's then.
        content_only: leave page furniture out.

    Columns: ``doc_id``, ``sentence_id``, ``voice`` (``author``, or the ``source_id`` of whom the
    words belong to, the innermost where one carries another; NA where nobody is named), ``target``,
    ``start``, ``end`` (the mention), ``label``, ``p_against``, ``p_neutral``, ``p_favour``,
    ``model``. Sorted by text and place.

    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee lied to voters. “Lee is a great mayor,” Bob Hay said."
    >>> corpus = Corpus([Document("a", text, "a.txt")])
    >>> found = stances(corpus, targets={"Lee": ["Ann Lee"]})
    >>> found[["voice", "target", "label"]].values.tolist()
    [['author', 'Lee', 'against'], ['bob hay', 'Lee', 'favour']]
    """
    read = mentions_read(
        corpus,
        targets=targets,
        top=top,
        model=model,
        min_confidence=min_confidence,
        content_only=content_only,
    )
    spans, also = [of[0] for of in read["places"]], [of[1:] for of in read["places"]]
    found = classify(read["words"].tolist(), spans, model=model, also=also)
    return pd.concat([read.drop(columns=["words", "places"]), found], axis=1)


@table
def mentions_read(
    corpus: Corpus,
    *,
    targets: Targets | None = None,
    top: int = TOP,
    model: str = DEFAULT,
    min_confidence: float = MIN_CONFIDENCE,
    content_only: bool = True,
) -> pd.DataFrame:
    """List what :func:`stances` gives to the classifier.

    Columns: ``doc_id``, ``sentence_id``, ``voice``, ``target``, ``start``, ``end`` (the mention),
    ``words`` (the voice's own words of the sentence, all else crossed out), ``places`` (of the
    target's mentions in them). Sorted by text and place. Arguments as for :func:`stances`.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Bob Hay claimed that Ann Lee lied.", "a.txt")])
    >>> found = mentions_read(corpus, targets={"Lee": ["Ann Lee"]})
    >>> found[["voice", "words", "places"]].values.tolist()
    [['bob hay', 'that Ann Lee lied.', [(5, 12)]]]
    """
    mentions = target_mentions(
        corpus, targets=targets, top=top, model=model, content_only=content_only
    )
    parts = pieces(corpus, model=model, min_confidence=min_confidence, content_only=content_only)
    rows = _of_rows(corpus, mentions, parts)
    first = rows.drop_duplicates(["row", "target"]).reset_index(drop=True)
    rows["place"] = list(zip(rows["start"], rows["end"], strict=True))
    places = rows.groupby(["row", "target"], sort=False)["place"].agg(list)
    read = [
        _read(corpus.text(doc_id), parts, row, of_row)
        for doc_id, row, of_row in zip(first["doc_id"], first["row"], places, strict=True)
    ]
    frame = first[["doc_id", "sentence_id", "voice", "target", "start", "end"]].assign(
        words=pd.Series([words for words, _ in read], dtype="str"),
        places=pd.Series([of_row for _, of_row in read], dtype="object"),
    )
    return frame.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def _of_rows(corpus: Corpus, mentions: pd.DataFrame, parts: Pieces) -> pd.DataFrame:
    """The mentions with the number and the voice of the row that each stands in."""
    place = np.searchsorted(positions(corpus, parts.tokens), positions(corpus, mentions))
    rows = mentions.assign(row=parts.row[place])
    rows = rows[rows["row"] >= 0]
    return rows.assign(voice=parts.rows["voice"].to_numpy()[rows["row"]]).astype({"voice": "str"})


def _read(text: str, parts: Pieces, row: int, mentions: Sequence[Span]) -> tuple[str, list[Span]]:
    """What a voice says in a sentence, without the words by which it reports; and the mentions."""
    stretches = parts.stretches[row]
    begin = stretches[0][0]
    own = own_words(text, stretches)
    places = [(start - begin, min(end - begin, len(own))) for start, end in mentions]
    cues = [(start - begin, end - begin) for start, end in parts.cues[row]]
    hidden = [cue for cue in cues if not any(a < cue[1] and cue[0] < b for a, b in places)]
    return crossed_out(own, hidden, " "), places
