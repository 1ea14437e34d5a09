"""Which numbers of a sentence state how many or how much, and of what."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ANY_CHARACTER, NASTY

from nbhelpers.quantities.reading import Quantity, quantities


def read(text: str) -> list[Quantity]:
    return quantities(text, 0, len(text))


def values(text: str) -> list[tuple[float | None, float | None, str | None, str | None]]:
    """Low, high, unit and what is counted."""
    return [
        (q.low, q.high, q.unit, text[slice(*q.counted)] if q.counted else None) for q in read(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It sent some 11,000 North Korean soldiers.",
            (11000, 11000, None, "North Korean soldiers"),
        ),
        (
            "It supplied at least 11,000 containers of ammunition.",
            (11000, None, None, "containers of ammunition"),
        ),
        ("More than 50 countries joined.", (50, None, None, "countries")),
        ("They found up to 300 shells.", (None, 300, None, "shells")),
        ("Between 20 and 30 tanks burned.", (20, 30, None, "tanks")),
        ("They lost 15-20 tanks.", (15, 20, None, "tanks")),
        ("Two or three officers came.", (2, 3, None, "officers")),
        ("Two hundred and fifty thousand people fled.", (250000, 250000, None, "people")),
        ("Half a million people fled.", (500000, 500000, None, "people")),
        ("A couple dozen bankers met.", (24, 24, None, "bankers")),
        ("Tens of thousands of protesters marched.", (10000, 100000, None, "protesters")),
        ("Several thousand workers left.", (2000, 10000, None, "workers")),
        ("The 2-1/2-year conflict goes on.", (2.5, 2.5, "years", "conflict")),
        ("Two-fifths of voters agree.", (0.4, 0.4, "share", "voters")),
        ("Nearly one in five voters agree.", (0.2, 0.2, "share", "voters")),
        ("About 40 per cent of voters agree.", (40, 40, "percent", "voters")),
        ("It spends between 2% and 6% of GDP.", (2, 6, "percent", "GDP")),
        ("An aid package of $700 million to $800 million.", (7e8, 8e8, "dollars", "aid package")),
        ("They got a £3.5bn loan.", (3.5e9, 3.5e9, "pounds sterling", "loan")),
        ("He was paid US$90.", (90, 90, "dollars", None)),
        ("Losses run at 10,000 a day.", (10000, 10000, None, None)),
        ("Losses of 600,000 were told.", (600000, 600000, None, "Losses")),
        ("A force of 3,000 crossed.", (3000, 3000, None, "force")),
        ("The number of troops rose to 10,000.", (10000, 10000, None, "troops")),
        ("The unemployment rate is 33 percent.", (33, 33, "percent", "unemployment rate")),
        ("A 20-member committee met.", (20, 20, None, "member")),
        ("The 23,000-strong army was paid.", (23000, 23000, None, "army")),
        ("Forty-three models signed.", (43, 43, None, "models")),
        ("Only one soldier survived.", (1, 1, None, "soldier")),
        ("１０,０００ soldiers left.", (10000, 10000, None, "soldiers")),
        ("10 000 soldiers left.", (10000, 10000, None, "soldiers")),
    ],
)
def test_what_is_stated(text, expected):
    assert values(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "He came on October 27 or 28.",
        "In 2016 voters chose.",
        "It began in the 1990s, in mid-2015.",
        "The 2018 Commonwealth Games begin.",
        "It happened on 9/11.",
        "They met at 9 a.m. and 16:28.",
        "Lee, 45, left with a 6-year-old boy.",
        "She was just 14 when it happened.",
        "People over 65 vote.",
        "It was two years ago.",
        "In the past two weeks it rained.",
        "Trump's first 100 days are over.",
        "A Boeing 737 and an F-16 met on the N85.",
        "Article 50 was triggered.",
        "See page 5, chapter 3, No. 10.",
        "Resolution 2254 was passed.",
        "Call 844-459-5786 or (+46) 8 796 53 00.",
        "They won 3-1.",
        "He finished third, in the 21st century.",
        "One of the ministers left; one does not know why.",
        "The two leaders met, and both countries agreed.",
        "Russia's two neighbours agreed.",
        "It is a two-way street, one by one.",
        "The Group of Seven met.",
        "Write to @Secgen2024 or ann12@example.org, see https://example.org/100 soldiers/.",
        "1. A significant escalation.",
        "It is five times the size.",
        "The law counts 99999999999 years ago.",
        "7" * 400 + " soldiers left.",
    ],
)
def test_what_is_no_quantity(text):
    assert values(text) == []


def test_a_list_shares_what_became_of_it_but_not_what_it_counts():
    text = (
        "Russia was preparing to send 12,000 soldiers, including 500 officers and three generals."
    )
    found = read(text)
    assert [text[slice(*q.counted)] for q in found] == ["soldiers", "officers", "generals"]
    assert {q.status for q in found} == {"prepared"}


def test_a_number_without_a_noun_counts_what_was_counted_before():
    text = "3,000 troops have left to Russia so far, and another 7,000 are expected to go."
    first, second = read(text)
    assert first.counted == second.counted
    assert (first.status, second.status) == ("deployed", "expected")
    assert (first.is_change, second.is_change) == (False, True)
    assert text[slice(*first.place)] == "Russia"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("An estimated 400,000 Syrians have been killed.", "killed"),
        ("It lost over 600,000 soldiers.", "lost"),
        ("They moved at least 3,000 soldiers.", "deployed"),
        ("11,000 soldiers were currently training.", "training"),
        ("They plan to send 300 tanks.", "expected"),
        ("It supplied Moscow with 300 tanks.", "delivered"),
        ("The car ran into a crowd, killing 12 people.", "killed"),
        ("The world supply of 300 tanks is enough.", None),
        ("300 tanks were not destroyed.", None),
        ("The storm took 300 hours.", None),
    ],
)
def test_the_governing_verb_gives_the_status(text, status):
    assert [q.status for q in read(text)] == [status]


@pytest.mark.parametrize(
    ("text", "hedge", "approximate"),
    [
        ("Some 300 men left.", "about", True),
        ("Nearly 300 men left.", "nearly", True),
        ("At least 300 men left.", "at least", False),
        ("Fewer than 300 men left.", "less than", False),
        ("300 men or more left.", None, False),
        ("Thousands of men left.", None, True),
        ("300 men left.", None, False),
    ],
)
def test_hedges(text, hedge, approximate):
    assert [(q.hedge, q.approximate) for q in read(text)] == [(hedge, approximate)]


PIECES = st.one_of(
    NASTY,
    st.text(ANY_CHARACTER, max_size=3),
    st.sampled_from(
        "two a half twenty- one hundred million dozens of the 10,000 1,23 007 ½ $ £ % ?5 kg - – to "
        "between and or some at least more than soldiers killed percent years ago per day in "
        "Russia another １２ 1٣ ² 3/4 9/11 2-1/2 ( ) , . : thirds out in five".split()
    ),
)


@given(st.lists(st.tuples(PIECES, st.sampled_from(["", " "])), max_size=30))
def test_any_text_is_read_and_places_are_sound(pieces):
    text = "".join(piece + blank for piece, blank in pieces)
    last = 0
    for q in read(text):
        assert 0 <= q.span[0] <= q.number[0] < q.number[1] <= q.span[1] <= len(text)
        assert q.number[0] >= last
        last = q.number[1]
        assert q.low is None or q.high is None or q.low <= q.high
        assert (q.low, q.high) != (None, None)


@pytest.mark.parametrize(
    "piece", ["two ", "10,000 ", "hundred ", "1/2 - ", "a half million of ", "$ "]
)
def test_a_long_line_of_numbers_costs_little(piece):
    text = piece * (4_900 // len(piece))
    began = time.process_time()
    read(text)
    assert time.process_time() - began < 2
