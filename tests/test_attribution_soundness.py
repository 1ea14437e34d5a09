"""Attributions on texts as bad as they come: nothing raises, and what is found holds together."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts

from nbhelpers.attribution import ROLES, attributions, spans
from nbhelpers.corpus import Corpus, Document, load_corpus
from nbhelpers.extraction.models import FAST
from nbhelpers.voices import statements

POLNEAR = Path(__file__).parents[2] / "shared" / "data" / "polnear"


def assert_sound(text: str, *, model: str = FAST) -> None:
    """What holds on any text, whatever is found in it."""
    corpus, again = (Corpus([Document("a", text, "a.txt")]) for _ in range(2))
    frame, stretches = attributions(corpus, model=model), spans(corpus, model=model)
    pd.testing.assert_frame_equal(frame, attributions(again, model=model))
    pd.testing.assert_frame_equal(stretches, spans(again, model=model))
    assert frame["attribution_id"].is_unique
    assert set(stretches["attribution_id"]) == set(frame["attribution_id"])
    assert frame["confidence"].between(0, 1).all()
    assert frame["start"].is_monotonic_increasing
    assert_chains_end(frame)
    for row in frame.to_dict("records"):
        own = stretches[stretches["attribution_id"] == row["attribution_id"]]
        assert (own["start"].min(), own["end"].max()) == (row["start"], row["end"])
        assert_apart(own)
        for role in ROLES:
            of_role = own[own["role"] == role].sort_values("start")
            starts, ends = of_role["start"].tolist(), of_role["end"].tolist()
            assert all(0 <= a < b <= len(text) for a, b in zip(starts, ends, strict=True))
            assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
            joined = " … ".join(text[a:b] for a, b in zip(starts, ends, strict=True))
            assert joined == row[role] if joined else pd.isna(row[role])


def assert_apart(own: pd.DataFrame) -> None:
    """No character of one attribution has two roles."""
    ordered = own.sort_values(["start", "end"])
    assert (ordered["start"].to_numpy()[1:] >= ordered["end"].to_numpy()[:-1]).all()


def assert_chains_end(frame: pd.DataFrame) -> None:
    """Each link leads to a row of the same text, and no way leads back."""
    linked = frame[frame["reported_via"].notna()]
    carrier = dict(zip(linked["attribution_id"], linked["reported_via"], strict=True))
    text_of = dict(zip(frame["attribution_id"], frame["doc_id"], strict=True))
    for carried, via in carrier.items():
        assert text_of[via] == text_of[carried]
        met = {carried}
        while via in carrier:
            assert via not in met
            met.add(via)
            via = carrier[via]


MARKS = ["“", "”", '"', "''", "``", "‘", "’", "«", "»", "„", ",", ".", ":", "—", "(@lee)"]
BREAKS = ["\n", "\n\n", "\r", "\u2028", "\x00", "\x85", "\u200b", "\ufffd"]
_WORDS = (
    "said told citing quoting according to that CNN Reuters reported Lee LEE he the officials war"
    " in an interview with state media speaking"
)
WORDS = _WORDS.split()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*MARKS, *BREAKS, *WORDS, "’s"]), max_size=60),
    st.sampled_from([" ", ""]),
)
def test_any_row_of_words_and_marks_is_sound(words: list[str], between: str) -> None:
    assert_sound(between.join(words))


@settings(max_examples=40, deadline=None)
@given(texts)
def test_any_text_is_sound(text: str) -> None:
    assert_sound(text)


@settings(max_examples=30, deadline=None)
@given(st.text(st.sampled_from("“”\"'‘’«»„`"), max_size=200))
def test_nothing_but_quotation_marks_is_sound(text: str) -> None:
    assert_sound(text)


@pytest.mark.parametrize(
    "unit",
    [
        "x",
        "“a ",
        "“a” ",
        "Lee said “no.” ",
        '"',
        "He said she said that ",
        "CNN said, citing a man, ",
    ],
)
def test_a_text_without_a_single_new_line_is_sound(unit: str) -> None:
    assert_sound(unit * (12_000 // len(unit)))


def test_a_lone_surrogate_in_a_file_costs_one_character(tmp_path: Path) -> None:
    row = '{"doc_id": "a", "text": "\\u201cWe \\ud800 go on,\\u201d Lee said."}\n'
    (tmp_path / "texts.jsonl").write_text(row, encoding="ascii")
    frame = attributions(load_corpus(tmp_path))
    assert frame[["source", "cue", "content"]].values.tolist() == [
        ["Lee", "said", "“We \ufffd go on,”"]
    ]


def test_the_texts_of_a_corpus_do_not_meet() -> None:
    text = "CNN reported, citing two officials, that the troops had left. Two men told CNN more."
    corpus = Corpus(Document(name, text, "x.txt") for name in ("a", "a:0", "b"))
    frame = attributions(corpus)
    assert frame["attribution_id"].is_unique
    assert_chains_end(frame)
    first, *others = (rows[list(ROLES)].values.tolist() for _, rows in frame.groupby("doc_id"))
    assert all(other == first for other in others)


def mutated(text: str, dice: random.Random) -> str:
    """Marks dropped, doubled, swapped; random characters put in; cut anywhere; perhaps one line."""
    marks = [i for i, c in enumerate(text) if c in "“”\"'’,.\n"]
    for place in sorted(dice.sample(marks, min(len(marks), 8)), reverse=True):
        new = dice.choice(
            ["", text[place] * 2, dice.choice("“”\"'«\n"), chr(dice.randrange(0xD000))]
        )
        text = text[:place] + new + text[place + 1 :]
    start = dice.randrange(len(text) // 2)
    text = text[start : start + dice.randrange(200, 3000)]
    return text.replace("\n", "") if dice.random() < 0.2 else text


@pytest.mark.parametrize("number", range(4))
def test_mutated_seeds_are_sound(number: int) -> None:
    dice = random.Random(number)
    for document in load_corpus("seeds"):
        assert_sound(mutated(document.text, dice))


def real_texts() -> Iterator[str]:
    yield from (document.text for document in load_corpus("seeds"))
    for path in sorted(POLNEAR.glob("*.jsonl")):  # the seeds alone, where these are not
        yield from (json.loads(line)["text"] for line in path.open(encoding="utf-8"))


@pytest.mark.slow
def test_five_hundred_mutated_texts_are_sound() -> None:
    dice = random.Random(5)
    known = list(real_texts())
    for _ in range(500):
        assert_sound(mutated(dice.choice(known), dice))


@pytest.mark.slow
def test_the_time_grows_with_the_text_and_no_faster() -> None:
    text = next(real_texts())
    seconds = {}
    for times in (1, 4, 32):  # the first only loads what is loaded once
        begun = time.process_time()
        attributions(Corpus([Document("a", text * times, "a.txt")]))
        seconds[times] = time.process_time() - begun
    assert seconds[32] < 3 * 8 * seconds[4]


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["CNN said, citing a man, ", "Fox reported that CNN said that "])
def test_a_sentence_of_nothing_but_chains_takes_linear_time(unit: str) -> None:
    seconds = {}
    for size in (500, 5_000, 40_000):  # the first only loads what is loaded once
        corpus = Corpus([Document("a", unit * (size // len(unit)), "a.txt")])
        begun = time.process_time()
        attributions(corpus, model=FAST)
        statements(corpus)
        seconds[size] = time.process_time() - begun
    assert seconds[40_000] < 0.5 + 3 * 8 * seconds[5_000]


def test_what_a_fronted_source_says_in_the_sentence_before_is_left_as_it_is() -> None:
    text = "Lee met Day in Oslo, and left. According to Ann Poe, a critic at the Post, it rained."
    corpus = Corpus([Document("a", text, "a.txt")])
    assert (spans(corpus)["start"] < spans(corpus)["end"]).all()
