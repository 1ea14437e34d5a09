"""Positions compared: every share has its sentences, and little evidence gives no share."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from strategies import texts

from nbhelpers import positioning
from nbhelpers.corpus import Corpus, Document, InputError

AGAINST = "Ann Lee lied to voters and betrayed her friends."
FAVOUR = "“Ann Lee is a great and honest mayor,” Bob Hay said."
NEUTRAL = "Ann Lee arrived on Monday."
TARGETS = {"Lee": ["Ann Lee"]}


def corpus_of(*texts: str, outlets: tuple[str | None, ...] = ()) -> Corpus:
    known = outlets or (None,) * len(texts)
    return Corpus(
        Document(chr(97 + n), text, f"{n}.txt", {"outlet": outlet})
        for n, (text, outlet) in enumerate(zip(texts, known, strict=True))
    )


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    one, other = " ".join([AGAINST, NEUTRAL] * 3), " ".join([FAVOUR, NEUTRAL] * 3)
    return corpus_of(one, other, f"{AGAINST} {FAVOUR}", outlets=("Gazette", "Herald", None))


# Which sentences are counted


def test_every_share_counts_the_sentences_that_are_listed(corpus):
    listed = positioning.judgements(corpus, by="outlet", targets=TARGETS)
    rows = positioning.stance_by(corpus, by="outlet", targets=TARGETS, few=1)
    sizes = listed.groupby(["group", "target", "side"]).size()
    counted = rows[rows["count"] > 0].set_index(["group", "target", "side"])["count"]
    assert counted.sort_index().to_dict() == sizes.to_dict()
    assert rows.groupby(["group", "target"])["share"].sum().tolist() == pytest.approx([1, 1])
    for row in listed.itertuples():
        assert corpus.text(row.doc_id)[row.start : row.end] in row.sentence


def test_texts_without_a_group_are_left_out_and_none_compares_nothing(corpus):
    by_outlet = positioning.judgements(corpus, by="outlet", targets=TARGETS)
    assert set(by_outlet["doc_id"]) == {"a", "b"}
    together = positioning.stance_by(corpus, by=None, targets=TARGETS)
    assert set(together["group"]) == {"all texts"}
    assert together["documents"].max() == 3


def test_author_and_others_part_the_sentences(corpus):
    every = positioning.judgements(corpus, targets=TARGETS)
    parts = [
        positioning.judgements(corpus, targets=TARGETS, voices=voices)
        for voices in ("author", "others")
    ]
    assert set(parts[0]["whose"]) == {"author"}
    assert set(parts[1]["name"]) == {"Bob Hay"}
    assert sum(map(len, parts)) == len(every)


def test_what_the_author_says_as_i_is_the_authors():
    found = positioning.judgements(corpus_of(f"I think that {AGAINST}"), targets=TARGETS)
    assert found["whose"].tolist() == ["author"]


# Not enough evidence


def test_fewer_mentions_than_asked_for_have_no_share():
    corpus = corpus_of(" ".join([AGAINST] * 4))
    few = positioning.stance_by(corpus, targets=TARGETS, few=5)
    assert few[["share", "share_low", "share_high"]].isna().all(axis=None)
    assert not few["enough"].any()
    assert few["count"].sum() == 4
    assert positioning.stance_by(corpus, targets=TARGETS, few=4)["share"].notna().all()


def test_mentions_that_are_not_sure_enough_are_undecided(corpus):
    least = positioning.judgements(corpus, targets=TARGETS)["probability"].median()
    rows = positioning.judgements(corpus, targets=TARGETS, min_probability=least)
    assert rows["side"].eq("undecided").equals(rows["probability"] < least)
    none = positioning.judgements(corpus, targets=TARGETS, min_probability=0)
    assert "undecided" not in set(none["side"])


def test_a_side_that_nobody_is_on_has_a_share_of_nothing_with_its_interval():
    rows = positioning.stance_by(corpus_of(" ".join([NEUTRAL] * 8)), targets=TARGETS)
    none = rows.set_index("side").loc["against"]
    assert rows["side"].tolist() == list(positioning.SIDES)
    assert none["share"] == 0 == none["share_low"]
    assert 0.1 < none["share_high"] < 0.5


# Where voices part, and what is strongest


def test_voices_that_say_the_contrary_stand_apart():
    corpus = corpus_of(*[" ".join([AGAINST, FAVOUR] * 5)] * 3)
    found = positioning.voices_apart(corpus, by=None, targets=TARGETS).set_index("side")
    assert found.loc["against", "difference"] > 0.5 > -0.5 > found.loc["favour", "difference"]
    assert found["apart"].all()
    assert found["author_n"].eq(15).all()


def test_voices_with_too_few_mentions_are_not_compared():
    corpus = corpus_of(" ".join([AGAINST] * 8) + FAVOUR)
    assert positioning.voices_apart(corpus, targets=TARGETS).empty


def test_the_strongest_come_first_and_are_decided(corpus):
    found = positioning.strongest(corpus, targets=TARGETS, each=2)
    assert found["side"].tolist() == ["against"] * 2 + ["favour"] * 2
    assert found["probability"].ge(positioning.MIN_PROBABILITY).all()
    against = positioning.judgements(corpus, targets=TARGETS)["p_against"].max()
    assert found["probability"].iloc[0] == against


# Tone


def test_rates_of_tone_count_the_words_that_are_listed():
    corpus = corpus_of(
        "The regime may fall, perhaps.", "It rained. “The regime fell,” Bo Day said."
    )
    rates = positioning.tone_by(corpus, by=None, voices="all").set_index("measure")
    words = positioning.tone_evidence(corpus, by=None, voices="all")
    counts = words["category"].value_counts()
    assert rates.loc["loaded words", "total"] == counts["loaded"] == 2
    assert rates.loc["hedges", "total"] == counts["hedge"] == 2
    row = rates.loc["hedges"]
    assert row["rate"] == pytest.approx(1000 * row["total"] / row["words"])
    assert rates.loc["certainty", "rate"] < 0
    own = positioning.tone_evidence(corpus, categories=["loaded"])
    assert own[["doc_id", "text"]].values.tolist() == [["a", "regime"]]


# What is refused, and what is poor


def test_unknown_voices_and_columns_are_refused(corpus):
    with pytest.raises(InputError, match="no voices 'editor'; choose one of: author"):
        positioning.judgements(corpus, voices="editor")
    with pytest.raises(InputError, match="publisher"):
        positioning.tone_by(corpus, by="publisher")


@settings(deadline=None, max_examples=20)
@given(texts)
def test_no_text_breaks_a_table(text):
    corpus = corpus_of(text)
    rows = positioning.stance_by(corpus, few=1)
    assert rows["count"].sum() == len(positioning.judgements(corpus))
    assert positioning.strongest(corpus)["side"].isin(["against", "favour"]).all()
    assert positioning.voices_apart(corpus)["apart"].isin([True, False]).all()
    assert positioning.tone_by(corpus)["words"].ge(0).all()
    assert positioning.tone_evidence(corpus)["text"].notna().all()


# Differences between groups


def test_the_mean_of_a_cell_is_that_of_its_sentences(corpus):
    rows = positioning.stance_means(corpus, by="outlet", targets=TARGETS, few=1)
    listed = positioning.judgements(corpus, by="outlet", targets=TARGETS)
    assert rows.set_index("group")["mean"].to_dict() == pytest.approx(
        listed.groupby("group")["score"].mean().to_dict()
    )
    assert rows.set_index("group").loc["Gazette", "mean"] < 0
    assert rows.set_index("group").loc["Herald", "mean"] > 0


def test_a_cell_with_too_few_mentions_has_no_mean_but_is_listed(corpus):
    rows = positioning.stance_means(corpus, by="outlet", targets=TARGETS, few=1000)
    assert rows["n"].gt(0).all() and not rows["enough"].any()
    assert rows[["mean", "mean_low", "mean_high"]].isna().all(axis=None)


def test_outlets_that_differ_in_many_texts_are_told_apart_and_like_ones_are_not():
    against, favour = [AGAINST] * 8, [FAVOUR] * 8
    texts = [*against, *favour, *favour]
    outlets = ("Gazette",) * 8 + ("Herald",) * 8 + ("Mirror",) * 8
    varied = [f"{text} {NEUTRAL * (n % 3)}" for n, text in enumerate(texts)]
    found = positioning.stance_differences(
        corpus_of(*varied, outlets=outlets), by="outlet", targets=TARGETS
    ).set_index(["first", "second"])
    assert found.loc[("Gazette", "Herald"), "p_holm"] < 0.05
    assert found.loc[("Gazette", "Herald"), "difference_high"] < 0
    assert found.loc[("Herald", "Mirror"), "p_holm"] > 0.05


def test_p_values_are_corrected_over_all_targets_together():
    text = f"{AGAINST} Bob Hay lost his temper. Bob Hay came."
    corpus = corpus_of(*[text, AGAINST] * 3, outlets=("Gazette", "Herald") * 3)
    both = {"Lee": ["Ann Lee"], "Hay": ["Bob Hay"]}
    found = positioning.stance_differences(corpus, by="outlet", targets=both, few=1)
    assert found["p_holm"].dropna().ge(found["p"].dropna()).all()


def test_nothing_to_compare_gives_empty_tables_with_all_columns(corpus):
    nobody = {"targets": {"Nobody": []}}
    full = positioning.stance_differences(corpus, targets=TARGETS, few=1)
    assert list(positioning.stance_differences(corpus, **nobody).columns) == list(full.columns)
    assert positioning.stance_means(corpus, **nobody).empty
    assert positioning.stance_between(corpus, **nobody).empty
    assert positioning.corrected_sides(corpus, **nobody).empty


def test_corrected_shares_allow_for_the_errors_that_were_measured(corpus):
    found = positioning.corrected_sides(corpus, by=None, targets=TARGETS).set_index("label")
    assert found["share"].sum() == pytest.approx(1)
    assert found["share_given"].sum() == pytest.approx(1)
    assert found["share_low"].le(found["share"]).all()
    assert found.loc["against", "share"] != pytest.approx(found.loc["against", "share_given"])


def test_what_a_source_says_of_itself_is_no_strong_sentence():
    praise = "“{} is a great and honest mayor,” Bob Hay said."
    corpus = corpus_of(praise.format("Bob Hay"), praise.format("Ann Lee"))
    both = {"Bob Hay": [], "Ann Lee": []}
    assert set(positioning.judgements(corpus, targets=both, voices="others")["target"]) == {*both}
    assert positioning.strongest(corpus, targets=both)["target"].tolist() == ["Ann Lee"]


# Who is against whom


def test_the_holder_of_a_position_is_the_source_that_the_words_are_attributed_to(corpus):
    found = positioning.stance_between(corpus, by=None, targets=TARGETS)
    assert found[["holder", "target"]].values.tolist() == [["Bob Hay", "Lee"]]
    assert found["favour"].tolist() == found["n"].tolist() == [4]
    assert found["balance"].tolist() == [1.0]


def test_what_a_source_says_of_itself_is_no_position_on_another():
    corpus = corpus_of("“Ann Lee is great and honest,” Ann Lee said.")
    assert positioning.stance_between(corpus, targets={"Ann Lee": []}).empty


# Page furniture


def test_mentions_in_page_furniture_count_only_if_asked_for():
    story = f"Lee wins\n\n{AGAINST} {NEUTRAL}"
    corpus = corpus_of(f"{story}\n\nRead also:\nAnn Lee is a great and honest mayor\n")
    clean = positioning.judgements(corpus, targets=TARGETS)
    whole = positioning.judgements(corpus, targets=TARGETS, content_only=False)
    further = whole[~whole["start"].isin(clean["start"])]
    assert further["sentence"].tolist() == ["Ann Lee is a great and honest mayor"]
    assert further["whose"].tolist() == ["author"]
    assert len(whole) == len(clean) + 1
