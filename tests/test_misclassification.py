"""Corrected shares: the bias of a classifier goes, and the intervals count both samples."""

import numpy as np
import pandas as pd
import pytest

from nbhelpers.corpus import InputError
from nbhelpers.misclassification import corrected_shares

KINDS = ["against", "neutral", "favour"]
CHANCES = np.array([[0.7, 0.2, 0.1], [0.15, 0.7, 0.15], [0.1, 0.25, 0.65]])


def confusion_of(counts, kinds=KINDS):
    return pd.DataFrame(counts, index=kinds, columns=kinds)


def labels_of(counts, group="a"):
    """Labels from the counts of each text (rows) of each kind."""
    return pd.DataFrame(
        [
            (group, text, kind)
            for text, row in enumerate(counts)
            for kind, n in zip(KINDS, row, strict=False)
            for _ in range(n)
        ],
        columns=["group", "doc_id", "kind"],
    )


def corrected(labels, confusion):
    return corrected_shares(labels, confusion, of="kind", by="group")


def test_without_error_nothing_is_corrected():
    found = corrected(labels_of([[3, 1, 0], [2, 2, 2]]), confusion_of(np.diag([50, 50, 50])))
    assert found["share"].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert found["share_given"].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert (found["share_low"] < found["share"]).all()


def test_two_labels_are_corrected_as_by_rogan_and_gladen():
    labels = pd.DataFrame({"group": "a", "doc_id": range(10), "kind": ["sick"] * 4 + ["well"] * 6})
    confusion = confusion_of([[80, 20], [10, 90]], ["sick", "well"])
    found = corrected(labels, confusion).set_index("kind")
    assert found.loc["sick", "share"] == pytest.approx((0.4 + 0.9 - 1) / (0.8 + 0.9 - 1))


def test_shares_that_were_passed_through_the_errors_are_restored():
    given = (np.array([0.2, 0.5, 0.3]) @ CHANCES * 1000).round().astype(int)
    found = corrected(labels_of([given, given]), confusion_of(CHANCES * 100))
    assert found["share"].tolist() == pytest.approx([0.2, 0.5, 0.3], abs=0.002)


@pytest.mark.parametrize("counts", [[[9, 0, 0]] * 3, [[0, 1, 9], [0, 0, 8]], [[1, 9, 0]] * 2])
def test_shares_stay_shares(counts):
    found = corrected(labels_of(counts), confusion_of(CHANCES * 100))
    assert found["share"].sum() == pytest.approx(1)
    assert found[["share", "share_low", "share_high"]].stack().between(0, 1).all()
    assert (found["share_low"] <= found["share"]).all()
    assert (found["share"] <= found["share_high"]).all()


def test_a_matrix_from_few_tests_widens_the_interval():
    labels = labels_of([[3, 4, 3], [4, 4, 2], [2, 5, 3]] * 10)
    widths = [
        (found["share_high"] - found["share_low"]).mean()
        for found in (corrected(labels, confusion_of(CHANCES * n)) for n in (20, 2000))
    ]
    assert widths[0] > 1.5 * widths[1]


def test_one_text_has_no_interval_and_groups_have_rows_of_every_label():
    labels = pd.concat([labels_of([[3, 0, 1]], "b"), labels_of([[1, 1, 1]] * 12, "a")])
    found = corrected(labels, confusion_of(CHANCES * 100))
    assert found["group"].tolist() == ["a"] * 3 + ["b"] * 3
    assert found["kind"].tolist() == KINDS * 2
    assert found["few"].tolist() == [False] * 3 + [True] * 3
    one = found[found["group"] == "b"]
    assert one[["share_low", "share_high"]].isna().all(axis=None)
    assert one["count"].tolist() == [3, 0, 1]


def test_the_order_of_the_matrix_and_unknown_labels_make_no_difference():
    labels = labels_of([[3, 4, 3], [4, 4, 2]])
    confusion = confusion_of(CHANCES * 100)
    more = pd.concat([labels, labels.head(3).assign(kind=None)])
    pd.testing.assert_frame_equal(
        corrected(more, confusion[KINDS[::-1]]), corrected(labels, confusion)
    )
    assert corrected(labels.head(0), confusion).empty


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda labels, confusion: (labels.drop(columns="group"), confusion), "'group'"),
        (lambda labels, confusion: (labels.assign(kind="odd"), confusion), "'odd'"),
        (lambda labels, confusion: (labels, confusion.drop(columns="favour")), "same labels"),
        (lambda labels, confusion: (labels, confusion.mul([1, 0, 1], axis=0)), "'neutral'"),
        (lambda labels, confusion: (labels, confusion * 0 + 1), "apart"),
    ],
)
def test_what_cannot_be_corrected_is_said(change, says):
    labels, confusion = change(labels_of([[1, 1, 1]] * 2), confusion_of(CHANCES * 100))
    with pytest.raises(InputError, match=says):
        corrected(labels, confusion)


def drawn(random, true, likeness, texts, tests):
    """Labels of texts of uneven length with shares of their own, and a matrix from test cases."""
    size = np.maximum(random.negative_binomial(2, 2 / 12, texts), 1)
    shares = random.dirichlet(np.array(true) * (1 - likeness) / likeness, texts)
    counts = np.array(
        [random.multinomial(n, p) for n, p in zip(size, shares @ CHANCES, strict=True)]
    )
    return labels_of(counts), confusion_of(
        [random.multinomial(n, row) for n, row in zip(tests, CHANCES, strict=True)]
    )


@pytest.mark.slow
@pytest.mark.parametrize("true", [(0.2, 0.5, 0.3), (0.4, 0.4, 0.2)])
@pytest.mark.parametrize(
    ("texts", "likeness", "tests"),
    [(20, 0.1, (300, 400, 300)), (20, 0.1, (60, 80, 60)), (40, 0.3, (150, 200, 150))],
)
def test_intervals_hold_the_true_shares_and_the_bias_goes(true, texts, likeness, tests):
    random = np.random.default_rng(20240917)
    found = [corrected(*drawn(random, true, likeness, texts, tests)) for _ in range(1000)]
    low, high, share, given = (
        np.array([frame[column] for frame in found])
        for column in ("share_low", "share_high", "share", "share_given")
    )
    held = ((low <= true) & (true <= high)).mean()
    assert 0.93 <= held <= 0.97
    assert abs(given.mean(axis=0) - true).max() > 0.03
    assert abs(share.mean(axis=0) - true).max() < 0.015
