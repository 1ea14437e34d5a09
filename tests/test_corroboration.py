"""Which claims agree, and how many sources stand behind them: invented texts, both directions."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts

from nbhelpers import corroboration
from nbhelpers.claims import claims
from nbhelpers.corpus import Corpus, Document, InputError
from nbhelpers.corroboration import (
    SUPPORTS,
    VERDICTS,
    claim_groups,
    claim_groups_of,
    collect,
    dated_claims,
    joins,
    joins_of,
    provenance,
    provenance_of,
    repeated_utterances,
    timeline,
    trails,
    unresolved,
    verdicts,
)
from nbhelpers.corroboration.comparing import MOST
from nbhelpers.corroboration.sayers import outlet_key, sayers
from nbhelpers.corroboration.things import thing
from nbhelpers.corroboration.times import days, order
from nbhelpers.corroboration.values import Value, is_rounded, overlap, written
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.reuse import passages
from nbhelpers.utterances import utterances


def corpus_of(*written_texts, outlets=None, published=None):
    documents = []
    for number, text in enumerate(written_texts):
        metadata = {}
        if outlets:
            metadata["outlet"] = outlets[number]
        if published and published[number]:
            metadata["published"] = published[number]
        documents.append(Document(f"t{number}", text, f"t{number}.txt", metadata))
    return Corpus(documents)


def groups_of(*written_texts, **options):
    found = claim_groups(corpus_of(*written_texts, **options))
    return [sorted(rows["stated"]) for _, rows in found.groupby("group_id", sort=False)]


def verdicts_of(*written_texts, **options):
    return verdicts(corpus_of(*written_texts, **options))[["verdict", "reason"]]


def names_of(*written_texts, **options):
    return verdicts_of(*written_texts, **options)["verdict"].tolist()


DAY = dt.date(2024, 5, 6)
NEXT = dt.date(2024, 5, 20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bulgaria sent 3,000 Polish soldiers.", "Some 4,000 Polish troops were there."),
        ("Some 3,000 servicemen from Poland came.", "4,000 Polish troops came."),
        ("Some 3,000 of Poland’s soldiers came.", "4,000 Polish soldiers came."),
        ("The U.K. sent 3,000 soldiers.", "4,000 British troops were sent."),
        ("They have 20 Polish drones.", "They have 30 Polish UAVs."),
        ("They found 300 undocumented immigrants.", "400 undocumented immigrants came."),
    ],
)
def test_wordings_of_one_thing_make_one_group(one, other):
    assert len(groups_of(one, other)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Some 3,000 Polish soldiers came.", "4,000 Czech soldiers came."),
        ("Some 3,000 Polish soldiers came.", "4,000 soldiers came."),
        ("Some 3,000 Polish soldiers came.", "4,000 Polish containers came."),
        ("Some 3,000 Polish soldiers came.", "4,000 Polish special soldiers came."),
        ("Some 3,000 Polish soldiers were killed.", "4,000 Polish soldiers were sent."),
        ("The 300 Polish soldiers were killed.", "The 400 Polish soldiers were captured."),
        ("It cost 300 million dollars of coal.", "It cost 200 million euros of coal."),
        ("In Kabul 12 people were killed.", "In Jakarta 30 people were killed."),
        ("The 3,000 Polish homes burned.", "A third of Polish homes burned."),
    ],
)
def test_other_things_stay_apart(one, other):
    assert len(groups_of(one, other)) == 2


def test_common_nouns_meet_where_the_story_is_the_same():
    one = "The blast in Kabul near Bagram killed 12 people."
    two = "Officials in Bagram near Kabul said that 15 people were killed."
    assert len(groups_of(one, two)) == 1


def test_a_possessor_of_the_verb_is_no_owner_of_those_whom_it_kills_or_captures():
    found = claim_groups(corpus_of("Poland captured 300 soldiers.", "Poland sent 400 soldiers."))
    assert found["actor"].isna().tolist() == [True, False]
    assert found["actor_basis"].tolist()[1] == "subject"


def test_an_elliptical_claim_takes_the_actor_before_it_unless_another_is_named():
    one = "Some 3,000 Polish soldiers came to Prague. Later 500 soldiers left."
    two = "Some 3,000 Polish soldiers came. Hungary says 500 soldiers left."
    assert claim_groups(corpus_of(one))["actor_basis"].tolist() == ["named", "before"]
    assert claim_groups(corpus_of(two))["actor"].isna().sum() == 1


def test_a_number_without_a_noun_is_grouped_only_in_a_shared_passage():
    line = "The old harbour town paid $5 million for it after a long quarrel, a clerk told Lee."
    apart = claim_groups(corpus_of("They paid $5 million.", "He paid $5 million, it seems."))
    assert apart.empty
    assert len(claim_groups(corpus_of(line, line))) == 2


AGREE = [
    ("Seoul said 10,000 Polish soldiers came.", "Rome said about 10,000 Polish soldiers came."),
    ("Seoul said 10,200 Polish soldiers came.", "Rome said 10,000 Polish soldiers came."),
    ("Seoul said at least 3,000 Polish soldiers came.", "Rome said 10,000 Polish troops came."),
    ("Seoul said up to 12,000 Polish soldiers came.", "Rome said 10,000 Polish troops came."),
]


@pytest.mark.parametrize(("one", "other"), AGREE)
def test_ranges_that_overlap_agree(one, other):
    assert names_of(one, other, published=[DAY, DAY]) == ["agreement"]


def test_two_claimants_on_one_day_diverge():
    one, two = "Seoul said 3,000 Polish soldiers came.", "Rome said 5,000 Polish soldiers came."
    found = verdicts_of(one, two, published=[DAY, DAY])
    assert found["verdict"].tolist() == ["divergence"]
    assert "South Korea: 3,000" in found["reason"][0]


def test_one_text_that_sets_two_figures_side_by_side_diverges():
    text = "Seoul said 3,000 Polish soldiers came. But Rome said that 5,000 Polish soldiers came."
    assert names_of(text) == ["divergence"]


def test_common_words_diverge_only_where_the_text_sets_them_against_each_other():
    one = "The police said 300 people marched. "
    assert names_of(one + "But the government said that 900 people marched.") == ["divergence"]
    assert names_of(one + "The government said 900 people were at home.") != ["divergence"]


def test_an_open_figure_leaves_room_only_for_the_same_thing():
    one, two = "At least 12 people came to Bagram in Kabul.", "95 people came to Bagram in Kabul."
    found = verdicts_of(one, two)
    assert found["verdict"].tolist() == ["not comparable"]
    assert "may be of two things" in found["reason"][0]
    assert names_of(one, two.replace("95", "13")) == ["agreement"]


def test_two_claimants_of_unknown_times_are_not_comparable():
    one, two = "Seoul said 3,000 Polish soldiers came.", "Rome said 5,000 Polish soldiers came."
    assert names_of(one, two) == ["not comparable"]
    assert names_of(one, two, published=[DAY, NEXT]) == ["not comparable"]


def test_a_later_figure_of_one_claimant_is_an_update():
    one = "Seoul said 3,000 Polish soldiers came."
    two = "Seoul said 5,000 Polish soldiers came."
    assert names_of(one, two, published=[DAY, NEXT]) == ["update"]
    found = verdicts_of(one, two, published=[NEXT, DAY])
    assert found["verdict"].tolist() == ["update"]
    assert found["reason"][0].index("5,000") < found["reason"][0].index("3,000")


def test_a_later_figure_of_the_spokesman_updates_the_ministrys():
    one = "The Pentagon said that 3,000 Polish soldiers came."
    two = "Pentagon spokeswoman Ann Lee said 5,000 Polish soldiers came."
    assert names_of(one, two, published=[DAY, NEXT]) == ["update"]


def test_two_figures_of_one_claimant_for_one_day_in_two_texts_diverge():
    one = "Seoul said 3,000 Polish soldiers came."
    two = "Seoul said 5,000 Polish soldiers came."
    assert names_of(one, two, published=[DAY, DAY]) == ["divergence"]
    assert names_of(one, two) == ["not comparable"]


def test_what_the_sentence_compares_is_an_update():
    text = "Seoul said 5,000 Polish soldiers came, up from an estimate of 3,000 soldiers in May."
    found = verdicts_of(text)
    assert found["verdict"].tolist() == ["update"]
    assert found["reason"][0].startswith("3,000, then 5,000")


def test_an_addition_is_no_other_figure():
    text = "Seoul said 3,000 Polish soldiers came, and another 7,000 soldiers came later."
    found = verdicts_of(text)
    assert found["verdict"].tolist() == ["addition"]
    assert "together 10,000" in found["reason"][0]
    elsewhere = "Rome said 10,000 Polish soldiers came."
    assert sorted(names_of(text, elsewhere, published=[DAY, DAY])) == ["addition", "divergence"]


def test_a_part_is_no_other_figure():
    text = "Seoul said 12,000 Polish soldiers came, including 500 officers and three generals."
    assert names_of(text) == ["part of", "part of"]
    assert names_of("Seoul said 500 of the 12,000 Polish soldiers came.")[:1] == ["part of"]


def test_what_is_expected_says_nothing_against_what_is_there():
    one = "Seoul said 3,000 Polish soldiers were deployed to Rome."
    two = "Kyiv said that 12,000 Polish soldiers are expected to be sent."
    assert names_of(one, two, published=[DAY, DAY]) == ["different status"]


def test_two_places_are_not_compared():
    one = "Seoul said of NATO that 3,000 Polish soldiers were deployed to Rome."
    two = "Kyiv said of NATO that 12,000 Polish soldiers were deployed to Paris."
    assert names_of(one, two, published=[DAY, DAY]) == ["not comparable"]


def test_a_damaged_sentence_makes_a_contradiction_only_apparent():
    whole = "Seoul said 3,000 Polish soldiers came to the port."
    torn = "Rome said 5,000 Polish soldiers came. announced that it would."
    assert names_of(whole, torn[:37], published=[DAY, DAY]) == ["divergence"]
    found = verdicts_of(whole, torn, published=[DAY, DAY])
    assert found["verdict"].tolist() == ["apparent contradiction"]
    assert "stray fragment in t1" in found["reason"][0]


def test_a_denial_turned_round_is_a_polarity_conflict():
    one = "The Pentagon said Ukraine would face no new restrictions on foreign weapons."
    two = "New restrictions on foreign weapons await Ukraine, the Pentagon said on Monday."
    found = verdicts(corpus_of(one, two))
    assert found["verdict"].tolist() == ["polarity conflict"]
    assert found["sentence"].tolist() == [one]
    assert found["other_sentence"].tolist() == [two]


def test_authors_figures_in_one_text_never_diverge():
    assert set(names_of("There are 32 stores here. Last year they closed 48 stores.")) <= {
        "not comparable"
    }


def test_verdicts_name_claims_and_places_that_exist():
    corpus = corpus_of(*AGREE[0], published=[DAY, DAY])
    row = verdicts(corpus).iloc[0]
    stated = claims(corpus).set_index("claim_id")
    for side in ("", "other_"):
        assert stated.loc[row[f"{side}claim_id"], "start"] == row[f"{side}start"]
        assert corpus.text(row[f"{side}doc_id"])[row[f"{side}start"] : row[f"{side}end"]]


def support_of(*written_texts, by="group", **options):
    found = provenance(corpus_of(*written_texts, **options), by=by)
    return found.loc[0, ["n_documents", "n_wordings", "n_independent", "support"]].tolist()


def test_texts_that_name_one_claimant_are_one_source():
    one, two = "Seoul said 3,000 Polish soldiers came.", "3,000 Polish troops came, Seoul said."
    assert support_of(one, two)[2:] == [1, "single source"]


def test_two_claimants_are_two_sources():
    one, two = "Seoul said 3,000 Polish soldiers came.", "Rome said 3,000 Polish troops came."
    assert support_of(one, two)[2:] == [2, "several independent"]


def test_organs_of_one_state_are_one_source():
    one = "The Pentagon said that 3,000 Polish soldiers came."
    two = "The State Department said that some 3,000 Polish soldiers had come."
    assert support_of(one, two)[2:] == [1, "single source"]
    assert joins(corpus_of(one, two))["kind"].tolist() == ["state"]


def test_what_a_medium_carries_is_its_sources():
    one = "Seoul said that 3,000 Polish soldiers came, according to CNN."
    two = "CNN reported that 3,000 Polish soldiers came."
    assert support_of(one, two)[2:] == [1, "single source"]
    edges = trails(corpus_of(one, two), group_id="Polish soldiers")
    assert ["CNN", 1, "South Korea"] in edges[["citing", "citing_level", "cited"]].values.tolist()


def test_media_that_cite_one_another_are_circular():
    one = "CNN reported that 3,000 Polish soldiers came."
    two = "According to the BBC, some 3,000 servicemen from Poland have crossed the old bridge."
    assert support_of(one, two, outlets=["BBC", "CNN"])[2:] == [1, "circular"]
    assert support_of(one, two)[2:] == [2, "several independent"]
    grounded = (
        "The BBC reported that 3,000 Polish soldiers came. Seoul said 3,000 Polish troops came."
    )
    assert support_of(one, grounded, outlets=["BBC", "CNN"])[3] != "circular"


def test_an_outlets_own_text_is_the_source_of_those_who_cite_it():
    one = "CNN reported that 3,000 Polish soldiers came."
    two = "The old bridge was crossed by some 3,000 servicemen from Poland."
    assert support_of(one, two, outlets=["Herald", "CNN"])[2:] == [1, "single source"]
    assert joins(corpus_of(one, two, outlets=["Herald", "CNN"]))["kind"].tolist() == ["outlet"]


def test_texts_that_share_their_words_count_once():
    line = "Some 3,000 Polish soldiers came to the old harbour with the night train from Prague."
    assert support_of(line, line, line) == [3, 1, 0, "author only"]
    told = f"{line[:-1]}, Seoul said."
    assert support_of(told, line)[1:] == [1, 1, "single source"]


def test_anonymous_sources_are_not_counted_as_several():
    one = "Two officials said that 3,000 Polish soldiers came."
    two = "A senior official told reporters that 3,000 Polish soldiers came."
    assert support_of(one, two)[2:] == [1, "single source"]


def test_every_figure_has_its_own_support():
    one = "Seoul said 3,000 Polish soldiers came. Rome said 5,000 Polish soldiers came."
    found = provenance(corpus_of(one), by="figure")
    assert found[["figure", "n_independent"]].values.tolist() == [["3,000", 1], ["5,000", 1]]
    with pytest.raises(InputError, match="by group or by figure"):
        provenance(corpus_of(one), by="year")


def test_joins_explain_every_source_that_is_not_counted():
    corpus = corpus_of(*(one for one, _ in AGREE), *(two for _, two in AGREE))
    row = provenance(corpus).iloc[0]
    of_group = joins(corpus)
    assert row["n_claims"] - len(of_group) == row["n_independent"]
    assert of_group["evidence"].str.len().gt(0).all()


def test_the_timeline_puts_dates_in_order_and_says_why_some_have_no_place():
    text = (
        "It began on 3 May 2022. It ended in June 2023. On 4 August it rained. It came on Monday."
    )
    found = timeline(corpus_of(text))
    assert found["when"].tolist() == ["dated", "dated", "without a year", "unresolved"]
    assert found["first"].dropna().is_monotonic_increasing
    assert found["why"].isna().tolist() == [True, True, False, False]
    assert "4 August" in found["why"][2]


def test_a_claim_without_a_date_stands_by_its_text_or_nowhere():
    line = "Seoul said 3,000 Polish soldiers came."
    found = dated_claims(corpus_of(line, line, published=[DAY, None]))
    assert found["placed"].tolist() == ["by its text", "no date"]
    assert found["day"].isna().tolist() == [False, True]


def test_what_is_open_is_listed_with_its_reason():
    found = unresolved(corpus_of("They paid $5 million on Monday."))
    assert found["kind"].tolist() == ["claim", "date"]
    assert "what it counts" in found["why"][0]


def test_a_group_of_many_claims_is_capped_and_says_so():
    text = " ".join(f"Office {n} of Rome said {n + 1000} Polish soldiers came." for n in range(90))
    found = verdicts(corpus_of(text))
    assert len(found) <= MOST * (MOST - 1) / 2 + 1
    told = found[found["verdict"] == "not compared"]
    assert len(told) == 1
    assert "90 claims are too many" in told["reason"].iat[0]


ALL_TABLES = (claim_groups, verdicts, provenance, joins, timeline, dated_claims, unresolved)


@pytest.mark.parametrize("function", ALL_TABLES)
def test_no_text_no_row(function):
    for corpus in (Corpus([]), corpus_of("", "...", "Hello.")):
        assert function(corpus).empty
    full = function(corpus_of("Seoul said 3,000 Polish soldiers came on 3 May 2022."))
    assert function(Corpus([])).dtypes.to_dict() == full.dtypes.to_dict()


NUMBERS = st.sampled_from(
    [
        "Seoul said 3,000 Polish soldiers came. ",
        "Another 7,000 troops are expected, up from 2,000. ",
        "1" * 400 + " soldiers came 99999999999 years ago. ",
        "Some 500 of the 12,000 Polish soldiers, including 30 officers and 2 generals, left. ",
        "\n\n– CNN reported on --10-28 that $5 million",
        "at least NaN infinity 1e999 people were killed. ",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(texts, NUMBERS), max_size=6))
def test_nothing_raises_and_all_places_exist(parts):
    corpus = corpus_of("".join(parts), "".join(reversed(parts)))
    for function in ALL_TABLES:
        found = function(corpus)
        if "start" in found:
            for row in found[["doc_id", "start", "end"]].dropna().itertuples(index=False):
                assert 0 <= row.start < row.end <= len(corpus.text(row.doc_id))
    assert set(verdicts(corpus)["verdict"]) <= set(VERDICTS)
    assert set(provenance(corpus)["support"]) <= set(SUPPORTS)
    grouped = claim_groups(corpus)
    assert grouped["claim_id"].is_unique
    pd.testing.assert_frame_equal(grouped, claim_groups(corpus_of(*(d.text for d in corpus))))


VALUES = st.builds(
    lambda low, size, is_open, approximate: Value(
        low, None if is_open else low + size, None, approximate
    ),
    st.floats(0, 1e9),
    st.floats(0, 1e6),
    st.booleans(),
    st.booleans(),
)


@given(VALUES, VALUES)
def test_overlap_is_mutual_and_holds_of_itself(one, other):
    assert overlap(one, one)
    assert overlap(one, other) == overlap(other, one)
    assert is_rounded(one, other) == is_rounded(other, one)
    assert str(one)


@given(st.floats(allow_nan=False))
def test_any_number_can_be_written(number):
    assert written(number)


@given(st.text(max_size=12), st.sampled_from(["--10", "2024-10", "2024-W44", "199X", "--02-29"]))
def test_any_date_is_read_or_refused(noise, date):
    assert days(date)
    for text in (noise, f"{date}/{noise}", date + noise):
        known = days(text)
        assert known is None or known.first <= known.last
        assert order(known, known) in ("same", "unknown")


@given(st.text(max_size=30), st.text(max_size=10), st.text(max_size=30))
def test_any_words_are_some_thing(counted, head, behind):
    assert thing(counted, head, behind).weight >= 0


def test_outlets_meet_under_their_names_and_addresses():
    for one, other in [("The Times", "www.times.com"), ("BBC", "bbc.co.uk"), ("RTÉ", "RTÉ")]:
        assert outlet_key(one) == outlet_key(other)
    assert outlet_key("Fox News") != outlet_key("CBS News")


def test_the_dead_of_two_days_are_two_events_unless_the_texts_tell_one():
    one = "Officials in Kabul said 3 Polish soldiers were killed."
    two = "Rome said 9 Polish soldiers were killed near Kabul."
    assert names_of(one, two, published=[DAY, DAY]) == ["not comparable"]
    toll = ["Rome said 3 Polish soldiers were killed in Kabul, Bagram, Ghazni and Jalalabad."]
    toll += [toll[0].replace("3 ", "9 ")]
    assert names_of(*toll, published=[DAY, DAY + dt.timedelta(days=1)]) == ["update"]
    assert names_of(*toll, published=[DAY, DAY + dt.timedelta(days=30)]) == ["not comparable"]


def stored_parts(corpus, size):
    """Parts of a corpus that know the tables of the whole, as if read from disk."""
    for first in range(0, len(corpus), size):
        part = corpus.subset(corpus.doc_ids[first : first + size])
        for key, frame in corpus._tables.items():
            own = "doc_id" in frame and frame["doc_id"].isin(part.doc_ids)
            part._tables[key] = frame[own].reset_index(drop=True) if "doc_id" in frame else frame
        yield part


def test_parts_in_scratch_files_give_the_same_rows(tmp_path):
    said = ["Seoul said 3,000", "Kyiv said 4,000", "Rome said about 3,000", "Some 500 of the 4,000"]
    sent = "North Korean soldiers were sent to the coast of Syldavia by train in the last week"
    texts = [
        f"{said[n % 4]} {sent}. In Kabul near Bagram {n % 3 + 12} people were killed. "
        f"“The {n % 5 + 20} old bridges near Bagram will be mended before spring,” Ann Lee said."
        for n in range(24)
    ]
    corpus = Corpus(Document(f"{n:02}", text, "") for n, text in enumerate(texts))
    expected = [f(corpus) for f in (claim_groups, verdicts, provenance, joins)]
    same = [passages(corpus), repeated_utterances(utterances(corpus))]
    found = collect(reversed([*stored_parts(corpus, 5)]), same, scratch=tmp_path)
    known = sayers(corpus, model=DEFAULT)
    frames = [
        claim_groups_of(found),
        corroboration.verdicts_of(found, known),
        provenance_of(found, known),
        joins_of(found, known),
    ]
    tables = [pd.concat(some, ignore_index=True) for some in frames]
    expected[1] = expected[1].dropna(subset=["group_id"])
    tables[1] = tables[1].merge(expected[1])  # in another order
    assert all(len(table) for table in tables)
    for table, rows in zip(tables, expected, strict=True):
        order = list(rows) if rows is expected[1] else []
        sides = [t.sort_values(order, ignore_index=True) if order else t for t in (table, rows)]
        pd.testing.assert_frame_equal(*sides)
