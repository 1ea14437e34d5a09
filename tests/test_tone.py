"""Tone: what counts as what, in whose voice, and that every count can be listed."""

from __future__ import annotations

from collections import Counter
from csv import DictReader
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from strategies import texts
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from nbhelpers.corpus import Corpus, Document, InputError, load_corpus
from nbhelpers.tone import CATEGORIES, read_lexicon, tone, tone_words
from nbhelpers.tone.lexicon import OTHER_SENSE, built_in

COUNTS = {
    "n_hedges": "hedge",
    "n_boosters": "booster",
    "n_evidentials": "evidential",
    "n_intensifiers": "intensifier",
    "n_opinion_markers": "opinion_marker",
    "n_first_person": "first_person",
    "n_loaded": "loaded",
    "n_scare_quotes": "scare_quote",
    "n_valenced": "valence",
}
UNLISTED = ("valence", "first_person")


def corpus_of(*texts: str) -> Corpus:
    return Corpus(Document(f"d{n}", text, f"d{n}.txt") for n, text in enumerate(texts))


def shown(text: str) -> list[tuple[str, str]]:
    """Words and categories of a text, valence and pronouns aside."""
    found = tone_words(corpus_of(text))
    found = found[~found["category"].isin(UNLISTED)]
    return list(zip(found["text"], found["category"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Hedges, and their other senses.
        ("The troops may have left.", [("may", "hedge")]),
        ("May the troops have left?", [("May", "hedge")]),
        ("The troops left in May.", []),
        ("The troops left on 5 May 2021.", []),
        ("The army has shown its military might.", []),
        ("It might rain on the army.", [("might", "hedge")]),
        ("The bridge could collapse.", [("could", "hedge")]),
        ("The army could not cross the river.", []),
        ("The bridge could have collapsed.", [("could", "hedge")]),
        ("The war lasted about a decade.", []),
        ("The war cost about 3,000 lives.", [("about", "hedge")]),
        ("The war cost about $3 billion.", [("about", "hedge")]),
        ("They talked about the war.", []),
        ("Some 400 people marched.", [("Some", "hedge")]),
        ("Some people marched.", []),
        ("The deal is likely to fail.", [("likely", "hedge")]),
        ("Aid will come as soon as possible.", []),
        ("A truce is possible.", [("possible", "hedge")]),
        ("A truce is not possible.", []),
        ("The minister appeared in court.", []),
        ("The minister appeared to hesitate.", [("appeared", "hedge")]),
        ("It remains to be seen who won.", [("remains to be seen", "hedge")]),
        ("There is no doubt that it failed.", [("There is no doubt", "booster")]),
        ("There is doubt.", [("doubt", "hedge")]),
        # Boosters, and what a negation makes of them.
        ("The deal is certain to fail.", [("certain to", "booster")]),
        ("The deal is not certain.", [("certain", "hedge")]),
        ("There are certain countries that agree.", []),
        ("It was not yet clear who had fired.", [("clear", "hedge")]),
        ("The road is clear of snow.", []),
        ("It isn't necessarily so.", [("necessarily", "hedge")]),
        ("The army must have known.", [("must have", "booster")]),
        ("The army must withdraw.", []),
        ("Make sure that the door is shut.", []),
        ("It will, of course, surely rain.", [("of course", "booster"), ("surely", "booster")]),
        # Evidentials.
        ("The town was reportedly taken.", [("reportedly", "evidential")]),
        ("It is understood that the talks failed.", [("It is understood", "evidential")]),
        ("The alleged attack took place at night.", [("alleged", "evidential")]),
        # Intensifiers and opinion.
        ("It was very cold.", [("very", "intensifier")]),
        ("It was not very cold.", []),
        ("On the very day it rained.", []),
        ("In my view it is late.", [("In my view", "opinion_marker")]),
        ("Sadly, it rained.", [("Sadly", "opinion_marker")]),
        # Loaded words and scare quotes.
        ("The brutal regime sent thugs.", [(w, "loaded") for w in ("brutal", "regime", "thugs")]),
        ("The sanctions regime was renewed.", []),
        ("A so-called referendum was held.", [("so-called", "loaded")]),
        ("A so called referendum was held.", [("so called", "loaded")]),
        ("A puppet theatre opened.", []),
        ("The “referendum” was held at gunpoint.", [("referendum", "scare_quote")]),
        ("The 'special operation' went on.", [("special operation", "scare_quote")]),
        ("The soldiers' wives and the miners' sons marched.", []),
        ("They watched “Gone with the Wind” twice.", []),
        ("They were known by the term “cadre” alone.", []),
        ("He was glad when a “thank you” came.", []),
        ("He gave no evidence that it was so.", []),
        ('The page has <img alt="shelled house"> in it.', []),
    ],
)  # fmt: skip
def test_golden_sentences(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text) == expected


def test_a_headline_writes_may_with_a_capital() -> None:
    text = "North Korean Troops May Join Russian War\n\nIt rained all day on the border.\n"
    assert shown(text) == [("May", "hedge")]


def test_a_negation_is_noted_where_it_does_not_change_the_category() -> None:
    words = tone_words(corpus_of("It is not a puppet. It is a puppet."))
    loaded = words[words["category"] == "loaded"]
    assert loaded["negated"].tolist() == [True, False]


def test_us_the_country_is_no_pronoun_and_i_the_number_is_none() -> None:
    words = tone_words(corpus_of("The US told us of World War I. I saw it."), model="fast")
    found = words[words["category"] == "first_person"]
    assert found["text"].tolist() == ["us", "I"]


def test_a_phrase_does_not_reach_over_a_stop() -> None:
    assert shown("He had no, doubt it or not, money.") == [("doubt", "hedge")]


def test_each_voice_of_a_sentence_has_its_row() -> None:
    text = "“The brutal regime may fall,” Ann Lee said very late."
    frame = tone(corpus_of(text)).set_index("voice")
    assert frame["n_words"].to_dict() == {"ann lee": 5, "author": 5}
    assert frame["n_loaded"].to_dict() == {"ann lee": 2, "author": 0}
    assert frame["n_hedges"].to_dict() == {"ann lee": 1, "author": 0}
    assert frame["n_intensifiers"].to_dict() == {"ann lee": 0, "author": 1}
    assert frame.loc["ann lee", "kind"] == "direct"
    assert pd.isna(frame.loc["author", "kind"])


def test_a_quotation_in_two_parts_is_one_row() -> None:
    frame = tone(corpus_of("“It is not,” Ann Lee said, “good at all.”")).set_index("voice")
    assert frame.loc["ann lee", "n_words"] == 6
    assert frame.loc["ann lee", "valence"] < 0  # "not" in the first part turns "good" in the second
    assert (frame.loc["ann lee", "start"], frame.loc["ann lee", "end"]) == (0, 41)


def test_words_through_another_source_are_the_innermost_voices() -> None:
    frame = tone(corpus_of("“The regime will certainly fall,” Ann Lee told NBC News."))
    row = frame[frame["n_loaded"] > 0]
    assert row["voice"].tolist() == ["ann lee"]


def test_a_cue_is_listed_and_not_counted() -> None:
    corpus = corpus_of("“We agreed,” Ann Lee bragged.", "“We agreed,” Ann Lee threatened.")
    words = tone_words(corpus)
    cues = words[words["is_cue"]]
    assert ("bragged", "loaded") in set(zip(cues["text"], cues["category"], strict=True))
    assert tone(corpus)["n_loaded"].sum() == 0
    assert (tone(corpus).query("voice == 'author'")["valence"] == 0).all()


def test_the_adverb_of_a_cue_is_the_authors_own() -> None:
    frame = tone(corpus_of("“We won,” Ann Lee reportedly said.")).set_index("voice")
    assert frame["n_evidentials"].to_dict() == {"ann lee": 0, "author": 1}


def test_the_authors_own_belief_is_the_authors() -> None:
    frame = tone(corpus_of("I believe that the brutal war is lost. It rained."))
    assert set(frame["voice"]) == {"author"}
    assert frame["kind"].isna().all()
    assert frame["n_opinion_markers"].sum() == 1


def test_certainty_is_bounded_and_adds_up() -> None:
    corpus = corpus_of("Maybe. Certainly. It rained. It may rain, perhaps. It will probably rain.")
    frame = tone(corpus)
    assert frame["certainty"].tolist() == pytest.approx([-100, 100, 0, -50, -12.5])
    words = tone_words(corpus)
    sums = words.groupby("category")["weight"].sum()
    mean = (frame["certainty"] * frame["n_words"]).sum() / frame["n_words"].sum()
    total = 100 * (sums["booster"] - sums["hedge"]) / frame["n_words"].sum()
    assert mean == pytest.approx(total)


def test_a_blurred_figure_is_a_hedge_that_leaves_certainty_alone() -> None:
    frame = tone(corpus_of("The army has about 3,000 tanks."))
    assert frame[["n_hedges", "certainty"]].values.tolist() == [[1, 0]]


@pytest.mark.parametrize(
    "text",
    [
        "It was a great victory, but the losses were terrible!",
        "The plan is not good.",
        "VERY GOOD news came :) today",
        "At least it wasn't the worst, was it??",
        "",
    ],
)
def test_valence_is_vaders(text: str) -> None:
    frame = tone(corpus_of(text or "..."))
    expected = SentimentIntensityAnalyzer().polarity_scores(text)["compound"]
    assert frame["valence"].tolist() == ([expected] if text else [])


def test_valence_reads_typographic_marks_and_emoji() -> None:
    straight, curly = tone(corpus_of("It isn't 'good'.", "It isn’t ‘good’."))["valence"]
    assert straight == curly < 0
    words = tone_words(corpus_of("We won 😀 today"))
    assert "😀" in words.loc[words["category"] == "valence", "text"].tolist()


def test_names_have_no_valence() -> None:
    frame = tone(corpus_of("It was the United States.", "They were united."))
    assert frame["valence"].tolist() == [0, pytest.approx(0.4215)]


def test_furniture_is_left_out_unless_it_is_asked_for() -> None:
    text = (
        "It rained on the brutal regime all day long.\n\nWhat's Your Reaction?\n\nlike\n\ndislike\n"
    )
    corpus = corpus_of(text)
    assert set(tone(corpus)["segment"]) == {"body"}
    every = tone(corpus, content_only=False)
    assert len(every) > len(tone(corpus))
    assert every["n_words"].sum() == 9 + 5


def test_sentence_ids_and_places_are_those_of_the_other_tables() -> None:
    from nbhelpers.cleaning import sentences

    corpus = load_corpus("seeds")
    frame = tone(corpus)
    joined = frame.merge(sentences(corpus), on=["doc_id", "sentence_id"], suffixes=("", "_of"))
    assert len(joined) == len(frame)
    assert ((joined["start"] >= joined["start_of"]) & (joined["end"] <= joined["end_of"])).all()
    for row in frame.itertuples():
        stretch = corpus.text(row.doc_id)[row.start : row.end]
        assert stretch == stretch.strip() != ""


@pytest.mark.parametrize("content_only", [True, False])
def test_every_count_can_be_listed(content_only: bool) -> None:
    corpus = load_corpus("seeds")
    frame = tone(corpus, content_only=content_only)
    words = tone_words(corpus, content_only=content_only).query("not is_cue")
    key = ["doc_id", "sentence_id", "voice"]
    for column, category in COUNTS.items():
        listed = words[words["category"] == category].groupby(key, dropna=False).size()
        counted = frame[frame[column] > 0].set_index(key)[column]
        assert listed.to_dict() == counted.to_dict()


def test_tables_are_sorted_and_typed_the_same_where_nothing_is_found() -> None:
    corpus, empty = load_corpus("seeds"), Corpus([])
    for function in (tone, tone_words):
        frame = function(corpus)
        assert frame.equals(frame.sort_values(["doc_id", "start"], kind="stable"))
        assert frame.dtypes.to_dict() == function(empty).dtypes.to_dict()
        assert function(corpus_of("", "\n \n")).empty


@settings(max_examples=60, deadline=None)
@given(texts)
def test_any_text_gives_words_at_their_places(text: str) -> None:
    corpus = Corpus([Document("a", text, "a.txt")])
    words = tone_words(corpus, content_only=False)
    for row in words.itertuples():
        assert row.text == text[row.start : row.end] != ""
    frame = tone(corpus, content_only=False)
    assert frame["valence"].between(-1, 1).all()
    assert frame["certainty"].between(-100, 100).all()
    counted = Counter(words.loc[~words["is_cue"], "category"])
    assert {c: frame[n].sum() for n, c in COUNTS.items()} == {
        c: counted[c] for c in COUNTS.values()
    }


def test_a_sentence_without_end_takes_linear_time() -> None:
    frame = tone(corpus_of("the good and evil May of the regime " * 4000))
    assert frame["n_loaded"].sum() == 8000


# A user's own lexicon.


def lexicon_file(folder: Path, content: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_users_lexicon_takes_the_place_of_the_categories_that_it_holds(tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "term,category,weight\nmurky water*,hedge,0.5\n")
    words = tone_words(corpus_of("The murky waters may rise, certainly."), lexicon=path)
    found = words[~words["category"].isin(UNLISTED)]
    assert found[["text", "category", "weight"]].values.tolist() == [
        ["murky waters", "hedge", 0.5],
        ["certainly", "booster", 1.0],
    ]


def test_a_users_valence_lexicon_goes_through_vaders_rules(tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "term\tcategory\tweight\nblu*\tvalence\t-2\n", "own.tsv")
    corpus = corpus_of("The sky is blue and good.", "The sky is not blue.")
    assert (tone(corpus, lexicon=path)["valence"] < 0).tolist() == [True, False]
    words = tone_words(corpus, lexicon=path)
    assert words["text"].tolist() == ["blue", "blue"]
    assert words["negated"].tolist() == [False, True]


def test_a_lexicon_that_was_changed_is_read_again(tmp_path: Path) -> None:
    corpus = corpus_of("The sky is blue.")
    path = lexicon_file(tmp_path, "term,category,weight\nsky,loaded,1\n")
    assert tone(corpus, lexicon=path)["n_loaded"].tolist() == [1]
    lexicon_file(tmp_path, "term,category,weight\nsea,loaded,1\n")
    assert tone(corpus, lexicon=path)["n_loaded"].tolist() == [0]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "has no rows"),
        ("term,category,weight\n", "has no rows"),
        ("word,category,weight\nmurky,hedge,1\n", "no column 'term'; name the columns term"),
        ("term,category,weight\nmurky,hedgy,1\n", "line 2.*no category 'hedgy'; choose one"),
        ("term,category,weight\na,hedge,1\nmurky,hedge,2\n", "line 3.*'2' is no number from 0"),
        ("term,category,weight\nmurky,hedge,\n", "line 2.*'' is no number from 0 to 1"),
        ("term,category,weight\nmurky,hedge,nan\n", "line 2.*no number"),
        ("term,category,weight\nmurky,valence,5\n", "line 2.*from -4 to 4"),
        ("term,category,weight\nso bad,valence,-2\n", "line 2.*is a phrase"),
        ("term,category,weight\n?!,hedge,1\n", "line 2.*holds no word"),
        ("term,category,weight\nmur*ky,hedge,1\n", "line 2.*elsewhere than at the end"),
        ("term,category,weight\na,hedge,1\nA,hedge,1\n", "line 3.*stands there twice"),
        ("term,category,weight\na,scare_quote,1\n", "line 2.*no category 'scare_quote'"),
        ("term,category,weight\na,hedge\n", "line 2.*2 cells"),
        ('term,category,weight\n"a,hedge,1\n', "line 2.*quotation marks"),
    ],
)  # fmt: skip
def test_a_bad_lexicon_is_told_in_one_sentence(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = lexicon_file(tmp_path, content)
    with pytest.raises(InputError, match=complaint) as caught:
        tone(corpus_of("It rained."), lexicon=path)
    assert "own.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.csv", "own.txt", "."])
def test_what_is_no_lexicon_is_refused(tmp_path: Path, name: str) -> None:
    lexicon_file(tmp_path, "term,category,weight\n", "own.txt")
    with pytest.raises(InputError):
        read_lexicon(tmp_path / name)


# The package's lexicon.


def test_each_term_of_the_lexicon_stands_there_once_and_is_well_formed() -> None:
    counts = Counter((term.words, term.context) for term in built_in())
    assert [term for term, count in counts.items() if count > 1] == []
    for term in built_in():
        assert term.words and all(term.words)
        assert term.category in {*CATEGORIES, OTHER_SENSE} - {"valence", "scare_quote"}
        assert 0 <= term.weight <= 1
        assert term.context.negated in {"", "hedge", "none"}
        assert term.context.flags <= {"lower", "capital", "not-caps"}


def test_the_file_says_the_words_as_they_are_counted() -> None:
    path = Path(__file__).parents[1] / "nbhelpers" / "data" / "tone_words.tsv"
    rows = list(DictReader(path.read_text("utf-8").splitlines(), delimiter="\t", quoting=3))
    written = [term for row in rows for term in row["terms"].split("; ")]
    assert [" ".join(term.words) for term in built_in()] == written
    assert all(row["group"] for row in rows)
