"""Frequencies and n-grams against plain counting."""

from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.overview.frequency import frequencies, ngrams, word_counts
from nbhelpers.text import normalise, word_spans
from nbhelpers.words import words

TEXTS = st.lists(
    st.lists(
        st.sampled_from(["drone", "Drone", "war", "talks", "it’s", ".", "\n", ". The", "7"]),
        max_size=40,
    ).map(" ".join),
    min_size=1,
    max_size=4,
)


def corpus_of(*texts: str, **metadata: list[str]) -> Corpus:
    return Corpus(
        Document(f"d{i}", text, f"d{i}.txt", {name: v[i] for name, v in metadata.items()})
        for i, text in enumerate(texts)
    )


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_counts_are_those_of_a_plain_counter(texts):
    corpus = corpus_of(*texts)
    raw = Counter(normalise(text[a:b]) for text in texts for a, b in word_spans(text))
    tokens = words(corpus)
    content = Counter(tokens[tokens["is_content"]]["word"])
    found = frequencies(corpus, min_count=0).set_index("word")
    assert found["count_raw"].to_dict() == raw
    assert found["count"].to_dict() == {word: content[word] for word in raw}
    assert found["per_thousand"].sum() == pytest.approx(1000 if content else 0)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_counts_by_document_add_up_to_those_of_the_corpus(texts):
    corpus = corpus_of(*texts)
    whole = frequencies(corpus).set_index("word")
    apart = frequencies(corpus, by="doc_id").groupby("word")
    assert apart["count"].sum().to_dict() == whole["count"].to_dict()
    assert apart["doc_id"].nunique().to_dict() == whole["documents"].to_dict()
    assert len(word_counts(corpus)) >= len(whole)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.integers(1, 4))
def test_ngrams_stay_within_a_sentence(texts, n):
    corpus = corpus_of(*texts)
    expected: Counter[str] = Counter()
    for text in sentences(corpus).query("is_content")["text"]:
        forms = [normalise(text[a:b]) for a, b in word_spans(text)]
        expected.update(" ".join(forms[i : i + n]) for i in range(len(forms) - n + 1))
    found = ngrams(corpus, n=n, min_count=1)
    assert dict(zip(found["ngram"], found["count"], strict=True)) == expected
    assert (found["count_raw"] >= found["count"]).all()


def test_frequencies_by_metadata_leave_out_documents_without_it():
    corpus = corpus_of("war war", "war talks", "talks", outlet=["BBC", "CNN", None])
    found = frequencies(corpus, by="outlet")
    assert found[["outlet", "word", "count"]].to_numpy().tolist() == [
        ["BBC", "war", 2],
        ["CNN", "talks", 1],
        ["CNN", "war", 1],
    ]
    assert found["per_thousand"].tolist() == [1000, 500, 500]


def test_stop_words_are_not_listed_but_stay_in_the_total():
    found = frequencies(corpus_of("The war and the drone"), stop_words="english")
    assert found["word"].tolist() == ["drone", "war"]
    assert found["per_thousand"].tolist() == [200, 200]


def test_ngrams_may_hold_a_stop_word_inside_but_not_at_the_edge():
    found = ngrams(corpus_of("the ministry of defence"), n=3, stop_words="english", min_count=1)
    assert found["ngram"].tolist() == ["ministry of defence"]


def test_typographic_and_straight_apostrophes_count_as_one():
    assert frequencies(corpus_of("don’t don't"))["count"].tolist() == [2]


def test_an_ngram_of_no_words_is_refused():
    with pytest.raises(InputError, match="at least one word"):
        ngrams(corpus_of("war"), n=0)


@pytest.mark.parametrize("texts", [(), ("",), ("", "war")])
def test_empty_texts_give_frames_of_the_usual_columns(texts):
    corpus = corpus_of(*texts)
    assert "per_thousand" in frequencies(corpus)
    assert ngrams(corpus, n=2).empty
