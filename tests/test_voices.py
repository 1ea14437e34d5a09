"""Voices: every word counts once, every count has its place, and no corpus is too poor."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbhelpers import voices
from nbhelpers.attribution import attributions
from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.stats import UNSURE_BELOW
from nbhelpers.voices.selection import word_owners
from nbhelpers.words import words

TEXTS = {
    "a": (
        "“Troops crossed the border on Monday,” Ann Lee said. The road was empty.\n\n"
        "Bo Day confirmed that 3,000 soldiers had left the camp.\n\n"
        "Two Western intelligence officials said that more would follow.\n"
    ),
    "b": (
        "“The troops crossed the border Monday,” Ann Lee said.\n\n"
        "“We saw trucks all night,” Kim Roe told CNN.\n"
    ),
    "c": "“It will rain,” Bo Day said. It rained on the coast, and nobody was surprised.\n",
    "d": "Rain fell on the coast, and the roads were wet.\n",
}
OUTLETS = {"a": "Gazette", "b": "Herald", "c": "Gazette", "d": None}


@pytest.fixture(scope="module")
def corpus():
    return Corpus(
        Document(doc_id, text, f"{doc_id}.txt", {"outlet": OUTLETS[doc_id]})
        for doc_id, text in TEXTS.items()
    )


def rows(frame, *columns):
    return frame[list(columns)].values.tolist()


# What is counted


def test_a_statement_has_its_place_its_source_and_its_sentence(corpus):
    found = voices.statements(corpus, by="outlet").set_index("attribution_id")
    for row in found.itertuples():
        text = corpus.text(row.doc_id)
        assert row.sentence in text
        assert text[row.start : row.end].find(row.cue) >= 0
    assert {"Ann Lee", "Bo Day", "Kim Roe", "CNN"} <= set(found["name"])
    assert set(found["group"]) == {"Gazette", "Herald"}


def test_options_select_what_is_counted(corpus):
    every = voices.statements(corpus, min_confidence=0)
    least = every["confidence"].median()
    sure = voices.statements(corpus, min_confidence=least)
    assert 0 < len(sure) < len(every)
    assert sure["confidence"].min() >= least
    assert set(voices.statements(corpus, kinds=["direct"])["kind"]) == {"direct"}


def test_embedded_posts_count_only_where_asked_for():
    post = "It rained all day.\n\nAnn Lee (@annlee) October 28, 2024\n\nIt is wet here. @annlee\n"
    corpus = Corpus([Document("a", post, "a.txt")])
    here, all_ = (
        voices.statements(corpus, min_confidence=0, content_only=only) for only in (True, False)
    )
    posted = attributions(corpus)["start"].ge(20).sum()
    assert len(all_) - len(here) == posted


def test_unknown_kinds_and_columns_are_refused(corpus):
    with pytest.raises(InputError, match="no kind 'quoted'"):
        voices.statements(corpus, kinds=["quoted"])
    with pytest.raises(InputError, match="outlet"):
        voices.words_by_voice(corpus, by="publisher")


# Words by voice


def linked(*spans_and_carriers):
    """Attributions a:0, a:1 ... of given content spans, and a corpus of ten words."""
    corpus = Corpus([Document("a", "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9", "a.txt")])
    chosen = pd.DataFrame(
        [(f"a:{i}", carrier) for i, (_, carrier) in enumerate(spans_and_carriers)],
        columns=["attribution_id", "reported_via"],
    )
    spans = pd.DataFrame(
        [
            (f"a:{i}", "a", "content", 3 * first, 3 * past - 1)
            for i, (stretches, _) in enumerate(spans_and_carriers)
            for first, past in stretches
        ],
        columns=["attribution_id", "doc_id", "role", "start", "end"],
    )
    return corpus, chosen, spans


@pytest.fixture
def owners(monkeypatch):
    def find(*spans_and_carriers):
        corpus, chosen, spans = linked(*spans_and_carriers)
        monkeypatch.setattr("nbhelpers.voices.selection.spans", lambda *_, **__: spans)
        return word_owners(corpus, chosen).tolist()

    return find


def test_words_within_two_attributions_belong_to_the_inner(owners):
    found = owners(([(0, 8)], None), ([(2, 4)], None), ([(6, 10)], None))
    assert found == [0, 0, 1, 1, 0, 0, 2, 2, 2, 2]


@pytest.mark.parametrize("carrier_first", [True, False])
def test_where_carrier_and_source_share_their_words_these_are_the_sources(owners, carrier_first):
    if carrier_first:
        assert owners(([(0, 4)], None), ([(0, 4)], "a:0"))[:5] == [1, 1, 1, 1, -1]
    else:
        assert owners(([(0, 4)], "a:1"), ([(0, 4)], None))[:5] == [0, 0, 0, 0, -1]


def test_what_is_carried_is_the_sources_even_where_its_span_is_longer(owners):
    assert owners(([(1, 3)], None), ([(0, 5)], "a:0"))[:6] == [1, 1, 1, 1, 1, -1]


def test_a_discontinuous_content_leaves_the_gap_to_the_author(owners):
    assert owners(([(0, 2), (4, 6)], None))[:7] == [0, 0, -1, -1, 0, 0, -1]


def test_carriers_that_carry_each_other_do_no_harm(owners):
    assert sorted(set(owners(([(0, 2)], "a:1"), ([(0, 2)], "a:0")))) in ([-1, 0], [-1, 1])


@given(
    st.lists(
        st.tuples(st.tuples(st.integers(0, 8), st.integers(1, 5)), st.none() | st.integers(0, 4)),
        max_size=5,
    )
)
def test_each_word_has_one_owner_whose_content_covers_it(drawn):
    drawn = [
        ([(first, min(first + n, 10))], None if via is None else f"a:{via}")
        for (first, n), via in drawn
    ]
    corpus, chosen, spans = linked(*drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbhelpers.voices.selection.spans", lambda *_, **__: spans)
        owner = word_owners(corpus, chosen)
    covered = [any(a <= word < b for [(a, b)], _ in drawn) for word in range(10)]
    assert [number >= 0 for number in owner] == covered
    for word, number in enumerate(owner):
        if number >= 0:
            [(first, past)] = drawn[number][0]
            assert first <= word < past


def test_shares_of_words_add_up_to_all_content(corpus):
    found = voices.words_by_voice(corpus, by="doc_id")
    content = words(corpus).query("is_content").groupby("doc_id", observed=False).size()
    assert found.groupby("group")["count"].sum().to_dict() == content.to_dict()
    assert found.groupby("group")["share"].sum().round(9).eq(1).all()
    shares = found.set_index(["group", "voice"])["share"]
    assert shares["d", "author"] == 1
    assert shares["c", "direct"] == pytest.approx(3 / 15)


def test_one_text_a_group_has_no_interval_for_words_and_several_have(corpus):
    assert voices.words_by_voice(corpus)[["share_low", "share_high"]].isna().all(axis=None)
    by_outlet = voices.words_by_voice(corpus, by="outlet")
    assert by_outlet["share_low"].notna().all()
    assert set(by_outlet["group"]) == {"Gazette", "Herald"}


def test_what_the_author_says_as_i_is_the_authors_voice(corpus, monkeypatch):
    before = voices.words_by_voice(corpus).set_index(["group", "voice"])["count"]
    said = voices.statements(corpus)
    said.loc[said["doc_id"] == "c", "type"] = "author"
    monkeypatch.setattr("nbhelpers.voices.wording.statements", lambda *_, **__: said)
    fresh = Corpus(corpus)
    after = voices.words_by_voice(fresh).set_index(["group", "voice"])["count"]
    assert after["c", "author"] == before["c"].sum() > before["c", "author"]


# Shares


def test_density_counts_statements_words_and_sources(corpus):
    found = voices.density(corpus, by="outlet").set_index("group")
    assert found.loc["Gazette", "documents"] == 2
    assert found.loc["Gazette", "statements"] == 4
    assert found.loc["Gazette", "sources"] == 3
    assert found.loc["Gazette", "anonymous"] == 1
    words_there = found.loc["Gazette", "words"]
    assert found.loc["Gazette", "rate"] == pytest.approx(4000 / words_there)
    without = voices.density(corpus).set_index("group")
    assert without.loc["d", ["statements", "sources", "anonymous"]].tolist() == [0, 0, 0]


def test_a_carrier_is_no_statement_of_its_own(corpus):
    kinds = voices.breakdown(corpus, of="kind").query("group == 'b'").set_index("kind")
    assert kinds.loc["direct", "count"] == kinds.loc["direct", "n"] == 2
    assert len(voices.statements(corpus).query("doc_id == 'b'")) == 3


def test_anonymous_sources_count_once_a_text(corpus):
    found = voices.breakdown(corpus, of="anonymous", once=True, by="outlet")
    share = found[found["anonymous"]].set_index("group")
    assert share.loc["Gazette", ["count", "n"]].tolist() == [1, 4]
    assert share.loc["Herald", "count"] == 0
    assert 0 < share.loc["Herald", "share_high"] < 1


# Who cites whom


def test_chains_name_the_route_from_source_to_outlet(corpus):
    found = voices.chains(corpus, by="outlet")
    assert rows(found, "chain", "depth") == [["Kim Roe → CNN → Herald", 1]]


def test_citations_lead_from_groups_to_carriers_to_sources(corpus):
    found = voices.citations(corpus, by="outlet")
    edges = {(row.citing, row.cited): row for row in found.itertuples()}
    assert edges["CNN", "Kim Roe"].citing_level == 1
    assert edges["Herald", "CNN"].citing_level == 0
    assert edges["Gazette", "Bo Day"].count == edges["Gazette", "Bo Day"].documents == 2
    assert ("Herald", "Kim Roe") not in edges


def test_a_few_citations_are_the_most_telling_and_keep_their_carriers(corpus):
    found = voices.citations(corpus, by="outlet", top=2)
    assert {"Kim Roe", "CNN", "Ann Lee"} == set(found["cited"])


def test_a_carrier_of_another_kind_is_still_in_the_chain(corpus):
    found = voices.citations(corpus, by="outlet", kinds=["direct"])
    assert ("Herald", "CNN") in set(zip(found["citing"], found["cited"], strict=True))


# Who has a say where


def test_presence_tells_what_groups_share_and_what_one_alone_has(corpus):
    found = voices.presence(corpus, by="outlet")
    n_groups = dict(zip(found["name"], found["n_groups"], strict=True))
    assert n_groups["Ann Lee"] == 2
    assert n_groups["Bo Day"] == 1
    lee = found[found["name"] == "Ann Lee"]
    assert rows(lee, "group", "count", "groups", "doc_id") == [
        ["Gazette", 1, "Gazette, Herald", "a"],
        ["Herald", 1, "Gazette, Herald", "b"],
    ]


def test_counterparts_set_a_sources_statements_side_by_side(corpus):
    found = voices.counterparts(corpus, by="outlet")
    assert rows(found, "name", "doc_id", "other_doc_id") == [["Ann Lee", "a", "b"]]
    pair = found.iloc[0]
    assert pair["content"] == "“Troops crossed the border on Monday,”"
    assert pair["similarity"] > 0.8
    assert pair["confidence"] <= voices.statements(corpus)["confidence"].max()


def test_counterparts_compare_texts_where_no_outlet_is_known(corpus):
    found = voices.counterparts(corpus)
    assert set(found["name"]) == {"Ann Lee", "Bo Day"}


# Marks for reader pages


def test_layers_mark_the_spans_and_note_each_attribution_once(corpus):
    marks = voices.layers(corpus)
    said = voices.statements(corpus, content_only=False)
    assert set(marks["kind"]) == {"source", "cue", "content"}
    noted = marks.dropna(subset=["note"])
    assert sorted(noted["mark_id"]) == sorted(said["attribution_id"])
    assert set(noted["kind"]) == {"content"}
    for row in marks.itertuples():
        assert 0 <= row.start < row.end <= len(corpus.text(row.doc_id))


def test_a_note_says_who_what_and_how_sure(corpus):
    marks = voices.layers(corpus).dropna(subset=["note"])
    notes = {row.label: row for row in marks.itertuples()}
    assert "anonymous, intelligence" in notes["Two Western intelligence officials"].note.lower()
    roe = notes["Kim Roe"]
    assert "Direct, “told” (neutral)." in roe.note
    assert "Through CNN." in roe.note
    assert roe.via == notes["CNN"].mark_id
    assert "Confidence 0." in roe.note


def test_low_confidence_is_said_in_words(corpus):
    marks = voices.layers(corpus, min_confidence=0).dropna(subset=["note"])
    confidence = attributions(corpus).set_index("attribution_id")["confidence"]
    unsure = confidence[marks["mark_id"]].lt(UNSURE_BELOW).tolist()
    assert [" (unsure)" in note for note in marks["note"]] == unsure


# Poor corpora


POOR = {
    "no text": [],
    "no word": ["... !!! ???"],
    "no attribution": ["Rain fell on the coast."],
    "furniture": ["Share this article\n\nLike\n\nSubscribe to our newsletter\n"],
    "nobody named": ["“It is over.”\n\n“So it is.”"],
}


@pytest.mark.parametrize("texts", POOR.values(), ids=POOR)
def test_poor_corpora_give_frames_of_the_same_columns(texts, corpus):
    poor = Corpus(Document(f"{n}", text, f"{n}") for n, text in enumerate(texts))
    functions = [
        voices.statements,
        voices.words_by_voice,
        voices.density,
        voices.chains,
        voices.citations,
        voices.presence,
        voices.counterparts,
        voices.layers,
        lambda corpus: voices.citations(corpus, top=3),
        lambda corpus: voices.breakdown(corpus, of="kind"),
        lambda corpus: voices.breakdown(corpus, of="anonymous", once=True),
    ]
    for function in functions:
        assert list(function(poor).columns) == list(function(corpus).columns)


def test_the_same_corpus_gives_the_same_frames(corpus):
    again = Corpus(reversed(list(corpus)))
    for function in (voices.statements, voices.citations, voices.counterparts, voices.layers):
        pd.testing.assert_frame_equal(function(corpus), function(again))


def test_sentences_of_statements_are_those_of_the_table(corpus):
    known = set(sentences(corpus)["text"])
    assert set(voices.statements(corpus)["sentence"]) <= known
