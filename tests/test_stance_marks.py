"""Marks of stance on reader pages: what is decided, with what was read and whose words."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from conftest import HOSTILE
from hypothesis import given, settings
from strategies import texts

from nbhelpers import positioning, show
from nbhelpers.cleaning import damage, segments
from nbhelpers.corpus import Corpus, Document
from nbhelpers.positioning import stance_layers
from nbhelpers.voices import layers

AGAINST = "Ann Lee lied to voters and betrayed her friends."
FAVOUR = "“Ann Lee is a great and honest mayor,” Bob Hay said."
NEUTRAL = "Ann Lee arrived on Monday."


def corpus_of(*texts: str) -> Corpus:
    return Corpus(Document(chr(97 + n), text, f"{n}.txt") for n, text in enumerate(texts))


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return corpus_of(f"{AGAINST} {NEUTRAL} {FAVOUR}", NEUTRAL)


def test_only_what_is_decided_is_marked_on_the_mention(corpus):
    marks = stance_layers(corpus)
    judged = positioning.judgements(corpus)
    decided = judged[judged["side"].isin(["against", "favour"])]
    places = ["doc_id", "start", "end"]
    assert marks[places].values.tolist() == decided[places].values.tolist()
    assert marks["kind"].tolist() == ["against", "favour"]
    assert marks["label"].tolist() == ["against Ann Lee", "in favour of Ann Lee"]
    assert [corpus.text(d)[s:e] for d, s, e in marks[places].values] == ["Ann Lee", "Ann Lee"]


def test_a_note_says_how_surely_in_whose_voice_and_what_was_read(corpus):
    own, others = stance_layers(corpus)["note"]
    judged = positioning.judgements(corpus)
    assert own.startswith(f"Probability {judged['probability'].iloc[0]:.2f}. ")
    assert "In the author’s own voice." in own
    assert "“[TARGET] lied to voters and betrayed [name] friends.”" in own
    assert "In the voice of Bob Hay." in others
    assert "“[TARGET] is a great and honest mayor,”" in others


def test_a_voice_may_have_no_name():
    marks = stance_layers(corpus_of("“Ann Lee is a great and honest mayor.” It was said."))
    quoted = stance_layers(corpus_of("“Ann Lee is a great and honest mayor,” it said."))
    notes = pd.concat([marks, quoted])["note"]
    assert not notes.str.contains("nan|None|<NA>").any()


def test_a_note_of_a_long_sentence_is_cut_on_both_sides():
    long = f"After {'many long and dull ' * 9}days, Ann Lee lied to voters {'and again ' * 9}."
    read = stance_layers(corpus_of(long))["note"].iloc[0].partition("read: ")[2]
    assert read.startswith("“… ") and read.endswith(" …”")
    assert len(read.split()) < 30


def test_options_choose_what_is_marked(corpus):
    assert stance_layers(corpus, min_probability=1.0).empty
    marks = stance_layers(corpus, targets={"Mayor": ["Ann Lee"]})
    assert marks["label"].tolist() == ["against Mayor", "in favour of Mayor"]


def test_the_columns_are_those_of_the_marks_of_attributions(corpus):
    marks, both = stance_layers(corpus), layers(corpus)
    pd.testing.assert_series_equal(marks.dtypes, both.dtypes)
    assert marks[["mark_id", "via", "text"]].isna().all(axis=None)
    pd.testing.assert_series_equal(stance_layers(corpus_of("")).dtypes, both.dtypes)


def test_a_page_shows_both_and_stays_harmless():
    text = f"{HOSTILE}\n\n{AGAINST} {FAVOUR}\n\n<b>Ann Lee</b> lied to <script>alert(7)</script>."
    corpus = corpus_of(text)
    marks = pd.concat([layers(corpus), stance_layers(corpus)])
    page = show.reader_page(corpus["a"], segments(corpus), damage(corpus), layers=marks)
    assert re.search(r'class="mark l\d hue\d+ against"', page)
    assert re.search(r'class="mark l\d hue\d+ favour"', page)
    assert page.count("<script>") == 1
    assert "<b>Ann" not in page


@settings(deadline=None, max_examples=20)
@given(texts)
def test_no_text_breaks_the_marks(text):
    corpus = corpus_of(text, f"{AGAINST} {text}")
    for mark in stance_layers(corpus).itertuples():
        assert 0 <= mark.start < mark.end <= len(corpus.text(mark.doc_id))
