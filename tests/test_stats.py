"""Intervals: they agree with the libraries where these apply, and keep their level where not."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from nbhelpers.stats import intraclass_correlation, rates, shares, wilson


def cases_of(counts, group="a"):
    """Cases from rows of (text, kind, how many)."""
    return pd.DataFrame(
        [(group, text, kind) for text, kind, n in counts for _ in range(n)],
        columns=["group", "doc_id", "kind"],
    )


@pytest.mark.parametrize(("count", "n"), [(0, 5), (3, 10), (10, 10), (120, 400)])
def test_the_interval_of_independent_cases_is_that_of_scipy(count, n):
    low, high = wilson(np.array([count / n]), np.array([float(n)]))
    expected = binomtest(count, n).proportion_ci(method="wilson")
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_every_value_has_a_row_in_every_group_and_shares_add_up():
    cases = pd.concat([cases_of([("a", "x", 3), ("b", "y", 1)]), cases_of([("c", "x", 2)], "b")])
    found = shares(cases, of="kind", by="group")
    rows = found[["group", "kind", "count", "n", "documents"]].values.tolist()
    assert rows == [
        ["a", "x", 3, 4, 2],
        ["a", "y", 1, 4, 2],
        ["b", "x", 2, 2, 1],
        ["b", "y", 0, 2, 1],
    ]
    assert (found.groupby("group")["share"].sum() == 1).all()
    assert (found["share_low"] <= found["share"]).all()
    assert (found["share"] <= found["share_high"]).all()


def test_weights_stand_for_cases_and_what_is_unknown_is_left_out():
    cases = cases_of([("a", "x", 3), ("a", "y", 1), ("b", "x", 1)])
    weighted = pd.DataFrame(
        {
            "group": "a",
            "doc_id": ["a", "a", "b", "b"],
            "kind": ["x", "y", "x", None],
            "n": [3, 1, 1, 9],
        }
    )
    expected = shares(cases, of="kind", by="group")
    pd.testing.assert_frame_equal(shares(weighted, of="kind", by="group", weight="n"), expected)


def test_likeness_within_texts_widens_the_interval():
    alike = cases_of([(f"{i}", "x" if i < 5 else "y", 10) for i in range(10)])
    mixed = cases_of([(f"{i}", kind, 5) for i in range(10) for kind in "xy"])
    widths = [
        (found["share_high"] - found["share_low"]).iloc[0]
        for found in (shares(cases, of="kind", by="group") for cases in (mixed, alike))
    ]
    assert widths[1] > 2.5 * widths[0]


def test_likeness_is_estimated_within_groups_only():
    counts = np.array([[9, 1], [8, 2], [1, 9], [2, 8]])
    within, freedom = intraclass_correlation(counts, np.array([0, 0, 1, 1]))
    over_all, _ = intraclass_correlation(counts, np.zeros(4, int))
    assert freedom == 2
    assert (within < 0.1).all()
    assert (over_all > 0.5).all()


def test_one_text_a_group_counts_its_cases_as_independent():
    found = shares(cases_of([("a", "x", 30), ("a", "y", 30)]), of="kind", by="doc_id")
    expected = binomtest(30, 60).proportion_ci(method="wilson")
    assert found["share_low"].tolist() == pytest.approx([expected.low] * 2)


def test_few_cases_are_called_small_by_what_they_are_worth():
    alike = cases_of([(f"{i}", "x" if i % 2 else "y", 20) for i in range(6)])
    mixed = cases_of([(f"{i}", kind, 10) for i in range(6) for kind in "xy"])
    assert shares(alike, of="kind", by="group")["small"].all()
    assert not shares(mixed, of="kind", by="group")["small"].any()


def test_without_a_case_there_is_no_row():
    none = shares(cases_of([]), of="kind", by="group")
    assert none.empty
    assert rates(pd.DataFrame({"g": [], "a": [], "b": []}), part="a", whole="b", by="g").empty


def test_a_rate_is_a_ratio_of_totals_and_needs_two_texts_for_an_interval():
    totals = pd.DataFrame({"g": list("aab"), "said": [2, 7, 3], "words": [100, 200, 0]})
    found = rates(totals, part="said", whole="words", by="g").set_index("g")
    assert found.loc["a", "rate"] == pytest.approx(0.03)
    assert found.loc["a", "rate_low"] < 0.03 < found.loc["a", "rate_high"]
    assert found.loc["b", ["rate", "rate_low", "rate_high"]].isna().all()


def coverage(draw, true, find, runs=300):
    """How often the intervals that ``find`` gives for what ``draw`` makes hold the true value."""
    random = np.random.default_rng(20240917)
    found = [interval for _ in range(runs) for interval in find(draw(random))]
    return np.mean([low <= true <= high for low, high in found])


@pytest.mark.slow
@pytest.mark.parametrize("likeness", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("texts", [(3,), (5,), (10,), (40,), (2,) * 5, (5,) * 3, (1, 2, 3, 4, 5)])
def test_intervals_of_shares_hold_the_true_value(texts, likeness, true=0.8):
    """Texts of uneven length, each with a share of its own, drawn from a beta distribution."""
    groups = np.repeat(np.arange(len(texts)), texts)
    spread = (1 - likeness) / likeness

    def draw(random):
        size = np.maximum(random.negative_binomial(2, 2 / 17, len(groups)), 1)
        hits = random.binomial(size, random.beta(true * spread, (1 - true) * spread, len(groups)))
        texts = pd.DataFrame({"group": groups, "doc_id": np.arange(len(groups))})
        return pd.concat([texts.assign(kind="x", n=hits), texts.assign(kind="y", n=size - hits)])

    def find(cases):
        found = shares(cases, of="kind", by="group", weight="n")
        x = found[found["kind"] == "x"]
        return zip(x["share_low"], x["share_high"], strict=True)

    assert coverage(draw, true, find) >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("texts", [3, 5, 10, 40])
def test_intervals_of_rates_hold_the_true_value(texts, true=0.02):
    def draw(random):
        words = np.exp(random.normal(6, 0.6, texts))
        said = random.poisson(random.gamma(4, true / 4, texts) * words)
        return pd.DataFrame({"group": "a", "said": said, "words": words})

    def find(totals):
        found = rates(totals, part="said", whole="words", by="group")
        return zip(found["rate_low"], found["rate_high"], strict=True)

    assert coverage(draw, true, find) >= 0.87
