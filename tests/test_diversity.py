"""Lexical diversity against another implementation."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from nbhelpers.corpus import Corpus, Document
from nbhelpers.overview.diversity import HDD_DRAWS, MATTR_WINDOW, diversity, hdd, mattr, mtld

GETTYSBURG = """\
Four score and seven years ago our fathers brought forth upon this continent, a new nation, \
conceived in Liberty, and dedicated to the proposition that all men are created equal.
Now we are engaged in a great civil war, testing whether that nation, or any nation so conceived \
and so dedicated, can long endure. We are met on a great battlefield of that war. We have come to \
dedicate a portion of that field, as a final resting place for those who here gave their lives \
that that nation might live. It is altogether fitting and proper that we should do this.
But, in a larger sense, we can not dedicate, we can not consecrate, we can not hallow this \
ground. The brave men, living and dead, who struggled here, have consecrated it, far above our \
poor power to add or detract. The world will little note, nor long remember what we say here, but \
it can never forget what they did here. It is for us the living, rather, to be dedicated here to \
the unfinished work which they who fought here have thus far so nobly advanced. It is rather for \
us to be here dedicated to the great task remaining before us, that from these honored dead we \
take increased devotion to that cause for which they gave the last full measure of devotion, that \
we here highly resolve that these dead shall not have died in vain, that this nation, under God, \
shall have a new birth of freedom, and that government of the people, by the people, for the \
people, shall not perish from the earth.
"""

CODES = st.lists(st.integers(0, 30), min_size=100, max_size=200).map(
    lambda numbers: np.unique(numbers, return_inverse=True)[1]
)


def test_measures_are_those_of_lexicalrichness():
    # Made with PyPI's lexicalrichness 0.5.1 on the same 271 words (Lincoln 1863, Bliss copy):
    # LexicalRichness(text).mtld(threshold=0.72), .hdd(draws=42), .mattr(window_size=50), .ttr
    row = diversity(Corpus([Document("a", GETTYSBURG, "a.txt")])).iloc[0]
    assert row[["n_words_raw", "n_types_raw"]].tolist() == [271, 139]
    expected = [0.5129151291512916, 57.91768953068592, 0.8262990633754632, 0.7683783783783783]
    found = row[["ttr_raw", "mtld_raw", "hdd_raw", "mattr_raw"]].tolist()
    assert found == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(CODES)
def test_mattr_is_the_mean_over_all_windows(code):
    windows = np.lib.stride_tricks.sliding_window_view(code, MATTR_WINDOW)
    expected = np.mean([len(set(window)) / MATTR_WINDOW for window in windows.tolist()])
    assert mattr(code) == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(CODES)
def test_hdd_is_the_sum_of_hypergeometric_chances(code):
    absent = stats.hypergeom.pmf(0, len(code), np.bincount(code), HDD_DRAWS)
    assert hdd(code) == pytest.approx((1 - absent).sum() / HDD_DRAWS)


def test_mtld_counts_whole_and_part_factors():
    # "a b" reaches 0.67 at each third word: four factors of three words in twelve, both ways.
    assert mtld(np.array([0, 1, 0] * 4)) == pytest.approx(3)
    assert np.isnan(mtld(np.arange(200)))


def test_short_texts_have_no_diversity_and_a_note_says_why():
    found = diversity(Corpus([Document("a", "war " * 99, "a"), Document("b", "war " * 100, "b")]))
    assert found.loc[0, ["ttr", "mtld", "hdd", "mattr"]].isna().all()
    assert "fewer than 100 words" in found.loc[0, "note"]
    assert found.loc[1, ["ttr", "mtld", "hdd", "mattr"]].notna().all()
    assert found["note"].isna().tolist() == [False, True]


def test_an_empty_corpus_and_an_empty_text():
    assert diversity(Corpus([])).empty
    assert diversity(Corpus([Document("a", "", "a.txt")]))["n_words"].tolist() == [0]
