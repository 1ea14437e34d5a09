"""The index of words: what every count of the overview rests on."""

import datetime as dt

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

from nbhelpers.cleaning import segments
from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.text import normalise, word_spans
from nbhelpers.words import content_words, document_groups, sentence_numbers, stop_word_set, words

TEXTS = st.lists(
    st.text(st.sampled_from("aB’'ʼ-.,\"“”3 \n\r\tßİΣé🇰")) | st.text(max_size=30), max_size=4
)


def corpus_of(*texts: str) -> Corpus:
    return Corpus([Document(f"d{i}", text, f"d{i}.txt") for i, text in enumerate(texts)])


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_words_are_those_of_word_spans_with_their_offsets(texts):
    corpus = corpus_of(*texts)
    expected = [
        (f"d{i}", start, end, normalise(text[start:end]))
        for i, text in enumerate(texts)
        for start, end in word_spans(text)
    ]
    found = words(corpus)[["doc_id", "start", "end", "word"]].astype(object)
    assert list(found.itertuples(index=False, name=None)) == expected


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_a_word_is_content_where_its_segment_is(texts):
    corpus = corpus_of(*texts)
    labelled = segments(corpus)
    for row in words(corpus).itertuples():
        around = labelled[
            (labelled["doc_id"] == row.doc_id)
            & (labelled["start"] <= row.start)
            & (labelled["end"] > row.start)
        ]
        assert around["is_content"].tolist() == [row.is_content]


def test_a_line_and_a_change_of_segment_begin_a_paragraph():
    found = words(corpus_of("One two\nthree", "four"))
    assert found["paragraph"].tolist() == [0, 0, 1, 2]


def test_types_stay_small_and_codes_follow_the_alphabet():
    found = words(corpus_of("b a C b"))
    assert found["start"].dtype == found["end"].dtype == found["paragraph"].dtype == "int32"
    assert found["word"].cat.categories.tolist() == ["a", "b", "c"]
    assert isinstance(found["doc_id"].dtype, pd.CategoricalDtype)


def test_an_empty_corpus_and_an_empty_text_have_no_words():
    assert words(Corpus([])).empty
    assert words(corpus_of("", " \n")).empty
    assert content_words(Corpus([])).columns.tolist() == words(corpus_of("a")).columns.tolist()


def test_sentence_numbers_find_the_sentence_of_each_word():
    corpus = corpus_of("He left. She stayed there. They knew it well and said so again.")
    assert sorted(set(sentence_numbers(corpus, words(corpus)))) == [0, 1, 2]


def test_groups_come_from_the_metadata_and_missing_is_na():
    corpus = Corpus(
        [
            Document("a", "x", "a", {"outlet": "BBC"}),
            Document("b", "x", "b"),
            Document("c", "y", "c"),
        ]
    )
    assert document_groups(corpus, "outlet").codes.tolist() == [0, -1, -1]
    with pytest.raises(InputError, match=r"metadata 'country'; choose one of: .*outlet"):
        document_groups(corpus, "country")


def test_groups_by_day_are_named_by_the_day():
    days = {"a": dt.date(2024, 10, 23), "b": None, "c": dt.date(2024, 10, 21)}
    corpus = Corpus(Document(d, "x", d, {"published": day}) for d, day in days.items())
    groups = document_groups(corpus, "published")
    assert groups.categories.tolist() == ["2024-10-21", "2024-10-23"]
    assert groups.codes.tolist() == [1, -1, 0]


def test_stop_words_are_met_as_words_are_counted():
    assert {"that", "don't", "the"} <= stop_word_set("english")
    assert "us" not in stop_word_set("english")
    with pytest.raises(InputError, match="no stop list named 'french'"):
        stop_word_set("french")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["count", "word", "sha256"])
def test_metadata_named_like_a_result_are_refused(name):
    corpus = Corpus([Document("a", "One two.", "a.txt", {name: "x"})])
    with pytest.raises(InputError, match=f"{name}.*new name"):
        document_groups(corpus, name)
