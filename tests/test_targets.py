"""Whom the texts speak of, and every place where they do."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import texts

from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.targets import read_targets, target_mentions, targets


def corpus_of(*texts: str) -> Corpus:
    return Corpus(Document(chr(97 + n), text, f"{n}.txt") for n, text in enumerate(texts))


def test_names_of_one_actor_are_one_target_across_texts() -> None:
    corpus = corpus_of(
        "President Ines Lund spoke. Lund left.", "“Yes,” said Ines Lund. Kyiv and Kiev agreed."
    )
    rows = targets(corpus)[["target", "n_mentions", "n_documents"]].values.tolist()
    assert ["Ines Lund", 3, 2] in rows
    assert ["Ukraine", 2, 1] in rows


def test_a_given_target_takes_its_aliases_and_their_spellings() -> None:
    corpus = corpus_of("Volodymyr Zelensky met Ann Lee in Oslo. Zelenskiy thanked the Kremlin.")
    found = target_mentions(corpus, targets={"Ukraine": ["Zelenskyy", "Kyiv"]})
    assert found["text"].tolist() == ["Volodymyr Zelensky", "Zelenskiy"]
    assert set(found["target"]) == {"Ukraine"}


def test_a_given_target_that_nobody_mentions_has_a_row_of_zeros() -> None:
    rows = targets(corpus_of("It rained."), targets={"Peru": []}).values.tolist()
    assert [row[0] for row in rows] == ["Peru"]
    assert rows[0][2:] == [0, 0]


def test_a_pronoun_counts_where_it_can_mean_nobody_else() -> None:
    corpus = corpus_of("Mayor Ines Lund opened the bridge. She cut the ribbon, and she left.")
    found = target_mentions(corpus, targets={"Lund": ["Ines Lund"]})
    assert found.loc[found["basis"] == "pronoun", "text"].tolist() == ["She", "she"]


def test_adjectives_and_months_are_no_actors() -> None:
    corpus = corpus_of("Russian troops left in October. Russian trains left in October.")
    assert targets(corpus).empty


def test_a_mention_carries_the_number_of_its_sentence() -> None:
    corpus = corpus_of("It rained. It poured.", "It rained. Ann Lee left.")
    assert target_mentions(corpus)[["sentence_id", "start"]].values.tolist() == [[1, 11]]


@pytest.mark.parametrize(
    ("given_targets", "message"),
    [
        ({"Peru": [" "]}, "'Peru' has an alias without words"),
        ({"Peru": ["Lima"], "Lima": []}, "'Lima' is given for two targets: Peru, Lima"),
    ],
)
def test_bad_targets_are_refused_in_a_sentence(given_targets: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        targets(corpus_of("It rained."), targets=given_targets)


def test_targets_are_read_from_a_line() -> None:
    assert read_targets(" Ukraine : Kyiv,Zelensky, ;Russia; ") == {
        "Ukraine": ["Kyiv", "Zelensky"],
        "Russia": [],
    }
    assert read_targets("  ") is None


@pytest.mark.parametrize(
    ("line", "message"),
    [("Peru: Lima; : Oslo", "no name before “: Oslo”"), ("Peru; Peru: Lima", "“Peru” twice")],
)
def test_a_line_of_targets_that_cannot_be_read_is_refused(line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_targets(line)


@given(texts)
def test_every_mention_is_a_slice_of_its_text(text: str) -> None:
    found = target_mentions(corpus_of(text))
    assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == found[
        "text"
    ].tolist()
    assert found["start"].is_monotonic_increasing


def test_an_agency_behind_a_place_and_half_a_countrys_name_are_not_the_country() -> None:
    corpus = corpus_of(
        "WASHINGTON (AP) — It rained in the United States. AP said so. United said its planes flew."
    )
    found = target_mentions(corpus, targets={"US": ["United States"]})
    assert "AP" not in found["text"].tolist()
    assert "United" not in found["text"].tolist()
