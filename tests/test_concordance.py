"""Keyword in context."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.overview.concordance import concordance
from nbhelpers.text import normalise, paragraph_spans

TEXTS = st.lists(
    st.lists(
        st.sampled_from(["north", "North", "Korea", "war", "don’t", "don't", ".", "\n", "“no”"]),
        max_size=30,
    ).map(" ".join),
    max_size=3,
)


def corpus_of(*texts: str, outlets: str = "") -> Corpus:
    return Corpus(
        Document(f"d{i}", text, f"d{i}.txt", {"outlet": outlets[i]} if outlets else {})
        for i, text in enumerate(texts)
    )


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from(["north", "north korea", "don't", "n* *", "no"]), st.integers(0, 9))
def test_offsets_slice_back_and_context_stays_in_the_paragraph(texts, query, window):
    corpus = corpus_of(*texts)
    for row in concordance(corpus, query, window=window, content_only=False).itertuples():
        text = corpus.text(row.doc_id)
        assert text[row.start : row.end] == row.keyword
        around = [(a, b) for a, b in paragraph_spans(text) if a <= row.start and row.end <= b]
        assert len(around) == 1
        paragraph = text[slice(*around[0])]
        assert row.left in paragraph and row.right in paragraph
        assert "\n" not in row.left + row.keyword + row.right


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_every_occurrence_is_found(texts):
    expected = sum(normalise(word) == "north" for text in texts for word in text.split())
    assert len(concordance(corpus_of(*texts), "North", content_only=False)) == expected


@pytest.mark.parametrize("query", ["don't", "don’t", "DON'T", " don't ", "“don't”"])
def test_typographic_and_straight_marks_are_the_same(query):
    assert concordance(corpus_of("I don’t. I don't."), query)["keyword"].tolist() == [
        "don’t",
        "don't",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("north korea", ["North, Korea"]),
        ("deploy*", ["deployed", "Deployment"]),
        ("*ment", ["Deployment"]),
        ("north *", ["North, Korea"]),
        ("U.S.-made", ["U.S.-made"]),
        ("U.S.", ["U.S."]),
        ("korea deployed", []),
        ("[n]orth", []),
        ("nort?", []),
    ],
)
def test_queries_are_words_with_stars_and_nothing_else(query, found):
    corpus = corpus_of("He saw North, Korea\ndeployed its U.S.-made arms. Deployment went on.")
    assert concordance(corpus, query)["keyword"].tolist() == found


def test_the_case_can_be_told_apart():
    corpus = corpus_of("The US told us what’s US policy: don’t.")
    assert len(concordance(corpus, "US")) == 3
    assert concordance(corpus, "US", case_sensitive=True)["keyword"].tolist() == ["US", "US"]
    assert len(concordance(corpus, "don't", case_sensitive=True)) == 1


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("document", ["d0", "d1", "d2"]),
        ("left", ["d1", "d0", "d2"]),
        ("right", ["d2", "d0", "d1"]),
        ("outlet", ["d1", "d0", "d2"]),
    ],
)
def test_orders(sort, expected):
    corpus = corpus_of("b x b", "a x c", "c x a", outlets="QPQ")
    assert concordance(corpus, "x", sort=sort)["doc_id"].tolist() == expected


def test_a_metadata_column_that_orders_is_shown():
    corpus = corpus_of("b x b", "a x c", "c x a", outlets="QPQ")
    assert concordance(corpus, "x", sort="outlet")["outlet"].tolist() == ["P", "Q", "Q"]


def test_the_marks_at_a_paragraphs_edges_are_shown():
    row = concordance(corpus_of("“We know,” he said.\n“Go.”"), "know", window=5).iloc[0]
    assert (row["left"], row["keyword"], row["right"]) == ("“We", "know", ",” he said.")


@pytest.mark.parametrize("query", ["", "  ", "*", "?!", "* *"])
def test_a_query_without_a_word_is_refused_in_a_sentence(query):
    with pytest.raises(InputError, match="names no word to look for"):
        concordance(corpus_of("war"), query)


def test_wrong_options_are_named():
    with pytest.raises(InputError, match="No document has the metadata 'outlet'"):
        concordance(corpus_of("war"), "war", sort="outlet")
    with pytest.raises(InputError, match="window"):
        concordance(corpus_of("war"), "war", window=-1)


@pytest.mark.timeout(5)
def test_many_stars_and_a_long_word_take_no_time():
    assert concordance(corpus_of("a" * 20_000), "*a" * 25 + "b").empty


def test_nothing_found_is_an_empty_frame_with_its_columns():
    assert concordance(Corpus([]), "war").columns.tolist() == [
        *("doc_id", "file", "start", "end", "left", "keyword", "right", "is_content")
    ]
    assert concordance(corpus_of("talks"), "war", sort="left").empty
