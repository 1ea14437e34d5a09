"""How each voice speaks of each target in the sentences of a corpus."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from strategies import texts

from nbhelpers.corpus import Corpus, Document
from nbhelpers.stance import stances

COLUMNS = [
    *("doc_id", "sentence_id", "voice", "target", "start", "end"),
    *("label", "p_against", "p_neutral", "p_favour", "model"),
]


def corpus_of(*texts: str) -> Corpus:
    return Corpus(Document(chr(97 + n), text, f"{n}.txt") for n, text in enumerate(texts))


def test_words_of_a_source_are_its_voice_and_all_others_the_authors() -> None:
    corpus = corpus_of("Ann Lee lied to voters. “Lee is a great mayor,” Bob Hay said.")
    found = stances(corpus, targets={"Lee": ["Ann Lee"]})
    rows = found[["sentence_id", "voice", "label"]].values.tolist()
    assert rows == [[0, "author", "against"], [1, "bob hay", "favour"]]


def test_an_attribution_that_is_not_sure_enough_lends_no_voice() -> None:
    corpus = corpus_of("“Lee is a great mayor,” Bob Hay said.")
    found = stances(corpus, targets={"Lee": []}, min_confidence=1.1)
    assert found["voice"].tolist() == ["author"]


def test_a_sentence_has_one_row_for_a_target_and_a_voice() -> None:
    corpus = corpus_of("It rained.", "Ann Lee said that Ann Lee and Bob Hay won. Lee smiled.")
    found = stances(corpus, targets={"Lee": ["Ann Lee"]})
    assert found[["doc_id", "sentence_id", "voice"]].values.tolist() == [
        ["b", 0, "author"],
        ["b", 0, "ann lee"],
        ["b", 1, "author"],
    ]


def test_a_voice_is_judged_by_its_own_words_alone() -> None:
    quoting = "“The {} betrayed everybody,” Bob Hay said of Ann Lee."
    kind, brutal = (
        stances(corpus_of(quoting.format(words)), targets={"Lee": ["Ann Lee"]})
        for words in ("rain of those days", "brutal and corrupt liars")
    )
    assert brutal["voice"].tolist() == ["author"]
    assert brutal["p_against"].tolist() == kind["p_against"].tolist()


def test_the_verb_that_reports_is_not_the_authors_stance() -> None:
    said, whined = (
        stances(corpus_of(f"“It will rain on Monday,” Ann Lee {verb}."), targets={"Ann Lee": []})
        for verb in ("said", "whined")
    )
    assert whined["voice"].tolist() == ["author"]
    assert whined["p_against"].tolist() == said["p_against"].tolist()


@pytest.mark.parametrize("name", ["Russia", "Volodymyr Zelensky", "Pyongyang", "Joe Biden"])
def test_who_is_meant_makes_no_difference(name: str) -> None:
    sentence = "Critics accused {} of a brutal attack on villages."
    usual = stances(corpus_of(sentence.format("Ann Lee")), targets={"x": ["Ann Lee"]})
    other = stances(corpus_of(sentence.format(name)), targets={"x": [name]})
    assert other["p_against"].tolist() == usual["p_against"].tolist()


def test_a_corpus_without_targets_has_an_empty_table() -> None:
    found = stances(corpus_of("It rained."))
    assert found.columns.tolist() == COLUMNS
    assert found.empty


@settings(deadline=None, max_examples=30)
@given(texts)
def test_no_text_breaks_the_table(text: str) -> None:
    found = stances(corpus_of(text))
    total = found[["p_against", "p_neutral", "p_favour"]].sum(axis=1)
    assert found.columns.tolist() == COLUMNS
    assert ((total - 1).abs() < 1e-6).all()


def test_a_mention_within_the_words_that_report_is_judged_like_any_other() -> None:
    text = "Lee’s claim that the bridge is safe was repeated. Lee’s belief is that all is well."
    found = stances(corpus_of(text), targets={"Lee": []})
    for start, end in zip(found["start"], found["end"], strict=True):
        assert text[start:end].startswith("Lee")
