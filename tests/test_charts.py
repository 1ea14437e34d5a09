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


# Grids of means

NAMES = {"row": "target", "column": "outlet", "value": "mean", "low": "low", "high": "high"}
LOOKS = {**NAMES, "n": "n", "ends": ("against", "in favour"), **WORDS}


def cells(*rows):
    columns = ["target", "outlet", "mean", "low", "high", "n"]
    return pd.DataFrame(rows, columns=columns)


def drawn(shown):
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown._repr_html_())[1]
    return decoded(address)


def written(shown):
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawn(shown))


def test_a_grid_tells_the_side_by_place_and_marker():
    show.style()
    rows = [
        ("X", "a", -0.5, -0.7, -0.3, 9),
        ("X", "b", 0.5, 0.3, 0.7, 9),
        ("X", "c", 0.1, -1, 1, 9),
    ]
    svg = drawn(show.interval_grid(cells(*rows), **LOOKS))
    dots = re.findall(r'<use xlink:href="#(\w+)" x="([\d.]+)"[^>]*style="fill: (#\w+)', svg)
    markers, places, fills = zip(*dots[::2], strict=True)  # each is followed by its legend's
    assert len(set(markers)) == len(set(fills)) == 3
    scale = sorted(map(float, places))
    assert len(scale) == 3
    meanings = written(show.interval_grid(cells(*rows), **LOOKS))[-3:]
    assert meanings == [
        "whole interval against",
        "whole interval in favour",
        "interval holds 0, or there is none",
    ]


def test_a_grid_keeps_the_order_and_says_where_there_is_too_little():
    show.style()
    rows = [("Z", "b", 0.5, 0.3, 0.7, 1200), ("A", "a", None, None, None, 3)]
    words = written(show.interval_grid(cells(*rows), **LOOKS))
    assert [word for word in words if word in {"a", "b", "A", "Z"}] == ["b", "a", "Z", "A"]
    assert [word for word in words if word.startswith("n = ")] == ["n = 1,200", "n = 3"]
    assert "too few cases, or none" in words


def test_a_mean_without_an_interval_takes_no_side():
    show.style()
    words = written(show.interval_grid(cells(("X", "a", 0.9, None, None, 9)), **LOOKS))
    assert "interval holds 0, or there is none" in words
    assert not any("whole interval" in word for word in words)


def test_more_than_fit_are_cut_and_the_caption_says_so():
    show.style()
    rows = [(f"t{r}", f"o{c}", 0.0, -0.1, 0.1, 7) for r in range(17) for c in range(13)]
    shown = show.interval_grid(cells(*rows), **LOOKS)
    caption = "what it tells. Shown are the first 15 of 17 rows and 12 of 13 columns."
    assert f'<figcaption dir="auto">{caption}</figcaption>' in shown._repr_html_()
    words = written(shown)
    assert "t14" in words and "t15" not in words and "o11" in words and "o12" not in words
    assert words.count("t0") == 2  # at both ends of a grid that scrolls
    fits = show.interval_grid(cells(*rows[:7]), **LOOKS)
    assert "Shown are" not in repr(fits)
    assert written(fits).count("t0") == 1


@pytest.mark.parametrize("name", [*HOSTILE, "", "two\nlines", "\x00\x0b"])
def test_a_grid_is_drawn_for_any_names(name):
    show.style()
    html = show.interval_grid(cells((name, name, 0.1, 0, 0.2, 5)), **LOOKS)._repr_html_()
    assert "<script>" not in html
    assert "<script>" not in drawn(show.interval_grid(cells((name, name, 0.1, 0, 1, 5)), **LOOKS))


def test_a_grid_refuses_what_does_not_fit_its_scale_and_what_is_there_twice():
    with pytest.raises(ValueError, match="between -1 and 1"):
        show.interval_grid(cells(("X", "a", 0.5, 0.1, 1.5, 9)), **LOOKS)
    with pytest.raises(ValueError, match="two means for"):
        show.interval_grid(cells(*[("X", "a", 0.5, 0.1, 0.9, 9)] * 2), **LOOKS)
    assert repr(show.interval_grid(cells(), **LOOKS)) == "what it tells: none."


def dated_rows(**columns):
    rows = {"value": [3000.0], "low": [3000.0], "high": [3000.0], "day": ["2024-05-06"]}
    rows |= {"placed": ["dated"], "claimant": ["Ann Lee"]} | columns
    frame = pd.DataFrame(rows)
    return frame.assign(day=pd.to_datetime(frame["day"]), claimant=frame["claimant"].astype("str"))


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"day": [None], "placed": ["no date"], "claimant": [None]},
        {"value": [0.0], "low": [-5.0], "high": [None]},
        {"low": [None], "placed": ["by its text"]},
    ],
)
def test_figures_by_date_are_drawn_with_and_without_dates_and_bounds(columns):
    show.style()
    html = show.dated_values(dated_rows(**columns), ylabel="soldiers", **WORDS)._repr_html_()
    assert 'alt="what it shows"' in html
    assert "base64" in html


def test_figures_by_date_have_a_column_for_each_lack_of_a_date_and_all_claimants_a_mark():
    n = 12
    rows = dated_rows(
        value=[10.0**k for k in range(n)],
        low=[1.0] * n,
        high=[float("inf")] + [1e12] * (n - 1),
        day=["2024-05-06", "2024-05-06", "2031-01-01"] + [None] * (n - 3),
        placed=["dated"] * 3 + ["without a year"] * 4 + ["no date"] * (n - 7),
        claimant=[*HOSTILE, *(f"claimant {k}" for k in range(n - 3))],
    )
    html = show.dated_values(rows, ylabel="$x^2$", **WORDS)._repr_html_()
    svg = decoded(re.findall(r"base64,([^\"]+)", html)[0])
    assert "no date" in svg
    assert "others" in svg
    assert "<script>" not in svg


def test_without_a_figure_there_is_a_sentence():
    for rows in (dated_rows().head(0), dated_rows(value=[float("inf")])):
        assert "none" in str(show.dated_values(rows, ylabel="soldiers", **WORDS))
