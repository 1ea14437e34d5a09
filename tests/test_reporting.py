"""Reporting words: which attitude a report carries, whose wording it is, and how often."""

import re
from csv import DictReader
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.voices import reporting, reporting_by, reporting_by_source, statements
from nbhelpers.voices.attitudes import ATTITUDES, NEUTRAL, OTHER_SENSE, Window, judge

DATA = Path(__file__).parents[1] / "nbhelpers" / "data"
MODIFIERS = ("adverb", "adjective", "phrase")


def rows():
    lines = (DATA / "reporting_verbs.tsv").read_text("utf-8").splitlines()
    return list(DictReader(lines, delimiter="\t", quoting=3))


def judged(sentence):
    """What a cue says; words of the cue stand between bars, those of the content in brackets."""
    words, in_cue, in_content, joined = [], [], [], []
    is_cue = is_content = is_joined = False
    for item in re.findall(r"[|(),]|[\w'-]+", sentence):
        if item == "|":
            is_cue = not is_cue
        elif item in "()":
            is_content = item == "("
        elif item == ",":
            is_joined = False
        else:
            words.append(item.lower())
            in_cue.append(is_cue)
            in_content.append(is_content)
            joined.append(is_joined)
            is_joined = True
    found = judge(Window(words, in_cue, in_content, joined))
    return found and (" ".join(words[found.first : found.past]), found.attitude, found.status)


def corpus_of(*texts, outlets=()):
    outlets = outlets or "ABCDEFGH"
    return Corpus(
        Document(f"d{number}", text, f"d{number}.txt", {"outlet": outlet})
        for number, (text, outlet) in enumerate(zip(texts, outlets, strict=False))
    )


# The lexicon


def test_the_lexicon_is_a_closed_set_with_a_source_for_each_entry():
    known = {*ATTITUDES, NEUTRAL, OTHER_SENSE}
    for row in rows():
        assert row["attitude"] in known
        assert row["part_of_speech"] in ("verb", "noun", "preposition", *MODIFIERS)
        assert row["negated"] in ("", "holds")
        assert row["source"]
    readme = (DATA / "README.md").read_text("utf-8")
    for author in {name for row in rows() for name in row["source"].split("; ")}:
        assert f"`{author}`" in readme


def test_no_form_has_two_attitudes():
    found = {}
    for row in rows():
        is_modifier = row["part_of_speech"] in MODIFIERS
        for form in (row["lemma"], *row["forms"].split()):
            attitude = found.setdefault((form, is_modifier), row["attitude"])
            assert attitude == row["attitude"], form


# What a cue says


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Lee |said| (it was over)", ("said", "neutral", "asserted")),
        ("Lee |pointed| out (that it was over)", ("pointed out", "endorses", "asserted")),
        ("Lee |claimed| (it was over)", ("claimed", "distances", "asserted")),
        ("Lee |admitted in a statement| (it was over)", ("admitted", "concedes", "asserted")),
        ("a |statement| in which Lee |whined|", ("whined", "disparages", "asserted")),
        ("Lee |lashed out| at Day", ("lashed out", "dramatises", "asserted")),
        ("Lee |mumbled| (it was over)", None),
        # Modifiers, in the cue and beside it.
        ("Lee |falsely claimed| (it)", ("falsely claimed", "rejects", "asserted")),
        ("Lee falsely |claimed| (it)", ("falsely claimed", "rejects", "asserted")),
        ("Lee has |wrongly suggested| (it)", ("wrongly", "rejects", "asserted")),
        ("Lee |rightly said| (it)", ("rightly said", "endorses", "asserted")),
        ("Lee |said without evidence| (it)", ("said without evidence", "distances", "asserted")),
        ("his baseless |claim| (that)", ("baseless claim", "distances", "asserted")),
        ("Lee |claimed| (falsely labelled meat was sold)", ("claimed", "distances", "asserted")),
        ("He was wrong, Lee |said|", ("said", "neutral", "asserted")),
        # Negated: what a word presupposes stays, what it leaves open goes.
        ("Lee |did not admit| (it)", ("admit", "concedes", "negated")),
        ("Lee |refused| (to acknowledge it)", ("acknowledge", "concedes", "negated")),
        ("Lee |never claimed| (it)", None),
        ("Lee |has not confirmed| (it)", None),
        ("(it was not), |claimed| Lee", ("claimed", "distances", "asserted")),
        ("Lee |could not help noting| (it)", ("noting", "endorses", "asserted")),
        # Hypothetical: reported as what may be, not as what was.
        ("Lee |would claim| (it)", ("claim", "distances", "hypothetical")),
        ("Lee |may have admitted| (it)", ("admitted", "concedes", "hypothetical")),
        ("if Lee |admits| (it)", ("admits", "concedes", "hypothetical")),
        ("Lee |wants to expose| (it)", ("expose", "endorses", "hypothetical")),
        ("Lee |went on to claim| (it)", ("claim", "distances", "asserted")),
        ("Will Lee |claimed| (it)", ("claimed", "distances", "asserted")),
        ("contrary to his |claim| (it)", ("claim", "distances", "asserted")),
        # Other senses.
        ("Lee |insisted| on a vote", None),
        ("Lee |insisted| (that it was over)", ("insisted", "distances", "asserted")),
        ("it is worth |noting| (that)", None),
    ],
)
def test_golden_cues(sentence, expected):
    assert judged(sentence) == expected


# The tables


def test_each_row_has_the_words_that_carry_the_attitude():
    corpus = corpus_of(
        "“It is over,” Ann Lee said. Bo Day admitted that he had lost the vote.",
        "Kim Roe falsely claimed on Monday that the vote was stolen.",
    )
    found = reporting(corpus)
    assert found[["name", "attitude"]].values.tolist() == [
        ["Bo Day", "concedes"],
        ["Kim Roe", "rejects"],
    ]
    for row in found.itertuples():
        assert corpus.text(row.doc_id)[row.start : row.end] == row.cue
        assert row.cue in row.sentence


def test_attitudes_can_be_chosen():
    corpus = corpus_of("“It is over,” Ann Lee said. Bo Day admitted that he had lost the vote.")
    assert reporting(corpus, attitudes=["neutral"])["cue"].tolist() == ["said"]
    assert reporting(corpus, attitudes=["rejects"]).empty


def test_the_innermost_reporter_words_the_report():
    corpus = corpus_of(
        "The Washington Post reported that Jones had boasted that he won the vote.",
        "Jones boasted to CNN that he had won the vote.",
    )
    found = reporting(corpus)
    assert found[["cue", "whose", "reporter"]].fillna("-").values.tolist() == [
        ["boasted", "others", "Washington Post"],
        ["boasted", "author", "-"],
    ]
    assert reporting(corpus, whose="author")["doc_id"].tolist() == ["d1"]
    assert reporting(corpus, whose="others")["doc_id"].tolist() == ["d0"]


def test_what_somebody_says_of_themselves_is_no_report():
    corpus = corpus_of("I admit that I was wrong about the vote.\n\nI insist that it is over.\n")
    assert len(statements(corpus))
    assert reporting(corpus).empty


def test_groups_are_compared_with_zeros_and_all_their_reports():
    corpus = corpus_of(
        "“It is over,” Ann Lee said. Bo Day admitted that he had lost the vote.",
        "“It is over,” Ann Lee said. “We won,” Bo Day said.",
        outlets=["Gazette", "Herald"],
    )
    found = reporting_by(corpus, by="outlet").set_index(["group", "attitude"])
    assert found["count"].to_dict() == {
        ("Gazette", "neutral"): 1,
        ("Gazette", "concedes"): 1,
        ("Herald", "neutral"): 2,
        ("Herald", "concedes"): 0,
    }
    assert set(found["n"]) == {2}
    assert found["share_low"].le(found["share"]).all()
    assert found["share_high"].ge(found["share"]).all()


def test_what_is_not_asserted_counts_for_no_attitude():
    corpus = corpus_of("Ann Lee did not admit that she had lost the vote.")
    assert reporting(corpus)["status"].tolist() == ["negated"]
    assert reporting_by(corpus)["attitude"].tolist() == ["other"]


def test_one_source_claims_where_another_confirms():
    corpus = corpus_of(
        "Ann Lee claimed that the bridge was hit. Bo Day confirmed that the road was hit.",
        "Ann Lee claimed that the school was hit. Bo Day confirmed that the camp was hit.",
    )
    found = reporting_by_source(corpus, least=2)
    used = found[found["count"] > 0]
    assert dict(zip(used["name"], used["attitude"], strict=True)) == {
        "Ann Lee": "distances",
        "Bo Day": "endorses",
    }
    assert reporting_by_source(corpus, least=3).empty


def test_unknown_attitudes_and_reporters_are_refused():
    corpus = corpus_of("“It is over,” Ann Lee said.")
    with pytest.raises(InputError, match="no attitude 'praises'; choose from: endorses"):
        reporting(corpus, attitudes=["praises"])
    with pytest.raises(InputError, match="'mine'; choose whose from: author, others, all"):
        reporting_by(corpus, whose="mine")


@pytest.mark.parametrize("texts", [[], [""], ["Rain fell on the coast."]])
def test_a_corpus_without_reports_has_empty_tables(texts):
    corpus = corpus_of(*texts)
    for frame in (reporting(corpus), reporting_by(corpus), reporting_by_source(corpus)):
        assert frame.empty
        assert "attitude" in frame


@settings(deadline=None, max_examples=30)
@example("Aim“A")  # an attribution without a source
@given(st.text(alphabet="claimed admit“”, .’\n😀Ann said falsely", max_size=80))
def test_any_text_is_read_and_offsets_fit(text):
    corpus = Corpus([Document("a", text, "a.txt")])
    for row in reporting(corpus, attitudes=[*ATTITUDES, NEUTRAL], min_confidence=0).itertuples():
        assert corpus.text("a")[row.start : row.end] == row.cue
