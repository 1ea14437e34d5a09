"""Attributions: who says what, phenomenon by phenomenon, in sentences written for the purpose.

Expected roles are marked in the text itself: ``[s1 Ann Lee] [q1 said] [c1 it rained]`` is a source,
a cue and a content of one relation; stretches of one role are joined; ``c1,2`` is of two relations.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from nbhelpers.attribution import ROLES, attributions
from nbhelpers.corpus import Corpus, Document
from nbhelpers.encoder.session import is_installed
from nbhelpers.extraction.models import ACCURATE, FAST
from nbhelpers.media import is_medium

FILLER = "The river had been rising since the weekend, and the roads to the coast were under water."

_MARK = re.compile(r"\[([sqc])([\d,]+) |\]")
_ROLE = {"s": "source", "q": "cue", "c": "content"}

Relation = tuple[Any, ...]  # the texts of source, cue and content


@pytest.fixture(params=[FAST, ACCURATE])
def model(request: pytest.FixtureRequest) -> str:
    """Each model that can run here."""
    if request.param == ACCURATE and not is_installed():
        pytest.skip("onnxruntime is not installed")
    return str(request.param)


def found_in(text: str, model: str) -> pd.DataFrame:
    return attributions(Corpus([Document("a", text, "a.txt")]), model=model)


def relations(text: str, model: str) -> list[Relation]:
    """The texts of source, cue and content of each relation; None where there is none."""
    rows = found_in(text, model)[list(ROLES)].astype(object)
    return [tuple(row) for row in rows.where(rows.notna(), None).values.tolist()]


def unmarked(marked: str) -> tuple[str, list[Relation]]:
    """The plain text, and the marked relations in the order of their numbers."""
    text, end = "", 0
    opened: list[tuple[str, str, int]] = []
    stretches: dict[tuple[str, str], list[str]] = {}
    for match in _MARK.finditer(marked):
        text, end = text + marked[end : match.start()], match.end()
        if match[1]:
            opened.append((_ROLE[match[1]], match[2], len(text)))
        else:
            role, numbers, start = opened.pop()
            for number in numbers.split(","):
                stretches.setdefault((number, role), []).append(text[start:])
    names = sorted({number for number, _ in stretches})
    expected = [
        tuple(" … ".join(stretches.get((name, role), [])) or None for role in ROLES)
        for name in names
    ]
    return text + marked[end:], expected


def agree(found: list[Relation], expected: list[Relation], model: str) -> bool:
    """Whether relations are the same; the accurate model's cues may go on (*said in court*)."""
    found, expected = in_any_order(found), in_any_order(expected)
    if model == ACCURATE and len(found) == len(expected):
        found = [
            (source, short if cue and short and cue.startswith(short) else cue, content)
            for (source, cue, content), (_, short, _) in zip(found, expected, strict=True)
        ]
    return found == expected


def in_any_order(rows: list[Relation]) -> list[Relation]:
    return sorted(rows, key=repr)


# The accurate model gives a second quotation to the first cue, begins a content with *to say*, and
# leaves a wrongly decoded mark out.
OTHERWISE = ("â€œThe road is closed",)

GOLDEN = {
    "a quotation that its speaker interrupts is one relation": [
        "[c1 “The bridge is closed,”] [s1 Mayor Ann Lee] [q1 said]. "
        "[c1 “It will stay closed for a year.”]",
        "[c1 “The bridge,”] [s1 Mayor Ann Lee] [q1 said], [c1 “is closed.”]",
        "[c1 “Nobody told us the dam was leaking,”] [s1 farmer Joseph Okello] [q1 said]. "
        "[c1 “We found out when the water was at the door.”]",
        "[c1 “If the plant shuts,”] [q1 said] [s1 union leader Marta Ruiz], "
        "[c1 “four thousand families will lose their income.”]",
        "[c1 “It was a long night,”] [s1 the goalkeeper] [q1 admitted] after the match. "
        "[c1 “But I would not trade it for anything.”]",
        "[c1 “This budget,”] [s1 Finance Minister Olaf Brandt] [q1 warned] lawmakers on Thursday, "
        "[c1 “will have to last us until spring.”]",
        "[c1 “No,”] [s1 she] [q1 said]. [c1 “I will not resign.”]",
    ],
    "a quotation runs on over paragraphs": [
        "[c1 “We will go on,”] [s1 Lee] [q1 said]. [c1 “The river is rising.]\n\n"
        "[c1 “We have no other choice.”]",
        "[c1 “We rebuilt the school twice,”] [s1 headteacher Grace Mbeki] [q1 said]. "
        "[c1 “Each time the storms took the roof.]\n\n[c1 “This year we will build with stone.”]",
        "[s1 Governor Paula Reyes] [q1 said]: [c1 “The fire has crossed the highway and it is "
        "moving fast toward the town.]\n\n[c1 “I am asking everyone to leave tonight.”]",
        "[c1 “I grew up two streets from here,”] [s1 Ms. Tran] [q1 said]. [c1 “My mother sold "
        "noodles at that corner.]\n\n[c1 “When I see the cranes, I think of her.”]\n\n"
        "The cranes arrived in March.",
    ],
    "what is added has a relation of its own": [
        "[c1 “We will go on,”] [s1 Mayor Ann Lee] [q1 said]. "
        "[s2 She] [q2 added] [c2 that repairs would cost $3 million].",
        "[c1 “The tunnel is safe,”] [s1 chief engineer Ivo Novak] [q1 said]. "
        "[c2 “We tested every bolt,”] [s2 he] [q2 added].",
        "[s1 Senator Joan Whitfield] [q1 said] [c1 the bill would pass by Friday]. "
        "[s2 She] [q2 added] [c2 that the House was unlikely to change it].",
        "[c1 “Our boats never left the harbour,”] [s1,2 the captain] [q1 said], "
        "[q2 adding] [c2 that the radio had failed before dawn].",
        "[s1 The airline] [q1 said] [c1 all passengers had been rebooked]. "
        "[s2 It] [q2 added] [c2 that it would cover their hotel bills].",
        "[c1 “Prices will fall,”] [s1 Mr. Osei] [q1 predicted]. "
        "[c2 “Just not this year,”] [s2 he] [q2 went on].",
    ],
    "a quotation without a cue belongs to the speaker in force": [
        "[c1 “We will go on,”] [s1,2 Lee] [q1 said].\n[c2 “We have no other choice. The river will "
        "not wait for us, and neither will the people.”]",
        "[c1 “We lost everything in an hour,”] [s1,2 shopkeeper Ahmed Rashid] [q1 said].\n\n"
        "[c2 “The police stood at the end of the street and watched. Nobody came.”]",
        "[c1 “I never asked for special treatment,”] [s1,2 Ms. Oduya] [q1 said] in court.\n\n"
        "[c2 “All I wanted was to be heard by somebody who would listen to the whole story.”]\n\n"
        "The judge will rule in June.",
        "[c1 “I am tired,”] [s1,2 the driver, Petro Bondar], [q1 said].\n\n[c2 “Eleven days "
        "without a proper bed. My back is finished.”]\n\nHe climbed back into the cab.",
    ],
    "what is said between two quotations": [
        "[c1 “We are worried about the decision to turn to the North for sailors,”] "
        "[s1 Ivo Novak] [q1 added] on Tuesday. [s2 He] [q2 said] [c2 Moscow trained the sailors in "
        "artillery, the use of drones and basic infantry operations]. [c3 “Success will depend on "
        "the crews,”] [s3 he] [q3 said].",
    ],
    "headlines": [
        f"[s1 Army chief] [q1 says] [c1 troops will stay until spring]\n\n{FILLER}",
        f"[s1 President Diallo] [q1 vows] [c1 to rebuild flooded port]\n\n{FILLER}",
        f"[c1 “They took everything we had,”] [q1 says] [s1 mother of missing miner]\n\n{FILLER}",
        f"[c1 Dozens killed in mine blast], [s1 officials] [q1 say]\n\n{FILLER}",
    ],
    "according to": [
        "[q1 According to] [s1 the police], [c1 the driver fled].",
        "[q1 According to] [s1 the indictment], [c1 Mr. Voss moved the money through four firms].",
        "[c1 The driver fled], [q1 according to] [s1 the police].",
        "[c1 The company paid no tax in three of the past five years], "
        "[q1 according to] [s1 its annual reports].",
        "[c1 Nearly 40 percent of the reef has died since 2016], "
        "[q1 according to] [s1 researchers at the University of Queensland].",
        "[c1 The minister], [q1 according to] [s1 an aide], [c1 had not slept for two nights].",
        "[c1 “Nobody was in the building,”] [q1 according to] [s1 fire chief Tom Ellery].",
        "[c1 The factory will close in March], [q1 according to] [s1 Reuters].",
    ],
    "nominal cues": [
        "[s1 The Pentagon]’s [q1 claim] [c1 that the convoy had left was false].",
    ],
    "denials and refusals": [
        "[s1 The ministry] [q1 declined to confirm] [c1 whether the troops had left].",
        "[s1 The ministry] [q1 refused to say] [c1 how many soldiers had been wounded].",
        "[s1 Police] [q1 would not confirm] [c1 whether the man had been armed].",
        "[s1 The club] [q1 denied] [c1 that any offer had been made for the striker].",
        "[s1 Mr. Keller] [q1 has repeatedly denied] [c1 taking money from the developer].",
        "[s1 The Kremlin] [q1 rejected] [c1 the report as “pure fiction.”]",
    ],
    "titles and scare quotes are not speech": [
        "The “palace” stood empty.",
        "Her new novel, “The Salt Road,” goes on sale in May.",
        "The so-called “bread queue” at the ministry stretched around the corner on Monday.",
        "The documentary “Who Owns the River?” won three prizes in Berlin last year.",
        "Volunteers handed out badges with the word “Welcome” at the station.",
    ],
    "who is told but no medium carries nothing": [
        "[s1 Two officers] [q1 told] the court [c1 that they had seen the car].",
        "[s1 The minister] [q1 told] parliament [c1 that the dam was safe].",
        "[s1 Farmers] [q1 told] the governor [c1 that the wells were dry].",
        "[s1 The minister] [q1 told] reporters [c1 that the dam was safe].",
        "[s1 The general] [q1 told] a news conference [c1 that the town had fallen].",
    ],
    "other marks, and marks that do not match": [
        "[c1 ''We will win,''] [s1 Lee] [q1 said].",
        '[c1 “We will win,"] [s1 Lee] [q1 said].',
        '[c1 "We will not pay,”] [s1 the tenant] [q1 said].',
        "[c1 „We have no fuel,“] [s1 the captain] [q1 said].",
        "[c1 «The door was open,»] [s1 the porter] [q1 said].",
        "[c1 We saw the smoke from the bridge],” [s1 Ms. Adeyemi] [q1 said]. "
        "[c2 “Then we ran,”] [s2 she] [q2 said].",
    ],
    "wrongly decoded characters": [
        "[c1 â€œThe road is closed,â€\x9d] [s1 the sheriff] [q1 said]. "
        "[s2 The county] [q2 said] [c2 it would reopen on Monday].",
        "[s1 The festivalâ€™s director] [q1 said] [c1 ticket sales had doubled].",
        "[s1 The cafÃ© owner] [q1 said] [c1 the rent had tripled since 2019].",
    ],
}


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param(text, id=f"{name} {i}")
        for name in GOLDEN
        for i, text in enumerate(GOLDEN[name])
    ],
)
def test_finds_the_marked_relations_and_no_other(marked: str, model: str) -> None:
    if model == ACCURATE and any(part in marked for part in OTHERWISE):
        pytest.xfail("the accurate model takes it otherwise")
    text, expected = unmarked(marked)
    assert agree(relations(text, model), expected, model)
    assert found_in(text, model)["reported_via"].isna().all()


CHAINS = {
    "told a medium": [
        "[s2 Two officials] [q1,2 told] [s1 CNN] [c1,2 that the troops had arrived].",
        "[s2 The actor’s lawyer] [q1,2 told] [s1 The Guardian] [c1,2 that a deal was close].",
        "[c1,2 “We are not afraid,”] [s2 the bishop] [q1,2 told] [s1 Al Jazeera] on Sunday.",
        "[s2 Two people familiar with the matter] [q1,2 told] [s1 Bloomberg News] "
        "[c1,2 that the sale had been called off].",
        "[c1,2 “There will be no second vote,”] [s2 Ms. Laurent] [q1,2 said] in an interview "
        "with [s1 Le Monde].",
        "[s2 The chairman] [q1,2 said] in a statement to [s1 The Irish Times] "
        "[c1,2 that he had done nothing wrong].",
        "[s2 The coach] [q1,2 told] [s1 Sky News] [c1,2 the striker would not travel].",
        "[s2 The transport secretary] [q1,2 told] [s1 the BBC]’s Today programme "
        "[c1,2 that fares would rise].",
        "[c1,2 The bridge will reopen in May], [s2 the chief engineer] [q1,2 told] "
        "[s1 DW] on Friday.",
        "[s2 A neighbour] [q1,2 told] [s1 AFP news agency] [c1,2 that she had heard two shots].",
        "[c1,2 The gas pipeline is safe], [s2 the company’s director Pavel Orlov] "
        "[q1,2 told] [s1 TASS] on Tuesday.",
        "[s2 The singer] [q1,2 told] [s1 local media] [c1,2 that the tour was off].",
    ],
    "an interview": [
        "In an interview with [s1 HuffPost], [s2 the novelist] [q1,2 said] [c1,2 that "
        "she had burned the draft].",
        "Speaking to [s1 Al Jazeera], [s2 the rector] [q1,2 said] [c1,2 the library was lost].",
        "[s2 The goalkeeper] [q1,2 said] in an interview with [s1 Sky Sports] [c1,2 "
        "that he would retire].",
        "In comments to [s1 the Kyodo News agency], [s2 a minister] [q1,2 said] [c1,2 "
        "the talks were over].",
        "In remarks carried by [s1 state television], [s2 the president] [q1,2 said] "
        "[c1,2 the border would stay shut].",
    ],
    "citing": [
        "[s1 CNN] [q1 reported], [q2 citing] [s2 two Western intelligence officials], "
        "[c1,2 that the troops had arrived].",
        "[s1 CNN] [q1 reported] on 29 October, [q2 citing] [s2 two Western officials], "
        "[c1,2 that a small group is there].",
        "[s1 CBS News] [q1 reported] on Monday, [q2 citing] [s2 an internal memo], "
        "[c1,2 that 300 jobs would be cut].",
        "[s1 CNN] [q1 reported] on Monday [c1,2 that a small group of soldiers had arrived], "
        "[q2 citing] [s2 two officials].",
        "[s1 Bloomberg] [q1 reported] [c1,2 that the fund had sold its shares], "
        "[q2 citing] [s2 people familiar with the matter].",
        "[s1 The Kyodo News agency] [q1 said] [c1,2 the reactor had been shut down], "
        "[q2 citing] [s2 the plant’s operator].",
        "[c1,2 The hostages had been moved to another town], [s1 AFP] [q1 reported], "
        "[q2 quoting] [s2 a local commander].",
        "[q2 Citing] [s2 two people close to the talks], [s1 The Wall Street Journal] "
        "[q1 reported] [c1,2 that a deal was near].",
        "[s1 Interfax], [q2 citing] [s2 a source in the defence ministry], [q1 "
        "reported] [c1,2 that the ship had left port].",
        "[c1,2 The rebels have taken the airport], [s1 Al Jazeera] [q1 said], [q2 "
        "citing] [s2 local sources].",
        "[c1,2 The mine had been closed for a year], [s1 the Xinhua news agency] [q1 "
        "reported], [q2 quoting] [s2 police sources].",
    ],
    "according to a medium": [
        "[q1 According to] [s1 Reuters], [c1 [s2 two diplomats] [q2 said] "
        "[c2 the talks had collapsed]].",
        "[c1 [s2 The general] [q2 said] [c2 his men had crossed the river]], "
        "[q1 according to] [s1 the Interfax news agency].",
        "[c1 [s2 The suspect] [q2 denied] [c2 that he had fired the gun]], "
        "[q1 according to] [s1 Sky News].",
        "[c1 [c2 “We assess that they travelled by ship in the first days of the month,”] "
        "[s2 spokesman Ann Lee] [q2 said]], [q1 according to] [s1 CNN].",
        "[c1 [s2 The president] [q2 told] aides [c2 that he would sign the order]], "
        "[q1 according to] [s1 CNN].",
        "[c1 [c2 “We never received the letter,”] [s2 a ministry spokesman] [q2 "
        "said]], [q1 according to] [s1 the BBC].",
        "[c1 [s2 Lawmakers] [q2 have said] [c2 that the vote was fair], and the count "
        "goes on], [q1 according to] [s1 The Hill].",
        "[q1 According to] [s1 The Associated Press], [c1 [s2 a hospital official] "
        "[q2 said] [c2 nine people were being treated for burns]].",
    ],
    "a medium reported": [
        "[c1 [s2 The president] [q2 told] reporters [c2 that he would resign]], "
        "[s1 Reuters] [q1 reported].",
        "[c1 [s2 The union] [q2 said] [c2 it would call off the strike]], [s1 the "
        "BBC] [q1 reported] on Friday.",
        "[c1 [c2 “The bridge will hold,”] [s2 the minister] [q2 said]], [s1 Xinhua] [q1 reported].",
        "[s1 Reuters] [q1 reported] [c1 that [s2 a senior official] [q2 said] [c2 the "
        "border would reopen]].",
        "[s1 State television] [q1 reported] [c1 that [s2 the president] [q2 said] "
        "[c2 the war was over]].",
        "[s1 The New York Times] [q1 reported] on Sunday [c1 that [s2 prosecutors] "
        "[q2 had told] the judge [c2 that the witness had disappeared]].",
    ],
}


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param(text, id=f"{name} {i}")
        for name in CHAINS
        for i, text in enumerate(CHAINS[name])
    ],
)
def test_a_chain_leads_from_the_first_source_to_its_carrier(marked: str, model: str) -> None:
    text, [carrier, carried] = unmarked(marked)
    frame = found_in(f"{text} {FILLER}", model)
    assert agree(relations(f"{text} {FILLER}", model), [carrier, carried], model)
    by_id = frame.set_index("attribution_id")
    [link] = frame[frame["reported_via"].notna()].to_dict("records")
    assert agree([tuple(link[role] for role in ROLES)], [carried], model)
    assert by_id.loc[link["reported_via"], "source"] == carrier[0]
    assert pd.isna(by_id.loc[link["reported_via"], "reported_via"])


DAMAGED = [
    "He said “we will win. The crowd cheered.\n"
    "[s1 The mayor] [q1 said] [c1 the bridge was closed].",
    "The governor said “we will rebuild the town before winter.\n"
    "[s1 The fire chief] [q1 said] [c1 the last embers were out].",
    '[c1 The troops are there]," [s1 he] [q1 said] on Tuesday. the spokesperson, Vedant Patel, '
    "emphasizing that the US was concerned.",
    "[c1 “The hospital has no power,”] [s1 he] [q1 said] on Friday. the doctor, Samir Aziz, "
    "stressing that patients were being moved by hand.",
    '[c1 "The city will not fall...,"] [s1 he] [q1 declared] on Sunday. the adviser, Oleh Marchuk, '
    "adding that supplies were on the way.",
]


@pytest.mark.parametrize("marked", DAMAGED)
def test_damage_stays_where_it_is(marked: str, model: str) -> None:
    text, [expected] = unmarked(marked)
    assert expected in relations(text, model)


def test_titles_of_works_are_not_direct_speech(model: str) -> None:
    frame = found_in("The film “The Long Road” opens in cinemas on Friday.", model)
    assert "direct" not in frame["kind"].tolist()


def test_furniture_is_not_searched(model: str) -> None:
    text = f"{FILLER}\n{FILLER}\nAdvertisement\nShare this article: “I love it,” Ann Lee said."
    assert found_in(text, model).empty


POSTS = [
    "[c1 We are going on. pic.twitter.com/abc]\n— [s1 Ann Lee (@annlee)] May 1, 2024",
    "[c1 Gutted for the fans tonight. We will replay this one as soon as we can. "
    "pic.twitter.com/Ab3dEf]\n\n— [s1 Harbour FC (@harbourfc)] March 3, 2023",
    "[c1 My vote was my own. I would cast it again. https://t.co/xyz123]\n"
    "— [s1 Sen. Carla Mendes (@SenMendes)] October 12, 2021",
]


@pytest.mark.parametrize("marked", POSTS)
def test_a_post_belongs_to_its_handle(marked: str, model: str) -> None:
    text, [expected] = unmarked(f"{FILLER}\n\n{marked}\n\n{FILLER}")
    assert relations(text, model) == [expected]
    assert found_in(text, model)["kind"].tolist() == ["direct"]


def test_a_transcript_gives_each_turn_to_its_speaker(model: str) -> None:
    text = (
        "LEE: We will go on.\nSMITH: Why would you?\nLEE: Because we must.\n"
        "SMITH: Thank you very much for being here tonight."
    )
    frame = found_in(text, model)
    assert frame["source"].tolist() == ["LEE", "SMITH"] * 2
    assert set(frame["kind"]) == {"direct"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“Not one of them apologised,” the widow said.", "direct"),
        ("She asked: “Who gave the order?”", "direct"),
        ("“The bridge,” Mayor Ann Lee said, “is closed.”", "direct"),
        ("President Ann Lee called the attack “extremely dangerous.”", "mixed"),
        ("The mayor said the strike was “a gift to our opponents.”", "mixed"),
        ("The Kremlin rejected the report as “pure fiction.”", "mixed"),
        ("Mayor Ann Lee said the bridge would stay closed.", "indirect"),
        ("Analysts at the bank expect the currency to fall further.", "indirect"),
        ("The inspectors concluded that the lift had not been serviced for a year.", "indirect"),
    ],
)
def test_the_kind_is_told_by_the_marks(text: str, kind: str, model: str) -> None:
    assert found_in(text, model)["kind"].tolist() == [kind]


@pytest.mark.parametrize(
    ("cue", "cue_class"),
    [
        ("denied", "denies"),
        ("confirmed", "confirms"),
        ("acknowledged", "confirms"),
        ("claimed", "claims"),
        ("alleges", "claims"),
        ("insisted", "claims"),
        ("warned", "warns"),
        ("estimates", "estimates"),
        ("said", "neutral"),
        ("told residents", "neutral"),
    ],
)
def test_the_cue_names_the_act(cue: str, cue_class: str, model: str) -> None:
    frame = found_in(
        f"The ministry {cue} that a thousand soldiers had been sent to the border.", model
    )
    assert frame["cue_class"].tolist() == [cue_class]


@pytest.mark.parametrize(
    "text",
    [
        "The ministry refused to say how many soldiers had been wounded.",
        "The ministry declined to confirm whether the troops had left.",
        "A spokeswoman for the bank declined to comment on the investigation.",
    ],
)
def test_a_refusal_is_no_report(text: str, model: str) -> None:
    assert found_in(text, model)["cue_class"].tolist() == ["refuses"]


def test_a_medium_is_known_by_its_name() -> None:
    assert is_medium("The Washington Post")
    assert is_medium("the Kyodo News Agency")
    assert is_medium("state television")
    assert is_medium("Sky News")
    assert not is_medium("the ministry")
    assert not is_medium("social media")
    assert not is_medium("a spokesman for the BBC")


def test_nothing_found_has_the_same_columns(model: str) -> None:
    nothing, something = found_in("It rained.", model), found_in("Ann Lee said it rained.", model)
    assert nothing.empty
    assert nothing.dtypes.to_dict() == something.dtypes.to_dict()
