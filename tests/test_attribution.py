"""Attributions: who says what, in sentences written for the purpose, and on any text at all."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts

from nbhelpers.attribution import ROLES, attributions, spans
from nbhelpers.corpus import Corpus, Document, InputError, load_corpus
from nbhelpers.extraction.chains import is_medium

FILLER = "The river had been rising since the weekend, and the roads to the coast were under water."


def found_in(text: str) -> pd.DataFrame:
    return attributions(Corpus([Document("a", text, "a.txt")]))


def relations(text: str) -> list[tuple[Any, ...]]:
    columns = ["kind", "source", "cue", "content"]
    rows = found_in(text)[columns].astype(object)
    return [tuple(row) for row in rows.where(rows.notna(), None).values.tolist()]


GOLDEN = {
    "interrupted, two sentences": (
        "“The bridge is closed,” Mayor Ann Lee said. “It will stay closed for a year.”",
        (
            "direct",
            "Mayor Ann Lee",
            "said",
            "“The bridge is closed,” … “It will stay closed for a year.”",
        ),
    ),
    "interrupted, one sentence": (
        "“The bridge,” Mayor Ann Lee said, “is closed.”",
        ("direct", "Mayor Ann Lee", "said", "“The bridge,” … “is closed.”"),
    ),
    "indirect": (
        "Mayor Ann Lee said the bridge would stay closed.",
        ("indirect", "Mayor Ann Lee", "said", "the bridge would stay closed"),
    ),
    "according to, first": (
        "According to the police, the driver fled.",
        ("indirect", "the police", "According to", "the driver fled"),
    ),
    "according to, last": (
        "The driver fled, according to the police.",
        ("indirect", "the police", "according to", "The driver fled"),
    ),
    "mixed": (
        "President Ann Lee called the attack “extremely dangerous.”",
        ("mixed", "President Ann Lee", "called", "the attack “extremely dangerous.”"),
    ),
    "nominal cue": (
        "The Pentagon’s claim that the convoy had left was false.",
        ("indirect", "The Pentagon", "claim", "that the convoy had left was false"),
    ),
    "refusal": (
        "The ministry declined to confirm whether the troops had left.",
        ("indirect", "The ministry", "declined to confirm", "whether the troops had left"),
    ),
    "doubled apostrophes": (
        "''We will win,'' Lee said.",
        ("direct", "Lee", "said", "''We will win,''"),
    ),
    "mixed marks": ('“We will win," Lee said.', ("direct", "Lee", "said", '“We will win,"')),
}


@pytest.mark.parametrize(("text", "expected"), GOLDEN.values(), ids=GOLDEN)
def test_finds_the_relation(text: str, expected: tuple[str, ...]) -> None:
    assert relations(text) == [expected]


def test_he_added_goes_on_with_its_own_relation() -> None:
    text = "“We will go on,” Mayor Ann Lee said. She added that repairs would cost $3 million."
    assert [r[1:3] for r in relations(text)] == [("Mayor Ann Lee", "said"), ("She", "added")]


def test_a_quotation_runs_on_over_paragraphs() -> None:
    text = "“We will go on,” Lee said. “The river is rising.\n\n“We have no other choice.”"
    [relation] = relations(text)
    assert relation[1] == "Lee"
    assert relation[3] == "“We will go on,” … “The river is rising. … “We have no other choice.”"


def test_a_quotation_without_cue_belongs_to_the_speaker_in_force() -> None:
    text = (
        "“We will go on,” Lee said.\n"
        "“We have no other choice. The river will not wait for us, and neither will the people.”"
    )
    second = relations(text)[1]
    assert second[:3] == ("direct", "Lee", None)


def test_an_unclosed_mark_costs_one_quotation_only() -> None:
    text = "He said “we will win. The crowd cheered.\nThe mayor said the bridge was closed."
    assert relations(text)[-1] == ("indirect", "The mayor", "said", "the bridge was closed")


def test_a_lost_opening_mark_keeps_the_speakers_apart() -> None:
    text = (
        'The troops are there," he said on Tuesday. the spokesperson, Vedant Patel, emphasizing '
        "that the US was concerned."
    )
    assert relations(text)[0][1:] == ("he", "said", "The troops are there")


def test_titles_and_scare_quotes_are_not_speech() -> None:
    text = "The film “The Long Road” opens in cinemas on Friday. The “palace” stood empty."
    assert not any(kind == "direct" for kind, *_ in relations(text))


def test_furniture_is_not_searched() -> None:
    text = f"{FILLER}\n{FILLER}\nAdvertisement\nShare this article: “I love it,” Ann Lee said."
    frame = found_in(text)
    assert frame.empty


def test_a_post_belongs_to_its_handle() -> None:
    text = f"{FILLER}\n\nWe are going on. pic.twitter.com/abc\n— Ann Lee (@annlee) May 1, 2024\n"
    [relation] = relations(text)
    assert relation[:3] == ("direct", "Ann Lee (@annlee)", None)
    assert relation[3].startswith("We are going on.")


def test_a_transcript_gives_each_turn_to_its_speaker() -> None:
    text = (
        "LEE: We will go on.\nSMITH: Why would you?\nLEE: Because we must.\n"
        "SMITH: Thank you very much for being here tonight."
    )
    assert [r[:2] for r in relations(text)] == [("direct", n) for n in ("LEE", "SMITH") * 2]


CHAINS = {
    "told a medium": (
        "Two officials told CNN that the troops had arrived.",
        ("Two officials", "CNN"),
    ),
    "citing": (
        "CNN reported, citing two Western intelligence officials, that the troops had arrived.",
        ("two Western intelligence officials", "CNN"),
    ),
    "citing, date between": (
        "CNN reported on 29 October, citing two Western officials, that a small group is there.",
        ("two Western officials", "CNN"),
    ),
    "citing, last": (
        "CNN reported on Monday that a small group of soldiers had arrived, citing two officials.",
        ("two officials", "CNN"),
    ),
    "a quotation, according to a medium": (
        "“We assess that they travelled by ship in the first days of the month,” spokesman Ann Lee "
        "said, according to CNN.",
        ("spokesman Ann Lee", "CNN"),
    ),
    "reported last": (
        "The president told reporters that he would resign, Reuters reported.",
        ("The president", "Reuters"),
    ),
}


@pytest.mark.parametrize(("text", "expected"), CHAINS.values(), ids=CHAINS)
def test_a_chain_leads_from_the_first_source_to_its_carrier(
    text: str, expected: tuple[str, str]
) -> None:
    frame = found_in(f"{text} {FILLER}").set_index("attribution_id")
    [carried] = frame[frame["reported_via"].notna()].to_dict("records")
    assert (carried["source"], frame.loc[carried["reported_via"], "source"]) == expected
    assert len(frame) == 2


@pytest.mark.parametrize(
    ("cue", "cue_class"),
    [
        ("denied", "denies"),
        ("confirmed", "confirms"),
        ("claimed", "claims"),
        ("warned", "warns"),
        ("estimated", "estimates"),
        ("said", "neutral"),
    ],
)
def test_the_cue_names_the_act(cue: str, cue_class: str) -> None:
    frame = found_in(f"The ministry {cue} that a thousand soldiers had been sent to the border.")
    assert frame["cue_class"].tolist() == [cue_class]


def test_a_medium_is_known_by_its_name() -> None:
    assert is_medium("The Washington Post")
    assert is_medium("the Kyodo News Agency")
    assert not is_medium("the ministry")


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(InputError, match="no attribution model 'best'"):
        attributions(Corpus([Document("a", "Rain.", "a.txt")]), model="best")


def test_nothing_found_has_the_same_columns() -> None:
    nothing, something = found_in("It rained."), found_in("Ann Lee said it rained.")
    assert nothing.empty
    assert nothing.dtypes.to_dict() == something.dtypes.to_dict()


def assert_sound(text: str) -> None:
    """What holds on any text: spans lie in it, slice back, and never overlap within a role."""
    corpus = Corpus([Document("a", text, "a.txt")])
    frame, stretches = attributions(corpus), spans(corpus)
    assert set(stretches["attribution_id"]) == set(frame["attribution_id"])
    assert set(frame["reported_via"].dropna()) <= set(frame["attribution_id"])
    assert frame["confidence"].between(0, 1).all()
    for row in frame.to_dict("records"):
        own = stretches[stretches["attribution_id"] == row["attribution_id"]]
        assert (own["start"].min(), own["end"].max()) == (row["start"], row["end"])
        for role in ROLES:
            of_role = own[own["role"] == role].sort_values("start")
            starts, ends = of_role["start"].tolist(), of_role["end"].tolist()
            assert all(0 <= a < b <= len(text) for a, b in zip(starts, ends, strict=True))
            assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
            pieces = [text[a:b] for a, b in zip(starts, ends, strict=True)]
            joined = " … ".join(pieces)
            assert joined == row[role] if pieces else pd.isna(row[role])


WORDS = st.sampled_from(
    [
        *("“", "”", '"', "''", "‘", "’", ",", ".", ":", "—", "\n", "\u2028", "’s", "(@lee)"),
        *[
            "said",
            "told",
            "citing",
            "according",
            "to",
            "that",
            "CNN",
            "Lee",
            "LEE",
            "he",
            "the",
            "officials",
            "war",
        ],
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=60), st.sampled_from([" ", ""]))
def test_any_row_of_words_and_marks_is_sound(words: list[str], between: str) -> None:
    assert_sound(between.join(words))


@settings(max_examples=40, deadline=None)
@given(texts)
def test_any_text_is_sound(text: str) -> None:
    assert_sound(text)


@pytest.mark.parametrize("unit", ["x", "“a” ", "Lee said “no.” ", '"', "He said she said that "])
def test_a_text_without_a_single_new_line_is_sound(unit: str) -> None:
    assert_sound(unit * (30_000 // len(unit)))


def mutated(text: str, dice: random.Random) -> str:
    """Marks dropped, doubled, swapped; the text cut anywhere; random characters put in."""
    marks = [i for i, c in enumerate(text) if c in "“”\"'’,.\n"]
    for place in sorted(dice.sample(marks, min(len(marks), 8)), reverse=True):
        new = dice.choice(
            ["", text[place] * 2, dice.choice("“”\"'«\n"), chr(dice.randrange(0xD000))]
        )
        text = text[:place] + new + text[place + 1 :]
    start = dice.randrange(len(text) // 2)
    return text[start : start + dice.randrange(200, 3000)]


@pytest.mark.parametrize("number", range(10))
def test_mutated_seeds_are_sound(number: int) -> None:
    dice = random.Random(number)
    for document in load_corpus("seeds"):
        assert_sound(mutated(document.text, dice))
