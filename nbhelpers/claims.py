"""Claims: which numbers a corpus states, what each counts, and on whose word.

Numbers are found by a grammar (:mod:`nbhelpers.quantities`) in titles, bodies and embedded posts,
not in page furniture. Dates, ages, names with numbers, scores and what else states no quantity are
left out, and where the grammar is in doubt it would rather miss a claim than invent one. Who claims
it comes from the attributions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from nbhelpers.attribution import attributions
from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.dates import events
from nbhelpers.dates.events import EVENT, SAID
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.naming.across import names_by_id
from nbhelpers.quantities.reading import Quantity, quantities
from nbhelpers.text import Span
from nbhelpers.voices.selection import AUTHOR, MIN_CONFIDENCE, is_in, word_owners
from nbhelpers.words import positions, words

__all__ = ["claims"]

_STATED = {
    **dict.fromkeys(["claim_id", "doc_id"], "str"),
    **dict.fromkeys(["start", "end", "number_start", "number_end"], "int64"),
    **dict.fromkeys(["low", "high"], "float64"),
    **dict.fromkeys(["unit", "counted", "head"], "str"),
    **dict.fromkeys(["counted_start", "counted_end"], "Int64"),
    "hedge": "str",
    **dict.fromkeys(["approximate", "is_change"], "bool"),
    **dict.fromkeys(["status", "place"], "str"),
    "sentence_id": "int64",
    "text": "str",
}
_VOICED = {
    **dict.fromkeys(["source_id", "claimant", "attribution_id", "cue_class"], "str"),
    "confidence": "float64",
    **dict.fromkeys(["via", "carrier_id", "carrier"], "str"),
}
_DATED = dict.fromkeys(["claim_date", "claim_date_precision", "claim_date_basis"], "str")
_COLUMNS = {name: kind for name, kind in _STATED.items() if name not in ("sentence_id", "text")}
_COLUMNS |= _VOICED | _DATED | {"sentence_id": "int64", "text": "str"}


_COMPARED = re.compile(r"\b(?:up|down) from (?:(?:an?|its|the) (?:[a-z]+ )?[a-z]+ of )?$")
_PARTED = re.compile(r"[,;:—–“”\"]")
_SIGHT = 60  # characters before a number in which it is compared


@table
def claims(
    corpus: Corpus,
    *,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """List every quantity that the corpus states, with what it counts and on whose word.

    Args:
        corpus: the texts.
        content_only: search titles and body alone, not embedded posts.
        min_confidence: attributions that are less sure lend nobody a voice; the claim is the
            author's then.
        model: as for :func:`nbhelpers.attribution.attributions`.

    Columns:

    - ``claim_id`` (``doc_id:number``), ``doc_id``, ``start``, ``end`` (code points into the raw
      text: the number with its hedge, unit and noun), ``number_start``, ``number_end`` (the number
      alone).
    - ``low``, ``high``: the bounds, equal where one number is stated. *At least* and *more than*
      leave ``high`` NA, *up to* and *less than* leave ``low`` NA; *thousands* is 1,000 to 10,000,
      *several thousand* 2,000 to 10,000.
    - ``unit``: percent, percentage points, share (of 1: *two-thirds*), money, measures, lengths of
      time; ``per day`` and the like at its end for rates; NA where things are counted one by one.
    - ``counted`` (the noun with its modifiers), ``head`` (its noun in lower case),
      ``counted_start``, ``counted_end`` (its place, which may be elsewhere in the sentence); NA
      where the sentence does not tell.
    - ``hedge``: about, nearly, at least, more than, at most, less than, or NA; ``approximate``:
      the bounds are (*some*, *nearly*, *thousands*); ``is_change``: the number is added to or taken
      from another (*another 7,000*, *a 20% increase*).
    - ``status``: what the governing verb says became of it: deployed, training, fighting, prepared,
      expected, delivered, killed, wounded, missing, captured, lost, displaced, paid (the words are
      in ``data/claim_status.tsv``), or NA; ``place``: the place that the sentence names beside it.
    - ``source_id``, ``claimant`` (whose words they are, the innermost voice: a source's id and
      name; both ``author`` where the text itself speaks; NA where nobody is named),
      ``attribution_id``, ``cue_class`` (how the claimant is said to vouch: confirms, estimates,
      ...), ``confidence``; NA where the text itself speaks.
    - ``via`` (the attribution that carries the claimant's), ``carrier_id``, ``carrier`` (its source
      and name), or NA.
    - ``claim_date``, ``claim_date_precision``, ``claim_date_basis`` (as in
      :func:`nbhelpers.dates.events`): the date as of which it is stated (*as of October 23*), else
      on which it was said, else that of what is told beside the number; NA where the sentence gives
      none.
    - ``sentence_id``, ``text`` (from start to end).

    Sorted by text and place.

    >>> from nbhelpers.corpus import Document
    >>> text = "Seoul said that another 7,000 soldiers were sent to Russia."
    >>> found = claims(Corpus([Document("a", text, "a.txt")]))
    >>> found[["low", "counted", "is_change", "status", "place", "claimant"]].values.tolist()
    [[7000.0, 'soldiers', True, 'deployed', 'Russia', 'South Korea']]
    """
    rows = [
        row for document in _sentences(corpus, content_only) for row in _rows(corpus, *document)
    ]
    found = pd.DataFrame(rows, columns=list(_STATED)).astype(_STATED)
    voiced = _voices(corpus, found, min_confidence, model)
    found = found.join(voiced)
    dated = _dates(corpus, found, events(corpus, min_confidence=min_confidence, model=model))
    return found.join(dated)[list(_COLUMNS)]


def _sentences(corpus: Corpus, content_only: bool) -> Iterator[tuple[str, pd.DataFrame]]:
    """The sentences that are searched, by text."""
    spoken = sentences(corpus)
    searched = ("title", "body") if content_only else ("title", "body", "embed")
    spoken["is_title"] = is_in(corpus, spoken, ("title",))
    spoken = spoken[is_in(corpus, spoken, searched)]
    for doc_id, of_text in spoken.groupby("doc_id", sort=True):
        yield str(doc_id), of_text


def _rows(corpus: Corpus, doc_id: str, of_text: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    text, number = corpus.text(doc_id), 0
    columns = ("sentence_id", "start", "end", "is_title")
    for sentence_id, start, end, is_title in zip(*(of_text[c] for c in columns), strict=True):
        for quantity in quantities(text, start, end, is_title=is_title):
            number += 1
            yield (f"{doc_id}:{number}", doc_id, *_values(text, quantity, int(sentence_id)))


def _values(text: str, found: Quantity, sentence_id: int) -> tuple[object, ...]:
    return (
        *found.span,
        *found.number,
        found.low,
        found.high,
        found.unit,
        _text(text, found.counted),
        found.head,
        *(found.counted or (pd.NA, pd.NA)),
        found.hedge,
        found.approximate,
        found.is_change,
        found.status,
        _text(text, found.place),
        sentence_id,
        text[slice(*found.span)],
    )


def _text(text: str, span: Span | None) -> str | None:
    return " ".join(text[slice(*span)].split()) if span else None


def _voices(corpus: Corpus, found: pd.DataFrame, min_confidence: float, model: str) -> pd.DataFrame:
    """Whose words each number stands in, and who carries them."""
    every = attributions(corpus, model=model)
    chosen = every[every["confidence"] >= min_confidence].reset_index(drop=True)
    owner_of_word = word_owners(corpus, chosen, model=model)
    place = positions(corpus, found[["doc_id"]].assign(start=found["number_start"]))
    word = np.searchsorted(positions(corpus, words(corpus)), place, side="right") - 1
    owners = _shared(corpus, found, owner_of_word[word].tolist(), chosen)
    name = names_by_id(corpus, model=model)
    source = every.set_index("attribution_id")["source_id"]
    lent = chosen.reindex(owners).set_index(found.index)  # -1, the author's, is in no row
    lent = lent.rename(columns={"reported_via": "via"})
    lent = lent.astype(dict.fromkeys(("attribution_id", "source_id", "via"), "str"))
    lent["claimant"] = lent["source_id"].map(name).astype("str")
    lent["carrier_id"] = lent["via"].map(source)
    lent["carrier"] = lent["carrier_id"].map(name)
    lent.loc[lent["attribution_id"].isna(), ["source_id", "claimant"]] = AUTHOR
    return lent[list(_VOICED)].astype(_VOICED)


def _dates(corpus: Corpus, found: pd.DataFrame, dated: pd.DataFrame) -> pd.DataFrame:
    """The date of each claim, from the dated statements of its sentence."""
    in_sentence: defaultdict[tuple[object, object], list[Any]] = defaultdict(list)
    for date in dated.itertuples():
        in_sentence[date.doc_id, date.sentence_id].append(date)
    rows = []
    for row in found.itertuples():
        near = in_sentence.get((row.doc_id, row.sentence_id), [])
        best = _best_date(corpus.text(str(row.doc_id)), row, near)
        rows.append((best.date, best.precision, best.basis) if best else (pd.NA,) * len(_DATED))
    return pd.DataFrame(rows, index=found.index, columns=list(_DATED)).astype(_DATED)


def _best_date(text: str, claim: Any, dated: list[Any]) -> Any:
    beside = [date for date in dated if _is_beside(text, claim, date)]
    as_of = [date for date in beside if date.signal == "as of"]
    said = [date for date in beside if date.kind == SAID]
    said += [date for date in dated if date.kind == SAID and _is_same(claim, date)]
    told = [date for date in beside if date.kind == EVENT and pd.isna(date.signal)]
    compared = _COMPARED.search(text, max(0, claim.start - _SIGHT), claim.start)
    in_turn = (as_of, told, said) if compared else (as_of, said, told)
    nearest = [min(some, key=lambda date: _distance(claim, date)) for some in in_turn if some]
    return nearest[0] if nearest else None


def _is_same(claim: Any, date: Any) -> bool:
    """Whether a date tells when the claimant said it."""
    return isinstance(claim.attribution_id, str) and date.attribution_id == claim.attribution_id


def _is_beside(text: str, claim: Any, date: Any) -> bool:
    """Whether no mark parts a number from a date."""
    first, last = sorted([(claim.start, claim.end), (date.date_start, date.date_end)])
    return not _PARTED.search(text, first[1], last[0])


def _distance(claim: Any, date: Any) -> int:
    return abs(int(date.date_start) - int(claim.number_start))


def _shared(
    corpus: Corpus, found: pd.DataFrame, owners: list[int], chosen: pd.DataFrame
) -> list[int]:
    """The owners, where a number goes on what was said of the one before it in its sentence.

    *3,000 troops have left, and another 7,000 are expected, according to NBC*: both are the first
    source's, whom NBC carries. *10,000 troops, up from 3,000*: whose the first number is, his is
    the second.
    """
    number = {name: row for row, name in enumerate(chosen["attribution_id"])}
    carriers = [number.get(name, -1) for name in chosen["reported_via"]]
    columns = ("doc_id", "sentence_id", "counted_start", "start")
    rows = list(zip(*(found[name].tolist() for name in columns), strict=True))
    for row, (previous, this) in enumerate(pairwise(rows), start=1):
        if previous[:2] != this[:2] or (giver := owners[row - 1]) < 0:
            continue
        same = this[2] is not pd.NA and previous[2] is not pd.NA and previous[2] == this[2]
        before = corpus.text(this[0])[max(previous[3], this[3] - _SIGHT) : this[3]]
        carried = same and owners[row] == carriers[giver]
        if carried or (owners[row] < 0 and _COMPARED.search(before)):
            owners[row] = giver
    return owners
