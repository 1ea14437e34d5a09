"""Dispersion against the published example."""

import pytest

from nbhelpers.corpus import Corpus, Document
from nbhelpers.overview.dispersion import dispersion

# The corpus of five parts that Gries (2008) computes all measures of dispersion on; he gives
# DP = 0.18 for "a" (counts 1 to 5 in parts of 9, 10, 10, 10 and 11 words). Lijffijt and Gries
# (2012) divide by 1 - 0.18: 0.22.
PARTS = [
    "b a m n i b e u p",
    "b a s a t b e w q n",
    "b c a g a b e s t a",
    "b a g h a b e a a t",
    "b a h a a b e a x a t",
]


@pytest.fixture
def gries() -> Corpus:
    # A sentence around each part, in which its letters are words.
    return Corpus([Document(f"p{i}", part, f"p{i}.txt") for i, part in enumerate(PARTS)])


def test_dp_is_that_of_the_published_example(gries):
    row = dispersion(gries).set_index("word").loc["a"]
    assert (row["count"], row["parts"], row["n_parts"]) == (15, 5, 5)
    assert row["dp"] == pytest.approx(0.18)
    assert row["dp_norm"] == pytest.approx(0.18 / 0.82)


def test_dp_equals_its_definition_for_every_word(gries):
    texts = [part.split() for part in PARTS]
    size = sum(map(len, texts))
    for row in dispersion(gries, min_count=1).itertuples():
        expected = sum(abs(len(text) / size - text.count(row.word) / row.count) for text in texts)
        assert row.dp == pytest.approx(expected / 2), row.word


def test_one_part_has_no_normalised_dispersion_and_few_occurrences_are_small():
    found = dispersion(Corpus([Document("a", "war war talks talks talks talks talks", "a.txt")]))
    assert found["dp_norm"].isna().all()
    assert found.set_index("word")["small"].to_dict() == {"war": True, "talks": False}


def test_an_empty_corpus_has_no_dispersion():
    assert dispersion(Corpus([])).empty
