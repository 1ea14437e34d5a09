"""Charts: drawn for any names, also none, and never without words for those who cannot see them."""

import base64
import re
from itertools import pairwise

import pandas as pd
import pytest

from nbhelpers import show

WORDS = {"alt": "what it shows", "caption": "what it tells"}
HOSTILE = ["<script>alert(1)</script>", "$x^2$", "a" * 500]


def decoded(address):
    return base64.b64decode(address).decode()


@pytest.mark.parametrize("names", [["first", "second"], HOSTILE])
def test_stacked_bars_are_drawn_for_any_names(names):
    shares = pd.DataFrame({"body": 0.5, "promo": 0.25}, index=names)
    html = show.stacked_bars(shares, xlabel="share", **WORDS)._repr_html_()
    assert 'alt="what it shows"' in html
    assert "<script>" not in html


@pytest.mark.parametrize("names", [["first", "second"], HOSTILE])
def test_intervals_are_drawn_for_any_names(names):
    rows = pd.DataFrame({"name": names, "group": names, "value": 1.0, "low": 0.0, "high": 3.0})
    columns = {"value": "value", "low": "low", "high": "high", "label": "name", "group": "group"}
    html = show.intervals(rows, **columns, xlabel="log ratio", **WORDS)._repr_html_()
    assert "what it tells" in html
    assert "<script>" not in html


def test_intervals_of_shares_reach_from_none_to_all():
    show.style()
    rows = pd.DataFrame({"name": ["a"], "share": [0.0], "low": [0.0], "high": [0.3]})
    columns = {"value": "share", "low": "low", "high": "high", "label": "name", "group": "name"}
    shown = show.intervals(rows, **columns, shares=True, xlabel="share", **WORDS)
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown._repr_html_())[1]
    assert {"0%", "100%"} <= set(re.findall(r">(\d+%)</text>", decoded(address)))


def test_a_chart_without_words_is_refused():
    with pytest.raises(ValueError, match="alt"):
        show.stacked_bars(pd.DataFrame({"a": [1.0]}), xlabel="share", alt=" ", caption="c")


def test_without_a_row_a_chart_is_a_sentence():
    bars = show.stacked_bars(pd.DataFrame({"promo": []}), xlabel="share", **WORDS)
    rows = pd.DataFrame(columns=["value", "low", "high", "label", "group"])
    dots = show.intervals(rows, **{name: name for name in rows}, xlabel="log ratio", **WORDS)
    assert repr(bars) == repr(dots) == "what it tells: none."


@pytest.mark.parametrize("share", [0.01, 0.04, 0.19, 0.5, 1.0])
def test_the_labels_of_shares_are_whole_per_cents_in_even_steps(share):
    show.style()  # labels as text, not as paths
    shown = show.stacked_bars(pd.DataFrame({"promo": [share]}, index=["a"]), xlabel="s", **WORDS)
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown._repr_html_())[1]
    labels = re.findall(r">(\d+)%</text>", decoded(address))
    steps = {int(b) - int(a) for a, b in pairwise(labels)}
    assert len(labels) > 3 and len(steps) == 1 and min(steps) > 0


def test_groups_that_share_a_colour_differ_in_their_marker():
    names = list("abcdefgh")
    rows = pd.DataFrame({"name": names, "value": 1.0, "low": 0.0, "high": 3.0})
    columns = {"value": "value", "low": "low", "high": "high", "label": "name", "group": "name"}
    shown = show.intervals(rows, **columns, xlabel="log ratio", **WORDS)
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown._repr_html_())[1]
    dots = re.findall(r'<use xlink:href="#(\w+)"[^>]*style="fill: (#\w+)', decoded(address))
    assert len(set(dots)) >= len(names)
