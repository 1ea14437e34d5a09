"""Stance: no name changes it, its probabilities are sound, and bad input is refused."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbhelpers.corpus import InputError
from nbhelpers.stance import classify
from nbhelpers.target_sentiment.masking import NAME, context

SENTENCES = [
    "{} lied to voters, and critics condemned the shameful attack by Smith.",
    "Voters praised {} for a brave, generous decision.",
    "On Monday, {} met Ann Smith in Kyiv.",
    "“I never trusted {},” the mayor said, calling {}’s plan a disgrace.",
    "Opponents of {} fear the worst; {} denies everything.",
    "{}-backed forces shelled the hospital.",
    "{}’s allies hailed the anti-{} protest as a mistake.",
    "Why {}?",
    "The United States and {}’s union of victims",
]
NAMES = [
    "Russia",
    "the United States",
    "Ukraine",
    "Volodymyr Zelenskyy",
    "Trump",
    "al-Qaeda",
    "the European Union",
    "Xi",
    "he",
    "U.S.",
    "the Victims’ Union",
    "McDonald’s",
]
COLUMNS = ["label", "p_against", "p_neutral", "p_favour", "model"]
PROBABILITIES = COLUMNS[1:4]


def filled(sentence: str, name: str) -> tuple[str, tuple[int, int]]:
    """The sentence with the name in it, and where it stands first."""
    start = sentence.index("{}")
    return sentence.replace("{}", name), (start, start + len(name))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_exchanging_the_name_changes_nothing(sentence: str) -> None:
    texts, spans = zip(*(filled(sentence, name) for name in NAMES), strict=True)
    found = classify(texts, spans)
    assert len(found.drop_duplicates()) == 1


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=30))
def test_no_name_at_all_changes_anything(name: str) -> None:
    sentences = [sentence for sentence in SENTENCES if sentence.count("{}") == 1]
    usual = classify(*zip(*(filled(s, "Russia") for s in sentences), strict=True))
    found = classify(*zip(*(filled(s, name) for s in sentences), strict=True))
    pd.testing.assert_frame_equal(found, usual, check_exact=True)


def test_surname_and_possessive_of_the_mention_are_hidden() -> None:
    text = "Condoleezza Rice left. Rice’s aides said Rice was ill."
    assert context(text, (0, 16)).right == [
        *("left", ".", NAME, "'s", "aides", "said", NAME, "was", "ill", ".")
    ]


def test_further_mentions_are_hidden_where_they_are_given() -> None:
    text = "Macron said the president would go."
    also = [(text.index("the"), text.index(" would"))]
    assert context(text, (0, 6), also).right == ["said", NAME, "would", "go", "."]
    shown = classify([text], [(0, 6)])
    hidden = classify([text], [(0, 6)], also=[also])
    swapped = text.replace("the president", "Macron")
    pd.testing.assert_frame_equal(hidden, classify([swapped], [(0, 6)]))
    assert hidden["p_neutral"].item() != shown["p_neutral"].item()


def test_a_possessive_within_the_span_is_not_read() -> None:
    text, plain = "Macron’s plan failed.", "Macron plan failed."
    pd.testing.assert_frame_equal(classify([text], [(0, 8)]), classify([plain], [(0, 6)]))


def test_plain_cases() -> None:
    texts = [
        "Lee is a corrupt liar who betrayed the country.",
        "Lee will meet reporters in the capital on Tuesday.",
        "Lee was praised as a brilliant, courageous leader.",
    ]
    found = classify(texts, [(0, 3)] * 3)
    assert found["label"].tolist() == ["against", "neutral", "favour"]
    assert found.columns.tolist() == COLUMNS
    assert set(found["model"]) == {"fast"}


def test_the_same_words_count_by_whose_they_are() -> None:
    text = "Lee won praise, but Smith lied and was convicted of fraud."
    found = classify([text, text], [(0, 3), (20, 25)])
    assert found["p_against"][1] > found["p_against"][0]


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), min_size=1, max_size=4))
def test_probabilities_add_up_and_the_label_is_the_most_probable(
    sides: list[tuple[str, str]],
) -> None:
    texts = [f"{left}Lee{right}" for left, right in sides]
    spans = [(len(left), len(left) + 3) for left, _ in sides]
    found = classify(texts, spans)
    assert len(found) == len(texts)
    assert found[PROBABILITIES].ge(0).all(axis=None)
    assert found[PROBABILITIES].sum(axis=1).tolist() == pytest.approx([1.0] * len(texts))
    assert found[PROBABILITIES].idxmax(axis=1).str.removeprefix("p_").eq(found["label"]).all()


def test_each_text_is_judged_by_itself() -> None:
    texts, spans = zip(*(filled(sentence, "Lee") for sentence in SENTENCES), strict=True)
    alone = [classify([t], [s]) for t, s in zip(texts, spans, strict=True)]
    together = classify(texts, spans)
    pd.testing.assert_frame_equal(pd.concat(alone, ignore_index=True), together, check_exact=True)


def test_nothing_gives_an_empty_frame() -> None:
    found = classify([], [])
    assert found.empty
    assert found.columns.tolist() == COLUMNS


def test_hostile_and_very_long_texts_take_little_time() -> None:
    filler = [
        "a" * 500_000,
        "a-" * 250_000,
        "’s" * 250_000,
        "Lee " * 125_000,
        "\0<name>\n" * 60_000,
    ]
    texts = [f"{text} Lee {text}" for text in filler]
    spans = [(len(text) + 1, len(text) + 4) for text in filler]
    texts.append("L" * 500_000)
    spans.append((0, 500_000))
    begun = time.process_time()
    found = classify(texts, spans)
    assert time.process_time() - begun < 5
    assert found[PROBABILITIES].sum(axis=1).tolist() == pytest.approx([1.0] * len(texts))


@pytest.mark.parametrize(
    "span", [(0, 0), (3, 2), (-1, 2), (0, 99), (1.0, 2.0), ("0", "1"), (0,), None, (3, 4)]
)
def test_a_span_that_marks_nothing_is_refused(span: object) -> None:
    with pytest.raises(InputError, match=r"Text 1 .* has 9 characters"):
        classify(["Lee left.", "Lee left."], [(0, 3), span])  # type: ignore[list-item]


def test_numbers_of_texts_and_spans_must_agree() -> None:
    with pytest.raises(InputError, match="2 texts and 1 spans"):
        classify(["a", "b"], [(0, 1)])
    with pytest.raises(InputError, match="1 texts and 0 also"):
        classify(["a"], [(0, 1)], also=[])


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(InputError, match="'slow'"):
        classify(["a"], [(0, 1)], model="slow")
