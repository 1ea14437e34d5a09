"""Stance: no name changes it, its probabilities are sound, and bad input is refused."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbhelpers.corpus import InputError
from nbhelpers.extraction.models import MODELS
from nbhelpers.stance import classify
from nbhelpers.target_sentiment.masking import (
    NAME,
    PRONOUN,
    TARGET,
    context,
    with_numbers,
    with_one_sign,
)

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


every_model = pytest.mark.parametrize("model", MODELS)


def filled(sentence: str, name: str) -> tuple[str, tuple[int, int]]:
    """The sentence with the name in it, and where it stands first."""
    start = sentence.index("{}")
    return sentence.replace("{}", name), (start, start + len(name))


@every_model
@pytest.mark.parametrize("sentence", SENTENCES)
def test_exchanging_the_name_changes_nothing(sentence: str, model: str) -> None:
    # Where it stands again, "he" is a pronoun and nobody's name
    names = [name for name in NAMES if name != "he" or sentence.count("{}") == 1]
    texts, spans = zip(*(filled(sentence, name) for name in names), strict=True)
    found = classify(texts, spans, model=model)
    assert len(found.drop_duplicates()) == 1


def test_whether_the_name_stands_again_elsewhere_changes_nothing() -> None:
    text = "Opponents of Lee fear the worst; Lee denies everything."
    found = classify([text, text.replace("of Lee", "of Hay")], [(13, 16)] * 2)
    assert len(found.drop_duplicates()) == 1


@every_model
@settings(deadline=None, max_examples=25)
@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=30))
def test_no_name_at_all_changes_anything(model: str, name: str) -> None:
    sentences = [sentence for sentence in SENTENCES if sentence.count("{}") == 1]
    filled_in = [filled(s, n) for n in ("Russia", name) for s in sentences]
    found = classify(*zip(*filled_in, strict=True), model=model)
    usual, other = found.iloc[: len(sentences)], found.iloc[len(sentences) :]
    pd.testing.assert_frame_equal(other.reset_index(drop=True), usual, check_exact=True)


def test_surname_and_possessive_of_the_mention_are_hidden() -> None:
    text = "Condoleezza Rice left. Rice’s aides said Rice was ill."
    assert with_one_sign(context(text, (0, 16))).right == [
        *("left", ".", NAME, "'s", "aides", "said", NAME, "was", "ill", ".")
    ]


def test_further_mentions_are_hidden_where_they_are_given() -> None:
    text = "Macron said the president would go."
    also = [(text.index("the"), text.index(" would"))]
    hidden = context(text, (0, 6), also)
    assert hidden.right == ["said", TARGET, "would", "go", "."]
    assert with_one_sign(hidden).right == ["said", NAME, "would", "go", "."]
    shown, judged = (classify([text], [(0, 6)], also=[spans]) for spans in ([], also))
    assert judged["p_neutral"].item() != shown["p_neutral"].item()


def test_one_entity_has_one_stand_in() -> None:
    text = "Macron met Angela Merkel, Bob Hay and Merkel’s aides; he thanked Hay."
    assert with_numbers(context(text, (0, 6))).right == [
        *("met", "<name 0>", ",", "<name 1>", "and", "<name 0>", "'s", "aides", ";"),
        *(PRONOUN, "thanked", "<name 1>", "."),
    ]


def test_he_and_she_are_alike() -> None:
    texts = [f"Lee won, and {pronoun} praised voters." for pronoun in ("he", "she")]
    assert len(classify(texts, [(0, 3)] * 2).drop_duplicates()) == 1


def test_a_possessive_within_the_span_is_not_read() -> None:
    text, plain = "Macron’s plan failed.", "Macron plan failed."
    pd.testing.assert_frame_equal(classify([text], [(0, 8)]), classify([plain], [(0, 6)]))


@every_model
def test_plain_cases(model: str) -> None:
    texts = [
        "Lee is a corrupt liar who betrayed the country.",
        "Lee will meet reporters in the capital on Tuesday.",
        "Lee was praised as a brilliant, courageous leader.",
    ]
    found = classify(texts, [(0, 3)] * 3, model=model)
    assert found["label"].tolist() == ["against", "neutral", "favour"]
    assert found.columns.tolist() == COLUMNS
    assert set(found["model"]) == {model}


@every_model
def test_the_same_words_count_by_whose_they_are(model: str) -> None:
    text = "Lee won praise, but Smith lied and was convicted of fraud."
    found = classify([text, text], [(0, 3), (20, 25)], model=model)
    assert found["p_against"][1] > found["p_against"][0]


@settings(deadline=None, max_examples=25)
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


@every_model
def test_each_text_is_judged_by_itself(model: str) -> None:
    texts, spans = zip(*(filled(sentence, "Lee") for sentence in SENTENCES), strict=True)
    alone = [classify([t], [s], model=model) for t, s in zip(texts, spans, strict=True)]
    together = classify(texts, spans, model=model)
    pd.testing.assert_frame_equal(
        pd.concat(alone, ignore_index=True), together, check_exact=False, rtol=0, atol=1e-5
    )


@every_model
def test_the_same_question_gets_the_same_answer(model: str) -> None:
    texts, spans = zip(*(filled(sentence, "Lee") for sentence in SENTENCES), strict=True)
    first, second = (classify(texts, spans, model=model) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


@every_model
def test_nothing_gives_an_empty_frame(model: str) -> None:
    found = classify([], [], model=model)
    assert found.empty
    assert found.columns.tolist() == COLUMNS


@every_model
def test_hostile_and_very_long_texts_take_little_time(model: str) -> None:
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
    found = classify(texts, spans, model=model)
    assert time.process_time() - begun < 5
    assert found[PROBABILITIES].sum(axis=1).tolist() == pytest.approx([1.0] * len(texts))


@every_model
@pytest.mark.parametrize(
    "span", [(0, 0), (3, 2), (-1, 2), (0, 99), (1.0, 2.0), ("0", "1"), (0,), None, (3, 4)]
)
def test_a_span_that_marks_nothing_is_refused(span: object, model: str) -> None:
    with pytest.raises(InputError, match=r"Text 1 .* has 9 characters"):
        classify(["Lee left.", "Lee left."], [(0, 3), span], model=model)  # type: ignore[list-item]


def test_numbers_of_texts_and_spans_must_agree() -> None:
    with pytest.raises(InputError, match="2 texts and 1 spans"):
        classify(["a", "b"], [(0, 1)])
    with pytest.raises(InputError, match="1 texts and 0 also"):
        classify(["a"], [(0, 1)], also=[])


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(InputError, match="'slow'"):
        classify(["a"], [(0, 1)], model="slow")


def test_a_model_that_is_not_installed_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbhelpers.extraction.models.is_installed", lambda: False)
    with pytest.raises(InputError, match=r"needs the package onnxruntime.*'fast'"):
        classify(["a"], [(0, 1)], model="accurate")
