"""Collocations against plain counting and NLTK's own finder."""

import math

import pytest
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures

from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.overview.collocation import collocations

TEXT = "the north korean troops met the north korean envoy near the kursk region and the north sea"


def corpus_of(text: str) -> Corpus:
    return Corpus([Document("a", text, "a.txt")])


@pytest.mark.parametrize(
    ("column", "measure"),
    [
        ("log_likelihood", BigramAssocMeasures.likelihood_ratio),
        ("mutual_information", BigramAssocMeasures.pmi),
        ("t_score", BigramAssocMeasures.student_t),
    ],
)
def test_neighbours_are_counted_as_in_nltks_contingency_tables(column, measure):
    found = collocations(corpus_of(TEXT), window=1, min_count=1, stop_words=None, top=None)
    pairs = list(zip(TEXT.split(), TEXT.split()[1:], strict=False))
    for row in found.itertuples():
        count = pairs.count((row.word, row.collocate))
        left = sum(pair[0] == row.word for pair in pairs)
        right = sum(pair[1] == row.collocate for pair in pairs)
        assert getattr(row, column) == pytest.approx(measure(count, (left, right), len(pairs)))
    finder = BigramCollocationFinder.from_words(TEXT.split())
    assert found.set_index(["word", "collocate"])["count"].to_dict() == dict(finder.ngram_fd)


def test_log_dice_is_rychlys():
    # Rychlý (2008): 14 + log2(2 f_xy / (f_x + f_y)); 14 where two words only occur together.
    text = "red carpet. " * 3 + "red flag. Blue flag."
    found = collocations(corpus_of(text), window=1, min_count=1).set_index(["word", "collocate"])
    assert found.loc[("red", "carpet"), "log_dice"] == pytest.approx(14 + math.log2(6 / 7))
    assert found["log_dice"].max() <= 14


def test_a_nodes_neighbours_stand_on_both_sides_within_the_window_and_the_sentence():
    text = "Fresh troops crossed. Many left there today. More troops crossed the river by night."
    found = collocations(corpus_of(text), node="Troops", window=2, min_count=1, stop_words=None)
    assert set(found["word"]) == {"troops"}
    counts = found.set_index("collocate")["count"].to_dict()
    assert counts == {"fresh": 1, "crossed": 2, "more": 1, "the": 1}


def test_stop_words_are_counted_but_not_listed():
    found = collocations(corpus_of("state of war. " * 3), window=2)
    assert found[["word", "collocate", "count"]].to_numpy().tolist() == [["state", "war", 3]]
    assert found["n_pairs"].tolist() == [9] and found["small"].tolist() == [True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measure": "luck"}, "no measure 'luck'; take log_dice"),
        ({"window": 0}, "window"),
        ({"node": "north korea"}, "single word"),
        ({"node": ""}, "single word"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(InputError, match=message):
        collocations(corpus_of(TEXT), **options)


@pytest.mark.parametrize("node", [None, "war"])
def test_nothing_to_pair_is_an_empty_frame(node):
    assert collocations(Corpus([]), node=node).empty
    assert collocations(corpus_of("peace"), node=node).empty
