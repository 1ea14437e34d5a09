"""Shared passages: found whole, with offsets on both sides, and nothing found that is not there."""

from __future__ import annotations

import random
import string
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbhelpers import cleaning
from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.reuse import candidates, passages, passages_of, reuse_by_pair
from nbhelpers.reuse import table as reuse_table
from nbhelpers.text import normalise, word_spans

DISPATCH = (
    "The ministry’s reserves of grain will last until the end of winter, an engineer warned, "
    "because floods washed away the southern railway and its three bridges."
)
OTHER_WORDS = {
    "a": "Harbour workers voted on Friday to end their strike after five weeks of talks.",
    "b": "A museum in the old town shows letters that a poet wrote from prison.",
}

# The sentences come from texts on one event; those of a pair tell the same, in other words.
REWORDED = [
    (
        "“A portion of those soldiers have already moved closer to the river, and we are "
        "increasingly concerned that Ruritania intends to use these soldiers in combat or to "
        "support combat operations against Syldavian forces near the border with Syldavia,” she "
        "said.",
        "She said: “Some of these soldiers are already close to the river, and there are concerns "
        "that Ruritania could use them in combat or conduct combat operations against Syldavian "
        "forces close to the Syldavian border.”",
    ),
    (
        "The ministry estimated 10,000 Bordurian troops had been deployed to eastern Ruritania for "
        "training, up from an estimate of 3,000 troops last Wednesday.",
        "According to the ministry, about 10,000 Bordurian troops have been dispatched to eastern "
        "Ruritania for training, with an estimated strength of 3,000 as of October 23.",
    ),
    (
        "The regulator fined the bank after it found that clerks had opened accounts without the "
        "consent of customers and hidden the fees.",
        "The bank was fined by the regulator, which found that clerks opened accounts without "
        "customers' consent and hid fees.",
    ),
]
UNRELATED = [
    "Ruritania and Borduria have strengthened their ties in recent years.",
    "According to Klow, some 11,000 Bordurian soldiers are already deployed in Ruritania and have "
    "started fighting against Syldavian forces in the Zileheroum region.",
    "Syldavian intelligence reported in October that approximately 11,000 Bordurian soldiers were "
    "currently training in eastern Ruritania for potential combat operations.",
    "Bordurian troops have deployed to Ruritania and may join the fight against Syldavia, "
    "officials said Wednesday.",
    "“We are seeing evidence that there are Bordurian troops that have gone to Ruritania,” the "
    "secretary said.",
    "The confirmation from officials came after Borduria and Syldavia in recent days have "
    "expressed alarm at the troop movements.",
]


def corpus_of(**texts: str) -> Corpus:
    return Corpus(Document(doc_id, text, f"{doc_id}.txt") for doc_id, text in texts.items())


def words_of(text: str) -> list[str]:
    return [normalise(text[a:b]) for a, b in word_spans(text)]


def verbatim(corpus: Corpus, **options: object) -> pd.DataFrame:
    found = passages(corpus, **options)
    return found[found["kind"] == "verbatim"].reset_index(drop=True)


words = st.text(alphabet="bcdfgklmnprst", min_size=3, max_size=9)
fillers = st.lists(words, min_size=0, max_size=40).map(lambda w: " ".join(w))


@settings(deadline=None, max_examples=60)
@given(fillers, fillers, fillers, fillers)
def test_planted_passage_is_found_whole(a: str, b: str, c: str, d: str) -> None:
    corpus = corpus_of(x=f"{a} {DISPATCH} {b}", y=f"{c} {DISPATCH} {d}")
    found = verbatim(corpus)
    assert any(DISPATCH[:-1] in text for text in found["text"])
    for row in found.itertuples():
        mine = corpus.text(row.doc_id)[row.start : row.end]
        theirs = corpus.text(row.other_doc_id)[row.other_start : row.other_end]
        assert (mine, theirs) == (row.text, row.other_text)
        assert words_of(mine) == words_of(theirs)
        assert len(words_of(mine)) == row.n_words == row.other_n_words


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from("ab"), max_size=60), st.lists(st.sampled_from("ab"), max_size=60))
def test_runs_of_a_tiny_vocabulary_are_maximal_and_apart(a: list[str], b: list[str]) -> None:
    texts = {"x": " ".join(a), "y": " ".join(b)}
    found = verbatim(corpus_of(**texts), min_words=3, min_evidence=1)
    for row in found.itertuples():
        assert row.text == row.other_text
        if row.doc_id == row.other_doc_id:
            assert row.end <= row.other_start
        else:
            before = row.start and row.other_start
            if before:
                assert texts["x"][row.start - 2] != texts["y"][row.other_start - 2]
    if "aba" in "".join(a) and "aba" in "".join(b) and len(a) < 20 and len(b) < 20:
        assert {"x", "y"} <= set(found["doc_id"]) | set(found["other_doc_id"])


def test_typographic_variants_and_case_count_as_the_same() -> None:
    straight = DISPATCH.replace("’", "'").upper()
    found = verbatim(corpus_of(x=f"{OTHER_WORDS['a']} {DISPATCH}", y=straight))
    assert found["text"].tolist() == [DISPATCH[:-1]]
    assert found["other_text"].tolist() == [straight[:-1]]


def test_a_changed_word_parts_two_runs() -> None:
    changed = DISPATCH.replace("warned", "feared")
    found = verbatim(corpus_of(x=DISPATCH, y=changed))
    assert [len(words_of(text)) for text in found["text"]] == [14, 11]


def test_longest_run_wins_over_its_own_parts() -> None:
    twice = f"{DISPATCH} {OTHER_WORDS['a']} {DISPATCH}"
    found = verbatim(corpus_of(x=DISPATCH, y=twice))
    pairs = list(zip(found["doc_id"], found["other_doc_id"], strict=True))
    assert pairs == [("x", "y"), ("y", "y")]


def test_repetition_within_a_document() -> None:
    text = f"{DISPATCH} {OTHER_WORDS['a']} {DISPATCH}"
    row = verbatim(corpus_of(x=text)).iloc[0]
    assert (row["doc_id"], row["other_doc_id"]) == ("x", "x")
    assert (row["start"], row["other_start"]) == (0, text.rindex("The ministry"))


def test_furniture_is_compared_only_on_request() -> None:
    furniture = "Readers keep this small newsroom going with monthly gifts of money and patience."
    corpus = corpus_of(
        x=f"{OTHER_WORDS['a']}\n{furniture}\n{OTHER_WORDS['b']}",
        y=f"{DISPATCH}\n{furniture}\n",
    )
    labelled = cleaning.segments(corpus)
    labelled["is_content"] = labelled["text"] != furniture
    for key in corpus._tables:
        if key[0] == "segments":
            corpus._tables[key] = labelled
    assert passages(corpus).empty
    assert passages(corpus, content_only=False)["text"].tolist() == [furniture[:-1]]


def test_no_run_reaches_across_furniture() -> None:
    furniture = "Advertisement, please read on below"
    halves = DISPATCH.split(", ", 1)
    corpus = corpus_of(x=f"{halves[0]}\n{furniture}\n{halves[1]}", y=DISPATCH)
    labelled = cleaning.segments(corpus)
    labelled["is_content"] = labelled["text"] != furniture
    for key in corpus._tables:
        if key[0] == "segments":
            corpus._tables[key] = labelled
    assert not any("Advertisement" in text for text in verbatim(corpus)["text"])
    assert len(verbatim(corpus)) == 2


@pytest.mark.parametrize(
    "phrase",
    [
        "the spokesperson for the United States Department of State Vedant Patel said on",
        "between the President of Ruritania Ottokar Almaszout and the Prime Minister of Borduria",
        "it was also said that there would have been more of those than before",
    ],
)
def test_names_and_function_words_are_no_passage(phrase: str) -> None:
    corpus = corpus_of(x=f"Yesterday {phrase} markets.", y=f"Nobody knew {phrase} Monday.")
    assert passages(corpus).empty


def test_headline_in_capitals_is_a_passage() -> None:
    title = "Floods Wash Away Southern Railway, Setting Off Alarms In The Harbour Towns"
    corpus = corpus_of(x=f"{title}\n\n{OTHER_WORDS['a']}", y=f"{OTHER_WORDS['b']}\n\n{title}\n")
    assert passages(corpus)["text"].tolist() == [title]


def test_formula_of_many_documents_is_no_passage() -> None:
    formula = "Reporters in three bureaus contributed research to this article."
    corpus = corpus_of(**{f"d{n:02}": f"Item number {n}x{n}. {formula}" for n in range(30)})
    assert passages(corpus).empty
    assert not passages(corpus, formula_above=40).empty


@pytest.mark.parametrize(("one", "other"), REWORDED)
def test_reworded_sentence_is_near(one: str, other: str) -> None:
    filler = " ".join(UNRELATED[:3])
    corpus = corpus_of(x=f"{filler}\n{one}", y=f"{other}\n{OTHER_WORDS['a']}")
    found = passages(corpus)
    near = found[(found["kind"] == "near") & (found["doc_id"] != found["other_doc_id"])]
    assert near["text"].tolist() == [one]
    assert near["other_text"].tolist() == [other]
    assert near["similarity"].between(0.66, 0.99).all()


def test_different_statements_on_one_topic_are_not_paired() -> None:
    corpus = corpus_of(**{f"d{n}": text for n, text in enumerate(UNRELATED)})
    assert passages(corpus).empty


def test_verbatim_sentence_is_not_listed_as_near_too() -> None:
    found = passages(corpus_of(x=DISPATCH, y=f"{OTHER_WORDS['a']} {DISPATCH}"))
    assert found["kind"].tolist() == ["verbatim"]


def story(n: int) -> str:
    """A text of its own, of nonsense words that depend on its number alone."""
    draw = random.Random(n)
    made = ["".join(draw.choices(string.ascii_lowercase, k=draw.randint(4, 9))) for _ in range(60)]
    return "\n".join(" ".join(made[k : k + 12]).capitalize() + "." for k in range(0, 60, 12))


def near_pairs(corpus: Corpus, all_pairs_up_to: int) -> set[tuple[str, str]]:
    options = {"formula_above": 500, "content_only": False}
    found = passages(corpus, all_pairs_up_to=all_pairs_up_to, **options)
    near = found[found["kind"] == "near"]
    return set(zip(near["doc_id"], near["other_doc_id"], strict=True))


def test_rare_words_lead_to_what_all_pairs_find() -> None:
    texts = {f"d{n:02}": story(n) for n in range(40)}
    for k, (one, other) in enumerate(REWORDED):
        texts[f"d{k:02}"] += f"\n{one}"
        texts[f"d{k + 20:02}"] += f"\n{other}"
    corpus = corpus_of(**texts)
    expected = {("d00", "d20"), ("d01", "d21"), ("d02", "d22")}
    assert near_pairs(corpus, 300) == near_pairs(corpus, 0) == expected


def test_lsh_finds_documents_alike_where_no_word_is_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_RARE_WORD_SENTENCES", 0)
    texts = {f"d{n:03}": story(n) for n in range(60)}
    for k, (one, other) in enumerate(REWORDED * 10):
        texts[f"e{k:03}"] = story(k) + f"\n{other}"
        texts[f"d{k:03}"] += f"\n{one}"
    corpus = corpus_of(**texts)
    expected = {(f"d{k:03}", f"e{k:03}") for k in range(30)}
    assert expected <= near_pairs(corpus, 300)
    found = near_pairs(corpus, 0)
    assert len(found & expected) >= 0.9 * len(expected)
    assert found <= near_pairs(corpus, 300)


def test_sorted_and_the_same_whatever_the_order_of_the_files() -> None:
    texts = {f"d{n}": f"{UNRELATED[n]}\n{DISPATCH}\n{REWORDED[n % 3][n % 2]}" for n in range(6)}
    one = passages(corpus_of(**texts))
    other = passages(corpus_of(**dict(reversed(texts.items()))))
    pd.testing.assert_frame_equal(one, other)
    keys = list(zip(one["doc_id"], one["start"], one["end"], one["other_doc_id"], strict=True))
    assert all(a <= b for a, b in pairwise(keys))
    assert one["passage_id"].tolist() == list(range(len(one)))
    assert (one["doc_id"] <= one["other_doc_id"]).all()


@pytest.mark.parametrize("texts", [{}, {"x": DISPATCH}, {"x": "", "y": ""}, {"x": "…", "y": "—"}])
@pytest.mark.parametrize("all_pairs_up_to", [0, 300])
def test_nothing_to_compare(texts: dict[str, str], all_pairs_up_to: int) -> None:
    corpus = corpus_of(**texts)
    found = passages(corpus, all_pairs_up_to=all_pairs_up_to)
    assert found.empty
    assert list(found)[:3] == ["passage_id", "doc_id", "start"]
    assert reuse_by_pair(corpus).empty


@pytest.mark.parametrize("option", [{"min_words": 1}, {"min_evidence": 0}, {"min_similarity": 0.0}])
def test_options_out_of_range(option: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(option))):
        passages(corpus_of(x=DISPATCH), **option)


def test_pairs_count_no_word_twice() -> None:
    corpus = corpus_of(x=DISPATCH, y=f"{OTHER_WORDS['a']} {DISPATCH}", z=OTHER_WORDS["b"])
    row = reuse_by_pair(corpus).iloc[0]
    assert (row["doc_id"], row["other_doc_id"]) == ("x", "y")
    total, longer = len(words_of(DISPATCH)), len(words_of(corpus.text("y")))
    assert row["shared_words"] == row["other_shared_words"] == row["longest_run"] == total
    assert row["share"] == 1
    assert row["other_share"] == pytest.approx(total / longer)
    assert len(reuse_by_pair(corpus)) == 1


def test_words_in_a_verbatim_and_a_near_passage_count_once() -> None:
    one, other = REWORDED[0]
    row = reuse_by_pair(corpus_of(x=one, y=other)).iloc[0]
    assert (row["verbatim"], row["near"]) == (0, 1) or row["verbatim"] > 0
    assert row["shared_words"] == len(words_of(one))
    assert row["other_shared_words"] == len(words_of(other))


def many_copies(n: int) -> dict[str, str]:
    """Texts of their own with a dispatch in all of them, each of four rewordings in some."""
    draw = random.Random(1)
    texts = {}
    for number in range(n):
        one, other = REWORDED[number % 3]
        shared = [DISPATCH, one if number % 2 else other]
        draw.shuffle(shared)
        texts[f"d{draw.randrange(10**6):06}"] = "\n".join([story(number), *shared])
    return texts


@pytest.mark.parametrize("all_pairs_up_to", [0, 300])
def test_parts_in_scratch_files_give_the_same_rows(tmp_path: Path, all_pairs_up_to: int) -> None:
    options = {"all_pairs_up_to": all_pairs_up_to, "formula_above": 100, "content_only": False}
    texts = many_copies(30)
    corpus = corpus_of(**texts)
    parts = [corpus.subset(list(texts)[n : n + 7]) for n in range(0, 30, 7)]
    found = list(passages_of(parts, scratch=tmp_path / "scratch", **options))
    expected = passages(corpus, **options)
    assert set(expected["kind"]) == {"verbatim", "near"}
    pd.testing.assert_frame_equal(pd.concat(found, ignore_index=True), expected)


def test_frames_part_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reuse_table, "_TEXTS_AT_ONCE", 3)
    corpus = corpus_of(**many_copies(12))
    frames = list(passages_of([corpus], scratch=tmp_path, content_only=False))
    assert len(frames) > 3
    whole = pd.concat(frames, ignore_index=True)
    pd.testing.assert_frame_equal(whole, passages(corpus, content_only=False))
    met = [doc_id for frame in frames for doc_id in frame["doc_id"].unique()]
    assert len(met) == len(set(met))


def test_in_a_large_corpus_a_passage_of_many_texts_is_linked_to_its_first() -> None:
    corpus = corpus_of(**{f"d{n:02}": f"{story(n)}\n{DISPATCH}" for n in range(12)})
    options = {"all_pairs_up_to": 0, "content_only": False}
    found = passages(corpus, **options)
    assert set(found["doc_id"]) == {"d00"}
    assert found["other_doc_id"].tolist() == corpus.doc_ids[1:]
    assert len(passages(corpus, linked_up_to=12, **options)) == 12 * 11 / 2
