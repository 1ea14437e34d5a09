"""The picture of who cites whom: every name is there, once, in its column, whatever it holds."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pandas as pd
import pytest
from conftest import HOSTILE

from nbhelpers import show

WORDS = {"cited_in": "text", "alt": "what it shows", "caption": "what it tells"}
COLUMNS = ["citing", "citing_level", "cited", "count"]
CHAIN = [("CNN", 1, "two officials", 3), ("a", 0, "CNN", 3), ("b", 0, "Ann Lee", 1)]


def drawn(rows):
    """The picture, and where its texts stand."""
    show.style()
    shown = show.chain_graph(pd.DataFrame(rows, columns=COLUMNS), **WORDS)
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown._repr_html_())[1]
    svg = base64.b64decode(address).decode()
    texts = {}
    for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        texts["".join(text.itertext())] = float(text.get("x")), float(text.get("y"))
    return svg, texts


def test_sources_carriers_and_groups_stand_in_their_columns():
    _, texts = drawn(CHAIN)
    places = {name: x for name, (x, _) in texts.items()}
    assert places["two officials"] == places["Ann Lee"]
    assert places["Ann Lee"] < places["CNN"] < places["a"] == places["b"]
    assert places["source"] < places["through"] < places["text"]


def test_without_a_carrier_there_are_two_columns():
    _, texts = drawn([("a", 0, "Ann Lee", 2), ("b", 0, "Ann Lee", 1)])
    assert "through" not in texts
    assert {"source", "text", "Ann Lee", "a", "b"} == set(texts)


def test_a_source_that_one_cites_directly_and_one_through_another_stands_once():
    _, texts = drawn([*CHAIN, ("b", 0, "two officials", 1)])
    assert texts["two officials"][0] == texts["Ann Lee"][0]


def test_names_that_stand_beneath_each_other_keep_apart():
    rows = [(f"text {n}", 0, f"source {n % 17}", n + 1) for n in range(40)]
    _, texts = drawn(rows)
    for column in ("source", "text"):
        heights = sorted(y for name, (_, y) in texts.items() if name.startswith(f"{column} "))
        assert min(b - a for a, b in pairwise(heights)) > 12


@pytest.mark.parametrize("name", [HOSTILE, "x" * 300, " ", "a b " * 80, "ΩЖ語📹"])
def test_any_name_can_be_drawn(name):
    svg, texts = drawn([(name, 0, name, 1)])
    assert "<script>" not in svg
    assert texts


def test_sources_that_cite_each_other_and_missing_carriers_do_no_harm():
    _, texts = drawn([("A", 1, "B", 1), ("B", 1, "A", 1), ("t", 0, "B", 1)])
    assert {"A", "B", "t"} <= set(texts)
    _, texts = drawn([("A", 1, "B", 1)])
    assert {"A", "B"} <= set(texts)
    _, texts = drawn([("A", 3, "B", 1), ("t", 0, "B", 2)])
    assert {"A", "B", "t"} <= set(texts)


def test_it_is_the_same_picture_again_and_has_its_words():
    frame = pd.DataFrame(CHAIN, columns=COLUMNS)
    first, again = (show.chain_graph(frame, **WORDS)._repr_html_() for _ in range(2))
    assert first == again
    assert 'alt="what it shows"' in first
    assert "what it tells" in first


def test_without_a_row_it_is_a_sentence():
    nothing = pd.DataFrame([], columns=COLUMNS)
    assert repr(show.chain_graph(nothing, **WORDS)) == "what it tells: none."
