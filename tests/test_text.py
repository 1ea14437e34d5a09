from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from strategies import texts

from nbhelpers.text import (
    Span,
    count_words,
    ends_with,
    normalise,
    paragraph_spans,
    quotations,
    sentence_spans,
    stray_marks,
    trim,
    word_spans,
)


def pieces(text: str, spans: list[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]


def words(text: str) -> list[str]:
    return pieces(text, word_spans(text))


def sentences(text: str) -> list[str]:
    return pieces(text, sentence_spans(text))


def assert_covers(text: str, spans: list[Span], start: int, end: int) -> None:
    """The spans are in order, trimmed, do not overlap, and only white space lies between them."""
    at = start
    for begin, stop in spans:
        assert at <= begin < stop <= end
        assert not text[at:begin].strip()
        assert trim(text, begin, stop) == (begin, stop)
        at = stop
    assert not text[at:end].strip()


@given(texts)
@example("a" * 1_000_000)
@example("a\r\nb\rc\u2028d\x85e\x0cf\x1cg")
def test_paragraphs_hold_all_but_white_space(text):
    assert_covers(text, paragraph_spans(text), 0, len(text))


@given(texts)
@example("! " * 2000)
@example(". " * 2000)
@example("a.b" * 2000 + ". Then it stopped.")
def test_sentences_hold_all_of_their_paragraph(text):
    for start, end in paragraph_spans(text):
        assert_covers(text, sentence_spans(text, start, end), start, end)


@given(texts)
def test_words_are_in_order_and_hold_no_white_space(text):
    spans = word_spans(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert not any(re.search(r"\s", text[start:end]) or start == end for start, end in spans)
    assert len(spans) == count_words(text)


@given(texts)
def test_every_letter_and_figure_is_in_a_word_but_for_a_possessive(text):
    rest = list(text)
    for start, end in word_spans(text):
        rest[start:end] = " " * (end - start)
    assert all(c in "sS" for c in rest if c.isalnum())


@given(texts)
def test_quotations_stay_in_their_paragraph_and_apart(text):
    for start, end in paragraph_spans(text):
        found, at = quotations(text, start, end), start
        for quotation in found:
            assert at <= quotation.start < quotation.end <= end
            assert text[quotation.start] in '"“„«'
            assert not quotation.closed or text[quotation.end - 1] in '"”»“'
            at = quotation.end
        inside = [range(q.start, q.end) for q in found]
        assert not any(mark in span for mark in stray_marks(text, start, end) for span in inside)


@given(texts)
def test_a_part_of_a_text_reads_as_if_it_stood_alone(text):
    for start, end in paragraph_spans(text)[:5]:
        alone = text[start:end]
        shifted = [(a - start, b - start) for a, b in sentence_spans(text, start, end)]
        assert shifted == sentence_spans(alone)
        assert [q.start - start for q in quotations(text, start, end)] == [
            q.start for q in quotations(alone)
        ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia’s army isn't well-equipped", ["Russia", "army", "isn't", "well-equipped"]),
        ("10,000 men, 2-1/2-year war, 3.5%", ["10,000", "men", "2-1/2-year", "war", "3.5"]),
        ("the U.S. and the U.S.-led talks", ["the", "U.S.", "and", "the", "U.S.", "led", "talks"]),
        ("end.Next", ["end", "Next"]),
        ("‘quoted’ 'words'", ["quoted", "words"]),
        ("…—!? ", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


def test_counted_forms_are_the_same_for_typographic_and_straight_marks():
    assert normalise("DON’T") == normalise("don't") == "don't"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Orr left on Jan. 3. He is 40.", ["Dr. Orr left on Jan. 3.", "He is 40."]),
        ("It cost $3.5 million. So be it.", ["It cost $3.5 million.", "So be it."]),
        ("“Why?” she asked. “Rain.”", ["“Why?” she asked.", "“Rain.”"]),
        ("One line\nof two. Next.", ["One line\nof two.", "Next."]),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


def test_a_long_word_is_one_sentence_with_what_stands_around_it():
    blob = "ab.cd/" * 1000
    assert sentences(f"It began with {blob} and ended. Then came more.") == [
        f"It began with {blob} and ended.",
        "Then came more.",
    ]


def test_lines_are_paragraphs():
    assert pieces(
        "A title\r\nFirst.\rSecond.\u2028Third.",
        paragraph_spans("A title\r\nFirst.\rSecond.\u2028Third."),
    ) == [
        "A title",
        "First.",
        "Second.",
        "Third.",
    ]


WRAPPED = """\
The ferry to the island did not sail on Monday because the crew could
not find the key to the engine room, and the passengers were asked to
wait in the hall of the harbour until somebody remembered where it had
been put on the evening before that.

It was in the captain's coat. He said so himself when he was asked about
it, and added that the coat had been to the cleaner's over the weekend.
"""


def test_lines_wrapped_at_a_width_are_joined_up_to_a_blank_line():
    for text in (WRAPPED, WRAPPED.replace("\n", "\r\n")):
        first, second = pieces(text, paragraph_spans(text))
        assert first.startswith("The ferry") and first.endswith("before that.")
        assert second.startswith("It was in") and second.endswith("weekend.")


def test_a_list_of_short_lines_is_not_joined():
    text = "the first of all items in the list\nthe second\nthe third\nthe fourth\nthe fifth"
    assert len(paragraph_spans(text)) == 5


@pytest.mark.parametrize(
    ("text", "quoted", "strays"),
    [
        ('He said "yes" and "no".', ['"yes"', '"no"'], []),
        ("„Ja“, sagte er. «Non», dit-elle.", ["„Ja“", "«Non»"], []),
        ("“It is late,” he said, “and dark.”", ["“It is late,”", "“and dark.”"], []),
        ('“Mixed marks" are read.', ['“Mixed marks"'], []),
        ("“Not closed. “But this one is.”", ["“Not closed. ", "“But this one is.”"], []),
        ("Nothing opened this.” He left.", [], [20]),
        ("He is 6'2\" tall and not quoted.", [], []),
        ('A 5"x7" print hung there.', [], []),
        ("'Single marks' are left alone.", [], []),
    ],
)
def test_quotations(text, quoted, strays):
    assert [text[q.start : q.end] for q in quotations(text)] == quoted
    assert stray_marks(text) == strays


@pytest.mark.parametrize(
    ("paragraph", "ended"),
    [("It rained.", True), ("(“It rained.”)", True), ("It rained,", False), ("", False)],
)
def test_a_stop_may_stand_before_closing_marks(paragraph, ended):
    assert ends_with(paragraph, ".!?") is ended


def test_underscores_belong_to_no_word():
    assert word_spans("___ snake_case _it_") == [(4, 9), (10, 14), (16, 18)]


def test_accents_written_apart_belong_to_their_word_and_count_as_usual():
    text = "a cafe\u0301 in Za\u0308hringen"
    assert [text[a:b] for a, b in word_spans(text)] == ["a", "cafe\u0301", "in", "Za\u0308hringen"]
    assert normalise("Cafe\u0301") == normalise("caf\u00e9") == "caf\u00e9"
