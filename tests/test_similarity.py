"""Similarity of documents against its definition."""

import math

import pytest

from nbhelpers.corpus import Corpus, Document
from nbhelpers.overview.similarity import similarity

TEXTS = {"a": "war war talks", "b": "war talks", "c": "talks hope", "d": "rain"}


def corpus_of(texts: dict[str, str]) -> Corpus:
    return Corpus([Document(name, text, name) for name, text in texts.items()])


def cosine(one: str, other: str) -> float:
    def vector(name: str) -> dict[str, float]:
        forms = TEXTS[name].split()
        return {
            w: (1 + math.log(forms.count(w)))
            * (1 + math.log(5 / (1 + sum(w in text.split() for text in TEXTS.values()))))
            for w in set(forms)
        }

    a, b = vector(one), vector(other)
    dot = sum(a[w] * b.get(w, 0) for w in a)
    return dot / (math.hypot(*a.values()) * math.hypot(*b.values()))


def test_similarity_is_the_cosine_of_tf_idf():
    found = similarity(corpus_of(TEXTS), stop_words=None)
    assert len(found) == 6  # a, b and c with each other, from both sides
    for row in found.itertuples():
        assert row.similarity == pytest.approx(cosine(row.doc_id, row.other_doc_id))


def test_top_keeps_the_nearest():
    found = similarity(corpus_of(TEXTS), top=1)
    assert found[["doc_id", "other_doc_id", "rank"]].to_numpy().tolist() == [
        ["a", "b", 1],
        ["b", "a", 1],
        ["c", "b", 1],
    ]


@pytest.mark.parametrize("texts", [{}, {"a": "war"}, {"a": "", "b": ""}])
def test_nothing_to_compare_is_an_empty_frame(texts):
    found = similarity(corpus_of(texts))
    assert found.empty and found.columns.tolist() == [
        *("doc_id", "other_doc_id", "similarity", "rank")
    ]
