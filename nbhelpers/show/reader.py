"""The reader page: one raw text with everything that was found in it, each at its place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import cycle, pairwise
from operator import attrgetter
from textwrap import shorten
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup, escape

from nbhelpers.corpus import Document
from nbhelpers.show.html import Link, render_page, showable
from nbhelpers.text import CLOSING_MARKS, OPENING_MARKS, STRAIGHT_MARK

# What each kind means to a reader; the order gives each kind the same hue on every page.
SEGMENT_KINDS = {
    "title": "the headline",
    "body": "the article itself",
    "teaser": "a summary that repeats the article",
    "dateline": "place and date line",
    "credit": "who wrote or photographed",
    "author_bio": "about the author",
    "embed": "a post from another site",
    "related_links": "links to other articles",
    "promo": "advertisement for a product or service",
    "donation_appeal": "a request for money",
    "share_widget": "buttons to share or react",
    "visit_counter": "counters of visits or comments",
    "other_furniture": "other parts of the web page",
}
DAMAGE_KINDS = {
    "mojibake": "Characters were decoded wrongly.",
    "unbalanced_quote": "A quotation mark has no partner: who says this is unsure.",
    "duplicate": "This stretch stands in the text more than once.",
    "missing_stop": "The sentence ends without a full stop; something may be lost.",
    "stray_fragment": "This is no whole sentence; something may be lost.",
    "odd_case": "The sentence starts with a small letter; something may be lost.",
    "broken_speaker": "Two speakers run together here: who says what is unsure.",
    "stray_space": "A space stands before a stop, as machine translation leaves it.",
}
LAYER_KINDS = {
    "source": "who is said to have said or thought it",
    "cue": "the words that report it",
    "content": "what is said; the number leads to who says it, through whom, how surely",
    "against": "the words are taken to be against whom they name, by a classifier that is often "
    "wrong; the number leads to how surely, and whose words",
    "favour": "the words are taken to be in favour, by the same classifier, often wrong",
    "damage": "a flaw; the number leads to what is wrong",
}

_LINE_END = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_BREAK = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
_HUES = 13
_LAYER_HUES = (0, 8, 4, 11, 2, 6, 3)  # far apart, in this order
_EXCERPT = 120
_QUOTATION_MARKS = OPENING_MARKS + CLOSING_MARKS + STRAIGHT_MARK  # a note brings its own
_CARRIAGE_RETURN = re.compile("\r(\n?)")


class _Mark(NamedTuple):
    """A stretch of a layer; ``number`` leads to its note, ``via`` is the number of another."""

    start: int
    end: int
    kind: str
    label: str
    note: str
    number: int
    excerpt: str
    via: int


class _Piece(NamedTuple):
    """A stretch of text in which nothing starts or ends, and what covers it."""

    text: Markup
    marks: list[_Mark]
    references: list[_Mark]


class _Segment(NamedTuple):
    """A segment, and the white space up to the next one."""

    start: int
    end: int
    kind: str
    is_content: bool
    pieces: list[_Piece]
    tail: list[_Piece]


class _Entry(NamedTuple):
    """A line of the legend; ``key`` is the class of everything it stands for."""

    key: str
    name: str
    meaning: str
    hue: int
    furniture: bool = False


def reader_page(
    document: Document,
    segments: pd.DataFrame,
    damage: pd.DataFrame,
    *,
    layers: pd.DataFrame | None = None,
    facts: Mapping[str, object] | None = None,
    navigation: Sequence[Link] = (),
) -> str:
    """Return the reader page of one text; it lies at ``texts/`` + :func:`reader_name`.

    ``segments`` (start, end, kind, is_content) and ``damage`` (start, end, kind, suggestion) are
    the rows of this text alone. ``layers`` has the columns start, end, kind, label, note; its
    stretches may overlap, and what has a note is explained below the text. Where it also has
    mark_id and via, a note leads on to the mark that its ``via`` names; where it has text, a note
    quotes that instead of its stretch. ``facts`` (outlet, words
    ...) stand in the head; missing ones are shown as unknown. ``navigation`` as in
    :func:`notebook_page` (addresses below the report's folder).

    The address ``#c120-180`` leads to the code points 120 to 180 of the raw text.
    """
    marks = _marks(document.text, damage, layers)
    laid_out = _segments(document.text, segments, marks)
    return render_page(
        "reader.html.j2",
        title=_title(document, segments),
        document=document,
        facts={name: _fact(value) for name, value in (facts or {}).items()},
        blocks=list(_blocks(document.text, laid_out)),
        kinds=_legend_of_segments(laid_out),
        layers=_legend_of_layers(marks),
        marks=sorted((mark for mark in marks if mark.number), key=attrgetter("number")),
        navigation=[Link(link.title, f"../{link.href}") for link in navigation],
        current=None,
    )


def _fact(value: Any) -> str | None:
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)


def readable(text: str) -> Markup:
    """Return raw text as HTML that holds the same number of code points in the browser.

    An HTML parser turns a carriage return into a line feed, unless it is written as a reference.
    """
    lines = _LINE_END.sub("\n", text)
    parts = _CARRIAGE_RETURN.split(lines)
    html = escape(showable(parts[0]))
    for line_feed, part in zip(parts[1::2], parts[2::2], strict=True):
        html += Markup("&#13;" + (line_feed or "<br>")) + escape(showable(part))
    return html


def _title(document: Document, segments: pd.DataFrame) -> str:
    titles = segments[segments["kind"] == "title"]
    if titles.empty:
        return document.doc_id
    first = titles.iloc[0]
    return " ".join(document.text[first.start : first.end].split()) or document.doc_id


def _marks(text: str, damage: pd.DataFrame, layers: pd.DataFrame | None) -> list[_Mark]:
    """All stretches to mark, in the order of the text, the noted ones numbered."""
    rows = [
        (row["start"], row["end"], "damage", _name(row["kind"]), _damage_note(row), "", "", "")
        for row in damage.to_dict("records")
    ]
    if layers is not None:
        about = ("label", "note", "mark_id", "via", "text")
        rows += [
            (row["start"], row["end"], row["kind"], *(_known(row.get(name)) for name in about))
            for row in layers.to_dict("records")
        ]
    rows.sort()
    # A number stands where its stretch ends, so the numbers follow the ends.
    noted = sorted((place for place, row in enumerate(rows) if row[4]), key=lambda p: rows[p][1])
    numbers = {place: number for number, place in enumerate(noted, 1)}
    number_of = {mark_id: numbers[place] for place in noted if (mark_id := rows[place][5])}
    marks = []
    for place, (start, end, kind, label, note, _, via, quoted) in enumerate(rows):
        inside = max(0, int(start)), min(len(text), int(end))
        stretch = quoted or text[slice(*inside)]
        excerpt = shorten(stretch.strip(_QUOTATION_MARKS) or stretch, _EXCERPT, placeholder=" …")
        number, carrier = numbers.get(place, 0), number_of.get(via, 0)
        marks.append(_Mark(*inside, kind, label, note, number, excerpt, carrier))
    return marks


def _damage_note(row: Mapping[Hashable, Any]) -> str:
    meaning = DAMAGE_KINDS.get(row["kind"], "Something is wrong here.")
    suggestion = _known(row.get("suggestion"))
    return f"{meaning} It may have read: {suggestion}" if suggestion else meaning


def _known(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _name(kind: str) -> str:
    return str(kind).replace("_", " ")


def _segments(text: str, segments: pd.DataFrame, marks: list[_Mark]) -> list[_Segment]:
    """The segments in order, each cut into pieces; what none covers belongs to the one before."""
    bounds = _bounds(segments)
    ends = [*(start for start, *_ in bounds[1:]), len(text)]
    edges = {0, len(text), *ends, *(end for _, end, *_ in bounds)}
    pieces = _pieces(text, edges, marks)
    starts = [start for start, _ in pieces]

    def between(start: int, end: int) -> list[_Piece]:
        return [piece for _, piece in pieces[bisect_left(starts, start) : bisect_left(starts, end)]]

    return [
        _Segment(start, end, kind, is_content, between(start, end), between(end, stop))
        for (start, end, kind, is_content), stop in zip(bounds, ends, strict=True)
    ]


def _bounds(segments: pd.DataFrame) -> list[tuple[int, int, str, bool]]:
    bounds: list[tuple[int, int, str, bool]] = []
    for row in segments.sort_values(["start", "end"]).to_dict("records"):
        start = max(int(row["start"]), bounds[-1][1] if bounds else 0)
        if start < row["end"]:
            bounds.append((start, int(row["end"]), str(row["kind"]), bool(row["is_content"])))
    unlabelled_start = not bounds or bounds[0][0] > 0
    return [(0, 0, "", True), *bounds] if unlabelled_start else bounds


def _pieces(text: str, edges: set[int], marks: list[_Mark]) -> list[tuple[int, _Piece]]:
    """Cut the text wherever a segment or a mark starts or ends."""
    starting, ending = defaultdict(list), defaultdict(list)
    for mark in marks:
        starting[mark.start].append(mark)
        if mark.number:
            ending[max(mark.end, 1)].append(mark)
    cuts = sorted({*edges, *(edge for mark in marks for edge in (mark.start, mark.end)), *ending})
    pieces, active = [], list[_Mark]()
    for start, end in pairwise(cuts):
        active = [mark for mark in [*active, *starting[start]] if mark.end > start]
        pieces.append((start, _Piece(readable(text[start:end]), active, ending[end])))
    return pieces


def _blocks(text: str, segments: list[_Segment]) -> Iterator[list[_Segment]]:
    """Segments that share a line make one block."""
    block: list[_Segment] = []
    for segment in segments:
        if block and _BREAK.search(text, block[-1].end, segment.start):
            yield block
            block = []
        block.append(segment)
    yield block


def _legend_of_segments(segments: list[_Segment]) -> dict[str, _Entry]:
    """The kinds that occur, in the order of :data:`SEGMENT_KINDS`, then all others."""
    furniture = {segment.kind: not segment.is_content for segment in segments if segment.kind}
    kinds = list(dict.fromkeys([*SEGMENT_KINDS, *furniture]))
    return {
        kind: _Entry(
            f"k{hue}", _name(kind), SEGMENT_KINDS.get(kind, ""), hue % _HUES, furniture[kind]
        )
        for hue, kind in enumerate(kinds)
        if kind in furniture
    }


def _legend_of_layers(marks: list[_Mark]) -> dict[str, _Entry]:
    """The kinds that occur, in the order of :data:`LAYER_KINDS`, then all others."""
    found = {mark.kind for mark in marks}
    hues = dict(zip([*LAYER_KINDS, *sorted(found - {*LAYER_KINDS})], cycle(_LAYER_HUES)))
    kinds = [kind for kind in hues if kind in found]
    return {
        kind: _Entry(f"l{place}", _name(kind), LAYER_KINDS.get(kind, ""), hues[kind])
        for place, kind in enumerate(kinds)
    }
