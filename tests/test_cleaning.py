from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import texts

from nbhelpers.cleaning import damage, repeated_lines, segments, sentences
from nbhelpers.corpus import Corpus, Document
from nbhelpers.furniture import CONTENT_KINDS

DATA = Path(__file__).parent / "data"
SEEDS = Path(__file__).parent.parent / "seeds"
KINDS = CONTENT_KINDS | {
    *("teaser", "embed", "related_links", "donation_appeal", "share_widget", "visit_counter"),
    *("author_bio", "promo", "dateline", "credit", "other_furniture"),
}


def corpus_of(*texts: str) -> Corpus:
    return Corpus(Document(f"{i:03}", text, f"{i:03}.txt") for i, text in enumerate(texts))


def raw(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


# Offsets ----------------------------------------------------------------------------------------


def assert_tiles(text, rows, start, end):
    at = start
    for begin, stop, piece in rows:
        assert at <= begin < stop <= end
        assert text[begin:stop] == piece == piece.strip()
        assert not text[at:begin].strip()
        at = stop
    assert not text[at:end].strip()


def rows_of(frame, doc_id):
    return frame.loc[frame.doc_id == doc_id, ["start", "end", "text"]].values.tolist()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(texts, min_size=1, max_size=4))
@example(["a" * 1_000_000])
@example(["", " \r\n\u2028", "x"])
@example(["ⓐ" * 40 + "\nIt rained all day long there. ⓐ so it did."])
def test_segments_and_sentences_tile_each_text(several):
    corpus = corpus_of(*several)
    labelled, parted, flaws = segments(corpus), sentences(corpus), damage(corpus)
    assert set(labelled.kind) <= KINDS
    assert (labelled.is_content == labelled.kind.isin(CONTENT_KINDS)).all()
    for document in corpus:
        whole = rows_of(labelled, document.doc_id)
        assert_tiles(document.text, whole, 0, len(document.text))
        parts = rows_of(parted, document.doc_id)
        for start, end, _ in whole:
            inside = [part for part in parts if start <= part[0] < end]
            assert_tiles(document.text, inside, start, end)
        for start, end, piece in rows_of(flaws, document.doc_id):
            assert document.text[start:end] == piece != ""


def test_sentences_are_numbered_within_a_text_and_know_their_segment():
    frame = sentences(corpus_of("It rained. It poured.\nAdvertisement", "It was dry."))
    assert frame[["doc_id", "sentence_id", "is_content"]].values.tolist() == [
        ["000", 0, True],
        ["000", 1, True],
        ["000", 2, False],
        ["001", 0, True],
    ]


def test_a_corpus_without_words_has_empty_tables():
    corpus = corpus_of("", " \n ")
    for frame in (segments(corpus), sentences(corpus), damage(corpus)):
        assert frame.empty and "doc_id" in frame


@pytest.mark.parametrize("table", [segments, sentences, damage])
def test_columns_have_the_same_types_with_rows_and_without(table):
    rows = table(corpus_of("It rained. announced that it would."))
    assert not rows.empty
    assert table(corpus_of("")).dtypes.to_dict() == rows.dtypes.to_dict()


# Lines that a site repeats ----------------------------------------------------------------------

FOOTER = "Ormsay's only paper since the war"
STORIES = [
    f"The {thing} did not come on {day} because nobody had told its crew of the new hour.\n"
    f"It came on the day after, and those who had waited for it were given tea and a {gift}."
    for thing, day, gift in [
        ("ferry", "Monday", "bun"),
        ("post boat", "Tuesday", "blanket"),
        ("brass band", "Friday", "song"),
    ]
]


def kinds_of(line, pages):
    frame = segments(corpus_of(*pages))
    return frame.loc[frame.text == line, "kind"].tolist()


def test_a_line_on_three_pages_is_furniture():
    pages = [f"{story}\n{FOOTER}" for story in STORIES]
    assert kinds_of(FOOTER, pages) == ["other_furniture"] * 3


def test_a_line_on_two_pages_is_not():
    pages = [f"{STORIES[0]}\n{FOOTER}", f"{STORIES[1]}\n{FOOTER}", STORIES[2]]
    assert kinds_of(FOOTER, pages) == ["body"] * 2


def test_three_copies_of_one_story_are_no_furniture():
    assert set(segments(corpus_of(*[STORIES[0]] * 3)).kind) == {"body"}
    assert repeated_lines(corpus_of(*[STORIES[0]] * 3)).empty


def test_a_line_counts_once_a_page_and_whatever_its_case():
    pages = [f"{FOOTER}\n{STORIES[0]}\n{FOOTER}\n{FOOTER}", *STORIES[1:]]
    assert repeated_lines(corpus_of(*pages)).empty
    pages = [
        f"{story}\n{form}"
        for story, form in zip(STORIES, (FOOTER, FOOTER.upper(), f"– {FOOTER}"), strict=True)
    ]
    assert repeated_lines(corpus_of(*pages)).line.tolist() == [FOOTER.lower()]


def test_a_dispatch_that_three_outlets_carry_stays_in_the_story():
    dispatch = (
        "The ferry had left the harbour before the storm broke, the agency reported on Monday."
    )
    title = "Ferry leaves before the storm"
    pages = [f"{title}\n{story}\n{dispatch}\n{story}" for story in STORIES]
    labelled = segments(corpus_of(*pages))
    assert set(labelled.loc[labelled["text"] == dispatch, "kind"]) == {"body"}
    assert set(labelled.loc[labelled["text"] == title, "kind"]) == {"title"}


def test_a_sentence_of_the_site_about_itself_on_three_pages_is_furniture():
    appeal = "Every morning our editors choose what our readers should not miss."
    pages = [f"{story}\n{appeal}\n{story} And so on." for story in STORIES]
    labelled = segments(corpus_of(*pages))
    assert set(labelled.loc[labelled["text"] == appeal, "is_content"]) == {False}


# Accuracy on annotated pages --------------------------------------------------------------------


def annotated(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def furniture_mask(text, rows):
    marks = [False] * len(text)
    for start, end, kind in rows:
        marks[start:end] = [kind not in CONTENT_KINDS] * (end - start)
    return [mark for mark, char in zip(marks, text, strict=True) if not char.isspace()]


def accuracy(pages):
    """F1 of furniture and recall of the body, in characters that are not white space."""
    corpus = Corpus(Document(p["doc_id"], p["text"], p["doc_id"]) for p in pages)
    labelled = segments(corpus)
    pairs = []
    for page in pages:
        rows = labelled.loc[labelled.doc_id == page["doc_id"], ["start", "end", "kind"]]
        found = furniture_mask(page["text"], rows.values.tolist())
        pairs += zip(furniture_mask(page["text"], page["segments"]), found, strict=True)
    hits, alarms, misses = (pairs.count(p) for p in [(True, True), (False, True), (True, False)])
    kept = pairs.count((False, False))
    return 2 * hits / (2 * hits + alarms + misses), kept / (kept + alarms)


@pytest.mark.parametrize(
    ("name", "f1_floor", "recall_floor"),
    [("dirty_pages.jsonl", 0.90, 0.995), ("dirty_pages_heldout.jsonl", 0.91, 0.996)],
)
def test_furniture_is_found_and_the_body_kept(name, f1_floor, recall_floor):
    f1, recall = accuracy(annotated(name))
    assert f1 >= f1_floor
    assert recall >= recall_floor


def test_every_paragraph_of_the_seeds_has_the_kind_that_a_reader_gave_it():
    with (DATA / "seed_segments.tsv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(row) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    corpus = Corpus(Document(p.name, raw(p), p.name) for p in sorted(SEEDS.glob("*.txt")))
    found = [
        (row.doc_id, row.kind, " ".join(row.text.split()[:5]))
        for row in segments(corpus).itertuples()
    ]
    assert found == expected[1:]


# Time -------------------------------------------------------------------------------------------

PATTERNS = [
    *('(', '"', "“", "”", "a", "!", "-", "中", "🇰🇵", "â€™", " \u00a0", "e\u0301", "a,", "a/", "1."),
    *("a. ", "A. ", " .", "x. a", '"a" ', "... ", "(@a) ", "jan ", "a | b | c ", "”  Aa, Bb "),
    *("\n", "a\r\n", "like\n", "Read also\n", "Comments\n", "@abc\n", "12\n", "Some words here\n"),
    *("Hello there. word again. ", "The cat sat on the mat with the dog.\n"),
]  # fmt: skip


def seconds(text):
    corpus = corpus_of(text)
    start = time.process_time()
    segments(corpus), sentences(corpus), damage(corpus)
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("around", ["{}", "x {} y"])
def test_time_grows_with_the_length_and_not_with_its_square(pattern, around):
    n = 10_000 // len(pattern)
    short, long = (around.format(pattern * k) for k in (n, 10 * n))
    once = max(0.01, *(seconds(short) for _ in range(2)))
    assert min(seconds(long) for _ in range(2)) < 40 * once  # ten times the text: 100 if quadratic
