"""Keyness against independent implementations."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.overview.keyness import adjust, keyness, log_likelihood, log_ratio

COUNTS = st.integers(0, 500)
SIZES = st.integers(501, 100_000)


def corpus_of(*texts: str, outlets: str = "") -> Corpus:
    return Corpus(
        Document(f"d{i}", text, f"d{i}.txt", {"outlet": outlets[i]} if outlets else {})
        for i, text in enumerate(texts)
    )


@settings(max_examples=40, deadline=None)
@given(COUNTS, SIZES, COUNTS, SIZES)
def test_log_likelihood_is_scipys_g_test_of_two_counts(a, n, b, m):
    expected = 0.0
    if a + b:
        shares = np.array([n, m]) * (a + b) / (n + m)
        expected = stats.power_divergence([a, b], shares, lambda_="log-likelihood").statistic
    assert log_likelihood(a, n, b, m) == pytest.approx(expected, abs=1e-6)


def test_log_likelihood_is_that_of_the_formula_of_rayson_and_garside():
    # Worked by hand: E1 = 1000 * 12 / 2000 = 6 = E2; 2 * (10 ln(10/6) + 2 ln(2/6)) = 5.822.
    assert log_likelihood(10, 1000, 2, 1000) == pytest.approx(5.822, abs=1e-3)


def test_each_doubling_adds_one_to_the_log_ratio():
    # Hardie (2014): twice as common is 1, four times is 2, sixteen times is 4.
    assert [log_ratio(k, 1000, 1, 1000).ratio for k in (1, 2, 4, 16)] == [0, 1, 2, 4]
    assert log_ratio(0, 1000, 4, 1000).ratio == pytest.approx(-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 500), SIZES, st.integers(1, 500), SIZES)
def test_the_interval_is_scipys_for_the_relative_risk(a, n, b, m):
    from scipy.stats.contingency import relative_risk

    low, high = relative_risk(a, n, b, m).confidence_interval(0.95)
    found = log_ratio(a, n, b, m)
    assert (found.low, found.high) == pytest.approx((np.log2(low), np.log2(high)), abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_adjusted_p_values_are_scipys(p):
    values = np.array(p)
    assert adjust(values, len(p)) == pytest.approx(stats.false_discovery_control(values))


def test_p_is_that_of_chi_squared_with_one_degree_of_freedom():
    found = keyness(corpus_of("war war war talks drone", "talks talks hope"), top=None)
    assert found["p"].to_numpy() == pytest.approx(stats.chi2.sf(found["log_likelihood"], 1))


def test_each_row_holds_the_counts_it_was_computed_from():
    found = keyness(corpus_of("war " * 8 + "the " * 4, "the " * 12 + "talks " * 6), top=None)
    row = found.set_index(["doc_id", "word"]).loc[("d0", "war")]
    assert row[["count", "n_words", "reference_count"]].tolist() == [8, 12, 0]
    assert row["direction"] == "positive" and not row["small"]
    absent = found.set_index(["doc_id", "word"]).loc[("d0", "talks")]
    assert absent[["count", "reference_count", "direction"]].tolist() == [0, 6, "negative"]
    assert absent["log_ratio"] < 0


def test_words_of_furniture_alone_are_no_comparisons():
    stories = ["The ferry stayed in the harbour all day.", "Rain fell in the hills all night."]
    buttons = "\nShare Tweet Email Whatsapp Facebook"
    clean = keyness(corpus_of(*stories), top=None)
    found = keyness(corpus_of(stories[0] + buttons, stories[1] + buttons), top=None)
    assert found["p_adjusted"].tolist() == clean["p_adjusted"].tolist()


def test_words_of_equal_share_are_listed_as_neither_sure_nor_large():
    found = keyness(corpus_of("war talks", "war talks"), top=None)
    assert (found["log_likelihood"] < 1e-9).all() and (found["p_adjusted"] > 0.99).all()


def test_top_keeps_the_strongest_of_each_direction():
    corpus = corpus_of("war " * 9 + "raid " * 5 + "aid", "talks " * 9 + "hope " * 5 + "vow")
    found = keyness(corpus, top=1)
    assert found[["doc_id", "direction", "word"]].to_numpy().tolist() == [
        ["d0", "positive", "war"],
        ["d0", "negative", "talks"],
        ["d1", "positive", "talks"],
        ["d1", "negative", "war"],
    ]


def test_a_target_may_be_a_metadata_value_and_gives_the_same_rows_as_all():
    corpus = corpus_of("war war", "war aid", "talks talks", outlets="AAB")
    every = keyness(corpus, by="outlet", top=None)
    alone = keyness(corpus, by="outlet", target="B", top=None)
    assert alone.equals(every[every["outlet"] == "B"].reset_index(drop=True))


def test_against_english_news_words_stand_out_and_common_words_are_missed():
    text = "Ukrainian troops near Kursk fought North Korean troops near Kursk. " * 20
    found = keyness(corpus_of(text), reference="english", top=None).set_index("word")
    assert found.loc["kursk", "direction"] == "positive"
    assert found.loc["the", ["direction", "count"]].tolist() == ["negative", 0]
    assert found["reference_count"].isna().all()


def test_a_word_that_english_does_not_list_has_a_floor_and_no_reference():
    found = keyness(corpus_of("zzyzxqq " * 6 + "1,234 " * 5), reference="english").set_index("word")
    assert np.isnan(found.loc["zzyzxqq", "reference_per_thousand"])
    assert found.loc["zzyzxqq", "log_ratio"] > 20
    assert "1,234" not in found.index


def test_a_stop_list_changes_what_is_listed_and_nothing_else():
    corpus = corpus_of("the war the war the war", "a talk a talk")
    every = keyness(corpus, top=None)
    listed = keyness(corpus, top=None, stop_words="english")
    kept = every[~every["word"].isin(["the", "a"])].reset_index(drop=True)
    assert listed.equals(kept)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "x"}, "No document has doc_id 'x'"),
        ({"by": "outlet"}, "No document has the metadata 'outlet'"),
        ({"reference": "french"}, "no reference 'french'"),
    ],
)
def test_what_is_not_there_is_named(options, message):
    with pytest.raises(InputError, match=message):
        keyness(corpus_of("war", "talks"), **options)


def test_one_document_has_no_rest():
    with pytest.raises(InputError, match="reference='english'"):
        keyness(corpus_of("war"))


@pytest.mark.parametrize("text", ["...", "7 8 9"])
def test_a_text_without_a_word_has_no_keywords_against_english(text):
    assert keyness(corpus_of(text), reference="english").empty
