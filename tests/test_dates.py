"""Dates: which words are dates, what day they mean, and what each of them dates."""

from __future__ import annotations

import datetime as dt
import re
import time
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts

from nbhelpers.corpus import Corpus, Document, load_corpus
from nbhelpers.dates import date_expressions, events
from nbhelpers.dates.clauses import clauses
from nbhelpers.dates.grammar import find

WEDNESDAY = dt.date(2024, 10, 30)


def corpus_of(text: str, published: dt.date | None = WEDNESDAY) -> Corpus:
    metadata = {"published": published} if published else {}
    return Corpus([Document("a", text, "a.txt", metadata)])


def dates_in(text: str, published: dt.date | None = WEDNESDAY) -> list[tuple[str, str | None]]:
    found = date_expressions(corpus_of(text, published))
    values = found[["text", "date"]].astype(object).where(found[["text", "date"]].notna(), None)
    return [tuple(row) for row in values.values.tolist()]


@pytest.mark.parametrize(
    ("sentence", "words", "date"),
    [
        ("He resigned on Monday.", "Monday", "2024-10-28"),
        ("He resigned on Wednesday.", "Wednesday", "2024-10-30"),
        ("He resigned late on Tuesday night.", "late on Tuesday night", "2024-10-29"),
        ("They will meet on Monday.", "Monday", "2024-11-04"),
        ("The vote is scheduled for Friday.", "Friday", "2024-11-01"),
        ("He said on Monday he would resign.", "Monday", "2024-10-28"),
        ("He said he would be sworn in on Monday.", "Monday", "2024-11-04"),
        ("Police condemned Sunday’s attack.", "Sunday", "2024-10-27"),
        ("They left last Thursday.", "last Thursday", "2024-10-24"),
        ("They left this past Monday.", "this past Monday", "2024-10-28"),
        ("They will leave next Tuesday.", "next Tuesday", "2024-11-05"),
        ("They vote on Monday next week.", "Monday next week", "2024-11-04"),
        ("It happened yesterday.", "yesterday", "2024-10-29"),
        ("It happened the day before yesterday.", "the day before yesterday", "2024-10-28"),
        ("He spoke this morning.", "this morning", "2024-10-30"),
        ("He spoke last night.", "last night", "2024-10-29"),
        ("It began three days ago.", "three days ago", "2024-10-27"),
        ("It began two weeks ago.", "two weeks ago", "2024-W42"),
        ("It began 12 years ago.", "12 years ago", "2012"),
        ("It began twenty-two years ago.", "twenty-two years ago", "2002"),
        ("It began last week.", "last week", "2024-W43"),
        ("It began earlier this month.", "earlier this month", "2024-10"),
        ("It began last month.", "last month", "2024-09"),
        ("It ends later next year.", "later next year", "2025"),
        ("They met over the weekend.", "the weekend", "2024-10-26/2024-10-27"),
        ("They will meet this weekend.", "this weekend", "2024-11-02/2024-11-03"),
        ("It began this summer.", "this summer", "2024-22"),
        ("It began in June.", "June", "2024-06"),
        ("It will begin in June.", "June", "2025-06"),
        ("It has gone on since February.", "February", "2024-02"),
        ("It began in late December.", "late December", "2023-12"),
        ("It began in early- to mid-October.", "early- to mid-October", "2024-10"),
        ("It began at the end of May.", "the end of May", "2024-05"),
        ("It began on October 21.", "October 21", "2024-10-21"),
        ("It began on 28 August.", "28 August", "2024-08-28"),
        ("It will begin on 28 February.", "28 February", "2025-02-28"),
        ("It began on Tuesday, November 14.", "Tuesday, November 14", "2023-11-14"),
        ("It began on Jan. 26 last year.", "Jan. 26 last year", "2023-01-26"),
        ("It began on Oct. 28, 2022.", "Oct. 28, 2022", "2022-10-28"),
        ("It began on Friday, 28th October 2022.", "Friday, 28th October 2022", "2022-10-28"),
        ("It began on 2022-10-28.", "2022-10-28", "2022-10-28"),
        ("It began on 10/28/2022.", "10/28/2022", "2022-10-28"),
        ("It began on 28.10.2022.", "28.10.2022", "2022-10-28"),
        ("It began in October of 2022.", "October of 2022", "2022-10"),
        ("It began in 2022.", "2022", "2022"),
        ("It won the 2016 election.", "2016", "2016"),
        ("It grew in the early 1990s.", "the early 1990s", "199X"),
        ("It grew in the third quarter of 2023.", "the third quarter of 2023", "2023-35"),
        ("It grew in the summer of 2014.", "the summer of 2014", "2014-22"),
        ("It rained between 3 and 5 May.", "3 and 5 May", "2024-05-03/2024-05-05"),
        ("It polled from Sept. 19 to 22.", "Sept. 19 to 22", "2024-09-19/2024-09-22"),
        ("It rained from June to August 2016.", "June to August 2016", "2016-06/2016-08"),
        ("It ran from 2012 to 2016.", "2012 to 2016", "2012/2016"),
        ("It ran in 2015-16.", "2015-16", "2015/2016"),
        ("It fell over the past two weeks.", "the past two weeks", "2024-10-16/2024-10-30"),
    ],
)
def test_a_date_is_found_whole_and_means_the_day_that_a_reader_takes(
    sentence: str, words: str, date: str
) -> None:
    assert dates_in(sentence) == [(words, date)]


@pytest.mark.parametrize(
    "sentence",
    [
        "He may march on, and the sun sets in a second.",
        "May I march?",
        "Version 2.0.2024 runs 24/7 and won 2-1 (6-2, 7-6).",
        "They gathered 1,984 people and 1984 people, by 2000 soldiers of 2000 more.",
        "The 90-day plan of a 30-year-old on Route 66 in 15 minutes.",
        "Resolution 2231, No. 2016, $2015, 2,016 and #2020 at 1945 GMT.",
        "He reads the Sunday Times on Super Tuesday and each Monday.",
        "Theresa May met Ms. April Ryan, said a critic of May.",
        "USA Today and Russia Today reported it to this day.",
        "Even today, today's world is the same.",
        "They will fall this way next time; that is the last straw.",
        "Several years ago it was a matter of days.",
    ],
)
def test_what_is_no_date_is_not_found(sentence: str) -> None:
    assert dates_in(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("It began on 10/11/2024.", None),  # October or November
        ("It began more than two years ago.", None),
        ("It began 200 years ago.", None),
        ("They left last Monday.", None),  # this week's, or that of the week before
        ("They will leave next Friday.", None),
        ("They resigned on 28 November.", "--11-28"),  # of last year, or a wrong tense?
        ("The winner of Monday’s debate is unknown.", None),
        ("Peace came in the ’90s.", None),
        ("It changed after the Sept. 11 attacks.", "--09-11"),
        ("It began on 30 February.", None),
        ("It began on 29 February 2023.", None),
        ("“We begin today,” she said.", None),  # on which day did she say so?
        ("It began 99999999999 years ago.", None),
        ("It began 9999 years ago.", None),
    ],
)
def test_what_has_two_readings_is_left_open(sentence: str, date: str | None) -> None:
    found = date_expressions(corpus_of(sentence))
    assert set(found["basis"]) <= {"unresolved"}
    assert [None if pd.isna(value) else value for value in found["date"]] in ([date], [])


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("It began on 28 October.", "--10-28"),
        ("It began in October.", "--10"),
        ("It began on October 27 or 28.", "--10-27/--10-28"),
        ("It began on Monday.", None),
        ("It began this year.", None),
        ("It began two weeks ago.", None),
        ("It began in 2022.", "2022"),
    ],
)
def test_no_year_is_given_to_a_text_without_a_date(sentence: str, date: str | None) -> None:
    assert [found for _, found in dates_in(sentence, None)] == [date]


def test_basis_tells_how_a_date_is_known() -> None:
    text = "He said on Monday that it began in May 2022, on 3 May 2022, and ended on 9 June."
    assert date_expressions(corpus_of(text))["basis"].tolist() == [
        *("metadata", "explicit", "explicit", "calendar")
    ]
    dated = "A Title Of A Story\n\nOct 30, 2024 - 16:28\n\nIt rained all day on Monday.\n"
    found = date_expressions(corpus_of(dated, None))
    assert found[["date", "basis"]].values.tolist() == [["2024-10-28", "calendar"]]


def test_a_dateline_with_a_year_dates_its_text() -> None:
    found = date_expressions(
        corpus_of("KYIV, Oct. 30, 2024 (Reuters) — It rained on Monday.", None)
    )
    assert found[["date", "basis", "is_dateline"]].values.tolist() == [
        ["2024-10-30", "explicit", True],
        ["2024-10-28", "calendar", False],
    ]


def test_today_in_a_quotation_is_the_day_on_which_it_was_said() -> None:
    found = dates_in("“We begin today,” she said on Monday.")
    assert found == [("today", "2024-10-28"), ("Monday", "2024-10-28")]


def test_the_same_day_is_that_of_the_event_before() -> None:
    text = "They attacked on 3 May 2022. He fled the same day, she said, and died two days later."
    assert [date for _, date in dates_in(text)] == ["2022-05-03", "2022-05-03", "2022-05-05"]


def test_first_and_last_bound_what_is_meant() -> None:
    [row] = date_expressions(corpus_of("It began in late October.")).to_dict("records")
    assert (row["first"], row["last"]) == (pd.Timestamp(2024, 10, 21), pd.Timestamp(2024, 10, 31))


def test_the_word_that_leads_to_a_date_is_kept() -> None:
    found = date_expressions(corpus_of("It has gone on since 2022, as of October 23."))
    assert found["signal"].tolist() == ["since", "as of"]


def test_when_it_was_said_is_one_thing_and_when_it_happened_another() -> None:
    text = "Ann Lee said on Monday that the war began in May. It rained on Sunday."
    found = events(corpus_of(text))
    columns = ["kind", "text", "date", "said_date", "voice"]
    assert found[columns].astype(object).where(found[columns].notna(), None).values.tolist() == [
        [
            *("said", "Ann Lee said on Monday that the war began in May"),
            *("2024-10-28", "2024-10-28", "ann lee"),
        ],
        ["event", "that the war began in May", "2024-05", "2024-10-28", "ann lee"],
        ["event", "It rained on Sunday.", "2024-10-27", None, "author"],
    ]


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("On October 26, the ministry announced that it was sending troops.", ["said"]),
        ("“It is over,” Ann Lee told reporters on Monday.", ["said"]),
        ("Ann Lee, who left on Monday, said it was over.", ["event"]),
        ("The law was repealed on Sunday, officials said.", ["event"]),
        ("Austin called on the country on Monday to withdraw its troops.", ["said"]),
        ("MOSCOW, February 8. /TASS/. It rained.", []),
        ("FLINT, Mich., Oct. 4 (UPI) — It rained.", []),
    ],
)
def test_a_date_belongs_to_its_clause(sentence: str, kinds: list[str]) -> None:
    assert events(corpus_of(sentence))["kind"].tolist() == kinds


def test_no_seed_gets_a_year_that_it_does_not_give() -> None:
    found = date_expressions(load_corpus("seeds"))
    with_year = found[found["date"].str.match(r"\d", na=False)]
    for row in with_year[with_year["basis"] == "explicit"].itertuples():
        assert re.search(r"\d{4}", row.text)
    rest = with_year[with_year["basis"] != "explicit"]
    assert set(rest["doc_id"]) == {"003_57623772aa3dea69"}
    assert set(rest["basis"]) == {"metadata"}


def test_seeds_keep_the_days_apart_on_which_it_was_said() -> None:
    found = events(load_corpus("seeds")).query("doc_id.str.startswith('001')")
    assert found[["kind", "date"]].values.tolist() == [
        ["said", "--10-28"],
        ["said", "--10-26"],
        ["event", "--10-23"],
        ["said", "--10-24"],
        ["event", "--10-27/--10-28"],
        ["said", "--10-21"],
    ]


PIECES = st.sampled_from(
    [
        *"0 1 2 31 99 1999 2024 20245 - / . , ' ’ : ( ) “ ” ² ٣ 1".split(),
        *"May may MARCH Oct. October Sept 30th Monday mon last next this the past same day".split(),
        *"ago years twenty-two a decade weekend summer quarter of said will to and between".split(),
        *(" ", " ", " ", "\n", "\u00a0", "Q3", "early-", "mid-", "'90s", "first", "yesterday"),
    ]
)
date_soup = st.lists(PIECES, max_size=40).map("".join) | st.lists(PIECES, max_size=40).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(
    date_soup | texts, st.sampled_from([None, WEDNESDAY, dt.date(1, 1, 1), dt.date(9999, 12, 31)])
)
def test_nothing_raises_and_every_place_holds_its_words(
    text: str, published: dt.date | None
) -> None:
    corpus = corpus_of(text, published)
    found, dated = date_expressions(corpus), events(corpus)
    for row in found.itertuples():
        assert text[row.start : row.end] == row.text
        assert row.basis in {"explicit", "calendar", "metadata", "unresolved"}
        assert pd.isna(row.first) == (row.basis == "unresolved")
        assert pd.isna(row.first) or row.first <= row.last
    for row in dated.itertuples():
        assert text[row.start : row.end] == row.text
        assert row.start <= row.date_start < row.date_end
        assert row.expression == text[row.date_start : row.date_end]
    starts = found["start"].tolist()
    assert starts == sorted(starts)
    assert all(a <= b for a, b in zip(found["end"], starts[1:], strict=False))


ORDINARY = st.text(
    st.characters(exclude_categories=["Cs", "Nd", "Nl", "No"]), max_size=80
) | st.lists(
    st.sampled_from("may march sun second can mar a few the war will be over in and of at".split())
).map(" ".join)
DATE_WORDS = re.compile(
    r"\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tomorrow|tonight|ago\b"
    r"|\b(?:last|this|next|past|same|that|the)\b|uary|ril\b|June|July|ember|ober|May|March|Aug",
    re.IGNORECASE,
)


@given(ORDINARY)
def test_without_figure_month_weekday_or_deictic_word_there_is_no_date(text: str) -> None:
    if not DATE_WORDS.search(re.sub("may|march", "", text)):
        assert find(text) == []


@given(st.lists(st.sampled_from([*"ab,;:–“” ", "Lee said", " who left", " and ", " that "])))
def test_clauses_are_parts_of_their_sentence_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = clauses(text, 0, len(text))
    assert all(a < b for a, b in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))


@pytest.mark.parametrize(
    "piece",
    ["12/", "Monday and ", "early- to ", "3 May to ", "a week ago, ", "said Monday ", "“today ”"],
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        corpus = corpus_of(piece * (size // len(piece)))
        start = time.process_time()
        events(corpus)
        return time.process_time() - start

    seconds(100)
    assert seconds(40_000) < 0.5 + 16 * seconds(5_000)
