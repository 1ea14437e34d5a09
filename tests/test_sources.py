"""Sources: under what name each speaker goes, and what they are, in texts written for the purpose.

Mentions are marked in the texts: ``[Lee|ann lee|surname]`` is a source that reads *Lee*, means the
source ``ann lee`` and is known by its surname. Several texts of one case are the documents ``a``,
``b`` and so on of one corpus.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import STORIES

from nbhelpers.attribution import attributions
from nbhelpers.corpus import Corpus, Document
from nbhelpers.sources import source_evidence, source_mentions, sources

_MARK = re.compile(r"\[([^|\]]+)\|([^|\]]+)\|(\w+)\]")

TYPES = {
    "government", "military", "intelligence", "international_organisation", "media", "expert",
    "lawmaker", "public", "document", "author", "other",
}  # fmt: skip
BASES = {
    "name", "surname", "variant", "abbreviation", "seat", "role", "pronoun", "description",
    "handle", "undecided",
}  # fmt: skip


def corpus_of(*texts: str) -> Corpus:
    ids = "abcdefghij"
    return Corpus(
        [Document(doc_id, text, f"{doc_id}.txt") for doc_id, text in zip(ids, texts, strict=False)]
    )


def mentions_in(*texts: str) -> list[tuple[str, ...]]:
    """Document, words, source_id and basis of each mention."""
    frame = source_mentions(corpus_of(*texts))
    return [tuple(row) for row in frame[["doc_id", "text", "source_id", "basis"]].values.tolist()]


def unmarked(*marked: str) -> tuple[list[str], list[tuple[str, ...]]]:
    texts = [_MARK.sub(lambda mark: mark[1], text) for text in marked]
    expected = [
        (doc_id, *mark.groups())
        for doc_id, text in zip("abcdefghij", marked, strict=False)
        for mark in _MARK.finditer(text)
    ]
    return texts, expected


def source(text: str, source_id: str) -> dict[str, Any]:
    """What the table of sources says of one source of a text; None for what is not known."""
    frame = sources(corpus_of(text)).set_index("source_id").astype(object)
    row = frame.where(frame.notna(), None).loc[source_id]
    return {str(column): value for column, value in row.items()}


NAMING = {
    "a surname": [
        "“The bridge is closed,” [Marta Olsen|marta olsen|name] said on Monday. “It will reopen in "
        "May,” [Olsen|marta olsen|surname] said.",
        "[Olsen|marta olsen|surname] said the bridge would close. “It is old,” said "
        "[Marta Olsen|marta olsen|name].",
        "“It is late,” said [Peter Lund|peter lund|name]. “It is not,” said "
        "[Marta Olsen|marta olsen|name]. [Lund|peter lund|surname] said the ferry had left. "
        "[Olsen|marta olsen|surname] said it had not.",
        "“We are full,” [Jean-Luc Moreau|jean-luc moreau|name] said. "
        "[Moreau|jean-luc moreau|surname] said the clinic had no beds.",
        "“We are full,” [Anna van der Berg|anna van der berg|name] said. “It is sad,” "
        "[van der Berg|anna van der berg|surname] said.",
    ],
    "a title and a surname": [
        "“The bridge is closed,” [Governor Marta Olsen|marta olsen|name] said on Monday. “It will "
        "reopen in May,” [Gov. Olsen|marta olsen|surname] said. “We are ready,” "
        "[Ms. Olsen|marta olsen|surname] added.",
        "“The bill is dead,” [Sen. Carla Dunn|carla dunn|name] said. “It was never alive,” said "
        "[Senator Dunn|carla dunn|surname].",
        "“She will walk,” said [Dr. Paul Harrow|paul harrow|name]. [Dr. Harrow|paul "
        "harrow|surname] "
        "said the wound was small.",
        "“They ran,” said [Capt. Ruth Adeyemi|ruth adeyemi|name]. "
        "[Captain Adeyemi|ruth adeyemi|surname] said two men were held.",
    ],
    "an office": [
        "Defence Secretary Paul Harrow visited the base on Monday. “The fleet is ready,” "
        "[the defence secretary|paul harrow|role] said. “We will not wait,” "
        "[the Defense secretary|paul harrow|role] added.",
        "“No decision was made,” said [Ines Falk, a spokeswoman for the port|ines falk|name]. "
        "[The spokeswoman|ines falk|role] said the talks would go on.",
        "“The bill is dead,” [Sen. Carla Dunn|carla dunn|name] said. "
        "[The senator|carla dunn|role] said she would vote no.",
        "The bridge is closed, according to [Governor Marta Olsen|marta olsen|name]. According to "
        "[the governor|marta olsen|role], it will open in May.",
        "“Order,” said [Judge Hana Sharif|hana sharif|name]. “It is over,” "
        "[the judge|hana sharif|role] said.",
    ],
    "an office of two people, told apart by its words": [
        "President Ann Berg met Prime Minister Carl Dunn. [The president|ann berg|role] said the "
        "talks went well. [The prime minister|carl dunn|role] said they failed.",
        "Russian President Ivan Orlov met Chinese President Li Wen. "
        "[The Russian president|ivan orlov|role] said the talks went well. "
        "[The Chinese president|li wen|role] said they failed.",
        "“Yes,” said [Ines Falk, a spokeswoman for Apple|ines falk|name]. “No,” said "
        "[Amy Holm, a spokeswoman for Google|amy holm|name]. "
        "[The Apple spokeswoman|ines falk|role] said sales rose. "
        "[The Google spokeswoman|amy holm|role] said they fell.",
        "President Ann Berg met former President Carl Dunn. [The president|ann berg|role] said the "
        "talks went well. [The former president|carl dunn|role] said they failed.",
        "Vice President Ann Berg met President Carl Dunn. [The vice president|ann berg|role] said "
        "the talks went well. [The president|carl dunn|role] said they failed.",
    ],
    "another spelling": [
        "“We will hold the town,” [President Volodymyr Zelensky|volodymyr zelensky|name] said. "
        "[Zelenskiy|volodymyr zelensky|surname] said the winter would be hard. “We need help,” "
        "[Zelenskyy|volodymyr zelensky|surname] said.",
        "[Kyiv|ukraine|seat] said the drones came at night. [Kiev|ukraine|seat] said on Tuesday "
        "that two people died.",
        "“The port is open,” [Minister José Núñez|josé núñez|name] said. "
        "[Nunez|josé núñez|surname] said ships were waiting. “We are ready,” "
        "[Núñez|josé núñez|surname] said.",
        "“The port is open,” [Minister José Núñez|josé núñez|name] said. “We are ready,” "
        "[Jose Nunez|josé núñez|variant] said.",
    ],
    "a family name that comes first": [
        "“We will build more,” [Kim Jong Un|kim jong un|name] said. [Kim|kim jong un|surname] said "
        "the plant was ready.",
        "“We will talk,” [President Xi Jinping|xi jinping|name] said. “We must,” "
        "[Mr. Xi|xi jinping|surname] said.",
        "“We will talk,” [President Xi Jinping|xi jinping|name] said on Monday. Later "
        "[Xi|xi jinping|surname] said that trade mattered.",
        "“We will talk,” [President Moon Jae-in|moon jae-in|name] said. Later "
        "[Moon|moon jae-in|surname] said that peace mattered.",
    ],
    "an abbreviation": [
        "“The convoy was hit,” [HUR|hur|name] said on Telegram. [HUR|hur|name] said two ships "
        "sank.",
        "The Alliance for Clean Rivers (ACR) met on Monday. The water was safe, "
        "[the Alliance for Clean Rivers|alliance for clean rivers|name] said. [ACR|alliance for "
        "clean rivers|abbreviation] said it had tested forty "
        "wells.",
        "“We agree,” said [the World Health Organization|world health organization|name]. Later "
        "[the WHO|world health organization|abbreviation] said the virus had spread.",
        "“We agree,” said [the Federal Bureau of Investigation|fbi|variant]. Later [the "
        "FBI|fbi|name] "
        "said two men were held.",
    ],
    "he and she": [
        "“The bridge is closed,” [Marta Olsen|marta olsen|name] said. “It will reopen in May,” "
        "[she|marta olsen|pronoun] said.",
        "“The ferry is slow,” said [Peter Lund, a farmer|peter lund|name]. "
        "[He|peter lund|pronoun] said the boat was old.",
        "“Yes,” said [Paul Berg|paul berg|name]. “No,” said [Amy Holm|amy holm|name]. “Never,” "
        "[he|paul berg|pronoun] said. “Always,” [she|amy holm|pronoun] said.",
        "Paul Berg and his wife, Amy Holm, run the ferry. “It is slow,” [she|amy holm|pronoun] "
        "said.",
    ],
    "he and she of several": [
        "[Paul Berg|paul berg|name] said it rained. [Amy Holm|amy holm|name] said it snowed. "
        "[He|paul berg|pronoun] said it was cold.",
        "Paul Berg and Amy Holm met on Monday. Amy Holm is a nurse. Paul Berg left early. "
        "[She|amy holm|pronoun] said it was warm.",
        "Paul Berg left early. [She|she (a)|undecided] said it was warm.",
        "Christian Berg met Amy Holm in Jordan. [He|christian berg|pronoun] said it was warm.",
    ],
    "they and it": [
        "[Two officials|two officials (a)|description] said the talks had failed. "
        "[They|two officials (a)|pronoun] said a new round was planned for May.",
        "[The Alliance for Clean Rivers|alliance for clean rivers|name] said on Monday that the "
        "water was safe. [It|alliance for clean rivers|pronoun] said that forty wells were tested.",
        "[Google|google|name] said sales rose. [It|google|pronoun] said costs fell.",
    ],
    "who": [
        "A nurse [who|nurse (a)|pronoun] said the clinic was full left on Monday. Ines Falk, "
        "[who|ines falk|pronoun] said the clinic was empty, stayed.",
    ],
    "I and we": [
        "[I|author of a|pronoun] think the bridge should be closed.",
        "“The bridge was closed,” [Marta Olsen|marta olsen|name] said. "
        "[I|author of a|pronoun] asked her why.",
    ],
    "a definite description of an institution": [
        "[The Health Ministry|health ministry (a)|name] said on Monday that clinics would close. "
        "“There "
        "is no other way,” [the ministry|health ministry (a)|description] said.",
        "[The Harbour Times|harbour times|name] reported that the bridge was closed. "
        "[The newspaper|harbour times|description] said the repairs would take a year.",
        "[Apple|apple|name] said sales rose. [The company|apple|description] said costs fell.",
        "[Oslo University|oslo university|name] said it would close. "
        "[The university|oslo university|description] said it had no money.",
    ],
    "a seat": [
        "[The Kremlin|kremlin|seat] said the talks went well. [Seoul|south korea|seat] said it "
        "would "
        "send aid. [The Pentagon|pentagon|name] said the base was safe.",
        "[Tehran|iran|seat] said the talks went well. [Beijing|china|seat] said it would send aid. "
        "[Downing Street|downing street|seat] said the plan was dead.",
    ],
    "a headline": [
        "[Olsen|marta olsen|surname] says bridge is closed\n\nThe bridge is closed for a year, "
        "[Governor Marta Olsen|marta olsen|name] said on Monday.\n\n“It cannot be helped,” "
        "[she|marta olsen|pronoun] said.",
    ],
    "a post": [
        "The bridge was closed on Monday by Governor Marta Olsen.\n\n“The ferry is free,” "
        "[she|marta olsen|pronoun] said.\n\nThe bridge will stay shut until May. Take the ferry. "
        "pic.twitter.com/abc\n— [Marta Olsen (@martaolsen)|marta olsen|handle] May 3, 2020\n\n"
        "More will follow.",
    ],
    "several together": [
        "[Carla Dunn and Peter Lund|carla dunn and peter lund|name] said in a statement that the "
        "bill "
        "was dead. “We tried,” [Dunn|carla dunn|surname] said.",
        "[Mr. Grassley and Mr. Leahy|grassley and leahy|name] said the bill was dead.",
        "[Mr. Adams and Ms. Brown|adams and brown|name] said the bill was dead.",
        "[Senators Carla Dunn and Peter Lund|carla dunn and peter lund|name] said the bill was "
        "dead.",
        "“We tried,” [Carla Dunn, Peter Lund and Amy Holm|carla dunn and peter lund and amy "
        "holm|name]"
        " said.",
    ],
    "somebody's statement": [
        "“It was a mistake,” [Governor Hana Lee|hana lee|name] said. "
        "[Lee’s statement|hana lee|description] said the bridge would close.",
    ],
    "two people of one surname": [
        "“We won,” [Aaron Lee|aaron lee|name] said. “We lost,” [Ines Lee|ines lee|name] said. “It "
        "was "
        "close,” [Mr. Lee|aaron lee|surname] said. “It was not,” [Mrs. Lee|ines lee|surname] said.",
        "“We won,” said [Aaron Lee|aaron lee|name]. His wife is his coach. “I am tired,” "
        "[Ines Lee|ines lee|name] said.",
        "“We won,” [Sen. Aaron Lee|aaron lee|name] said. “We lost,” [Gov. Tomas Lee|tomas "
        "lee|name] "
        "said. “It was close,” [Senator Lee|aaron lee|surname] said.",
    ],
    "somebody named like a country, a city or a company": [
        "“We will play,” [Michael Jordan|michael jordan|name] said. “We will win,” "
        "[Mr. Jordan|michael jordan|surname] said.",
        "[Jordan|jordan|name] said it would close its border with Syria.",
        "[Paris|france|seat] said it would send troops to Mali.",
        "“We will build,” said [Anna Ford, the mayor|anna ford|name]. “It will be big,” "
        "[Ford|anna ford|surname] said.",
    ],
    "a role behind a comma that begins its own clause": [
        "The men were lost in Colorado, [the sheriff|sheriff (a)|description] said.",
        "The students will fly home on Friday, [the sheriff|sheriff (a)|description] said. “They "
        "are fine,” [the sheriff|sheriff (a)|description] told reporters.",
        "The army has left Kupiansk, [the president|president (a)|description] confirmed.",
        "“It is late,” said [Ann Lee, the sheriff|ann lee|name]. Snow fell in Colorado, "
        "[the sheriff|ann lee|role] said.",
    ],
    "several are nobody alone": [
        "Sam Silver, an administrator, left. [The administrators|administrators (a)|description] "
        "said that they would appeal.",
        "“Sales rose,” [Adidas|adidas|name] said. [These brands|these brands (a)|description] "
        "said that they would pay more.",
    ],
    "somebody named like an office": [
        "“Taxes will fall,” [Charlie Baker|charlie baker|name] said. [Baker|charlie baker|surname] "
        "said he would sign the bill. “It is good,” [Governor Baker|charlie baker|surname] said.",
        "“Sales rose,” said [Tim Cook, the chief executive of Apple|tim cook|name]. "
        "[Cook|tim cook|surname] said that growth would go on.",
        "“We sing,” [Thomas Marshall|thomas marshall|name] said. "
        "[Marshall|thomas marshall|surname] said the church was open.",
        "“It is good,” said [Kate Major|kate major|name]. “I am glad,” "
        "[Major|kate major|surname] said.",
        "“We pray,” [Bishop Carl Pope|carl pope|name] said. “The church is open,” "
        "[Pope|carl pope|surname] said.",
    ],
    "somebody who cannot be known": [
        "[He|he (a)|undecided] said the bridge was closed.",
    ],
    "institutions of one kind": [
        "[The Justice Department|justice department|name] said that two men were held. "
        "[The State Department|state department|name] said that the talks went on.",
        "On Monday [the Finance Ministry|finance ministry (a)|name] said that taxes would "
        "rise. Later "
        "[the Health Ministry|health ministry (a)|name] said that clinics would close.",
        "[Amnesty International|amnesty international|name] said the camps were full.",
        "[General Motors|general motors|name] said sales rose.",
    ],
    "across texts: one full name": [
        "“We won,” [Aaron Brandvold|aaron brandvold|name] said.\n---\n“We lost,” "
        "[Mr. Brandvold|aaron brandvold|name] said.\n---\n“It was close,” "
        "[Brandvold|aaron brandvold|name] said.",
        "“We are ready,” [José Núñez|josé núñez|name] said.\n---\n“We are not,” "
        "[Jose Nunez|josé núñez|name] said.",
    ],
    "across texts: several of one surname stay apart": [
        "“We won,” [Aaron Lee|aaron lee|name] said.\n---\n“We lost,” [Ines Lee|ines lee|name] said."
        "\n---\n“It was close,” [Lee|lee (c)|name] said.",
    ],
    "across texts: who is only described stays apart": [
        "[Two officials|two officials (a)|description] said the talks had failed.\n---\n"
        "[Two officials|two officials (b)|description] said the talks went well.",
        "[The spokesman|spokesman (a)|description] said the talks had failed.\n---\n"
        "[The spokesman|spokesman (b)|description] said the talks went well.",
        "[Witnesses|witnesses (a)|description] said the driver fled.\n---\n"
        "[Witnesses|witnesses (b)|description] said the driver slept.",
    ],
    "across texts: who gives a first name stays apart": [
        "“I lost my house,” [Maria|maria (a)|name] said.\n---\n“I lost my job,” [Maria|maria "
        "(b)|name] "
        "said.",
        "“I lost my house,” [Maria|maria (a)|name] said.\n---\n“I lost my job,” "
        "[Maria Lopez|maria lopez|name] said.",
    ],
    "across texts: titles that contradict each other": [
        "“We lost,” [Mr. Brandvold|brandvold (a)|name] said.\n---\n“It was close,” "
        "[Mrs. Brandvold|brandvold (b)|name] said.",
        "“We won,” [Aaron Brandvold|aaron brandvold|name] said.\n---\n“It was close,” "
        "[Mrs. Brandvold|brandvold (b)|name] said.",
    ],
    "across texts: institutions that several countries have": [
        "[Police|police (a)|name] said two people died in Nairobi.\n---\n[Police|police "
        "(b)|name] said "
        "two people died in Oslo.",
    ],
    "a name inside a longer one": [
        "“We won,” [President Lund|ines lund|name] said.\n---\nQuestions About Russia Lund "
        "did little to "
        "answer. “Yes,” [Ines Lund|ines lund|name] said.",
        "[Many immigrants across the United States|many immigrants (a)|description] said it "
        "rained.",
        "[The administration of President Ines Lund|administration (a)|description] said it "
        "rained.",
    ],
    "an office before a name, with of or to": [
        "[Russia’s Ambassador to NATO Ivan Grushko|ivan grushko|name] said it rained. “Yes,” "
        "[Grushko|ivan grushko|surname] said.",
    ],
    "across texts: institutions": [
        "“We agree,” said [the World Health Organization|world health organization|name].\n---\n"
        "“We do not,” said [the WHO|world health organization|abbreviation].",
    ],
}


@pytest.mark.parametrize(
    "marked", [pytest.param(m, id=f"{p} {n}") for p, c in NAMING.items() for n, m in enumerate(c)]
)
def test_whom_a_mention_means(marked: str) -> None:
    texts, expected = unmarked(*marked.split("\n---\n"))
    assert mentions_in(*texts) == expected


def test_an_undecided_mention_says_why() -> None:
    frame = source_mentions(corpus_of("He said the bridge was closed."))
    assert frame["reason"].notna().all()


def test_a_surname_that_several_have_says_why_it_stays_apart() -> None:
    texts = ("“We won,” Aaron Lee said.", "“We lost,” Ines Lee said.", "“It was close,” Lee said.")
    reasons = source_mentions(corpus_of(*texts)).set_index("doc_id")["reason"]
    assert pd.isna(reasons["a"])
    assert pd.isna(reasons["b"])
    assert "surname" in reasons["c"]


@pytest.mark.parametrize(
    ("text", "mention", "antecedent"),
    [
        ("“Yes,” Marta Olsen said. Olsen said no more.", "Olsen", "Marta Olsen"),
        ("“Yes,” Sen. Carla Dunn said. “No,” Senator Dunn said.", "Senator Dunn", "Carla Dunn"),
        ("“Yes,” Marta Olsen said. “No,” she added.", "she", "Marta Olsen"),
        (
            "“Yes,” Governor Marta Olsen said. “No,” the governor added.",
            "the governor",
            "Marta Olsen",
        ),
        ("Two officials said it rained. They said it snowed.", "They", "Two officials"),
    ],
)
def test_the_words_that_a_decision_rests_on(text: str, mention: str, antecedent: str) -> None:
    corpus = corpus_of(text)
    row = source_mentions(corpus).set_index("text").loc[mention]
    span = slice(int(row["antecedent_start"]), int(row["antecedent_end"]))
    assert corpus.text("a")[span] == antecedent


def test_the_name_is_the_fullest_that_the_texts_use() -> None:
    texts = ("“Yes,” said Brandvold.", "“Yes,” said Aaron Brandvold. Brandvold said it rained.")
    frame = sources(corpus_of(*texts))
    assert frame["name"].tolist() == ["Aaron Brandvold"]
    assert frame["aliases"].tolist() == ["Aaron Brandvold; Brandvold"]
    assert frame["n_documents"].tolist() == [2]
    assert frame["n_attributions"].tolist() == [3]


ANONYMOUS = [
    "“The plan is dead,” said [an official who spoke on condition of anonymity|official "
    "(a)|description].",
    "“The plan is dead,” said [a diplomat|diplomat (a)|description], speaking on condition of "
    "anonymity because the talks were private.",
    "[An unnamed official|unnamed official (a)|description] said the plan was dead.",
    "[Sources|sources (a)|description] said the plan was dead.",
    "[People familiar with the matter|people (a)|description] said the board had voted.",
    "[U.S. officials|u.s. officials (a)|description] said the plan was dead.",
    "[Officials|officials (a)|description] said the plan was dead.",
    "[Two Western intelligence officials|two western intelligence officials (a)|description] said "
    "the plan was dead.",
    "[A senior State Department official|senior state department official (a)|description] said "
    "the "
    "plan was dead.",
    "[Witnesses|witnesses (a)|description] said the driver fled.",
    "[One resident|one resident (a)|description] said it was loud.",
    "[Critics|critics (a)|description] said the plan was dead.",
    "[Many|many (a)|description] say that the plan is dead.",
    "[An aide, who asked not to be named|aide (a)|description], said the plan was dead.",
]
NOT_ANONYMOUS = [
    "[A spokesman for the Defense Ministry|spokesman (a)|description] said the plan was dead.",
    "[A spokeswoman for Apple|spokeswoman (a)|description] said the plan was dead.",
    "[The finance minister|finance minister (a)|description] said the plan was dead.",
    "[The Kremlin|kremlin|seat] said the plan was dead.",
    "[The study|study (a)|description] found that wells were dry.",
    "“The plan is dead,” said [Marta Olsen, an official|marta olsen|name].",
    "“The plan is dead,” [Marta Olsen|marta olsen|name] said on condition that her son not be "
    "named.",
    "[The Israeli military|israel defense forces|variant] said the plan was dead.",
]


@pytest.mark.parametrize(
    ("marked", "is_anonymous"), [(m, True) for m in ANONYMOUS] + [(m, False) for m in NOT_ANONYMOUS]
)
def test_who_is_anonymous(marked: str, is_anonymous: bool) -> None:
    [text], [(_, _, source_id, _)] = unmarked(marked)
    assert source(text, source_id)["anonymous"] is is_anonymous


def test_nobody_can_tell_whether_an_unknown_he_is_anonymous() -> None:
    assert source("He said the bridge was closed.", "he (a)")["anonymous"] is None


# ``{country=Kenya|Kenya}``: these words show that the text's one source is of this country.
PROPERTIES = [
    "“A,” said {type=military|General} Paul Harrow.",
    "“No,” said {type=lawmaker|Senator} Carla Dunn.",
    "“No,” said {type=lawmaker|Congresswoman} Carla Dunn.",
    "“No,” said {type=expert|Professor} Ann Berg.",
    "“No,” said Ann Berg, {type=expert|a former CIA analyst}.",
    "“It rains,” the {type=media|BBC} reported.",
    "“We agree,” said {type=international_organisation|NATO}.",
    "“We know,” said the {type=intelligence|CIA}.",
    "{type=intelligence|Two Western intelligence officials} said it rained.",
    "“We know,” said the {type=military|Pentagon}.",
    "“We know,” said the {type=government|Health Ministry}.",
    "{type=document|The study} found that wells were dry.",
    "{type=document|The lawsuit} says that the firm lied.",
    "{type=other|Apple} said that sales rose.",
    "“No,” said Peter Lund, {type=public|a farmer}.",
    "{type=author|I} think it rained.",
    "“No,” said Ines Falk, a spokeswoman for the {type=government|State Department}.",
    "“No,” said Ines Falk, a spokeswoman for the {affiliation=State Department|State Department}.",
    "“No,” said Ines Falk, a spokeswoman for the {country=United States|State Department}.",
    "“No,” said Ann Berg, a chemist at {affiliation=Oslo University|Oslo University}.",
    "“No,” said Ann Berg, a professor at {country=Norway|Oslo University}.",
    "“No,” said Paul Berg, an analyst at {affiliation=Nordea Bank|Nordea Bank}.",
    "A senior {affiliation=State Department|State Department} official said the plan was dead.",
    "A spokesman for the {affiliation=Defense Ministry|Defense Ministry} said the plan was dead.",
    "A spokeswoman for {affiliation=Apple|Apple} said the plan was dead.",
    "“No,” said {country=Ukraine|Ukrainian} Foreign Minister Olena Koval.",
    "“No,” said {country=Germany|German} lawmaker Uta Brandt.",
    "“No,” said {country=France|French} President Luc Moreau.",
    "“No,” said Paul Berg, the mayor of {country=United States|Chicago}.",
    "“No,” said Carla Dunn, a congresswoman from {country=United States|Ohio}.",
    "“No,” said Amy Holm, a farmer from {country=Kenya|Kenya}.",
    "“No,” said Olena Koval, {country=Ukraine|Ukraine}’s ambassador to Germany.",
    "“No,” said Amy Holm, the {country=United States|U.S.} ambassador to China.",
    "{country=South Korea|Seoul} said it would send aid.",
    "The {country=Russia|Kremlin} said it would send aid.",
    "{country=United States|U.S.} officials said it would rain.",
    "{country=Jordan|Jordan}’s foreign minister said it would rain.",
]
_PROPERTY = re.compile(r"\{(\w+)=([^|]+)\|([^}]+)\}")


@pytest.mark.parametrize("marked", PROPERTIES)
def test_what_a_source_is_and_the_words_that_show_it(marked: str) -> None:
    mark = _PROPERTY.search(marked)
    assert mark
    property_, value, words = mark.groups()
    corpus = corpus_of(_PROPERTY.sub(lambda mark: mark[3], marked))
    assert sources(corpus)[property_].tolist() == [value]
    shown = source_evidence(corpus).set_index("property").loc[[property_]]
    assert shown[["value", "start", "text"]].values.tolist()[0] == [value, mark.start(), words]


@pytest.mark.parametrize(
    ("text", "property_"),
    [
        ("“No,” said Paul Berg.", "affiliation"),
        ("“No,” said Paul Berg.", "country"),
        ("“No,” said Ann Berg, a lawyer who sued the State Department.", "affiliation"),
    ],
)
def test_what_the_text_does_not_tell_is_missing(text: str, property_: str) -> None:
    assert sources(corpus_of(text))[property_].isna().tolist() == [True]
    assert property_ not in source_evidence(corpus_of(text))["property"].tolist()


def test_a_group_is_what_all_its_members_are() -> None:
    text = "{} and {} said that they would meet."
    scholz, macron = "German Chancellor Olaf Scholz", "French President Emmanuel Macron"
    found = source(text.format(scholz, macron), "olaf scholz and emmanuel macron")
    assert (found["type"], found["country"]) == ("government", None)
    lindner = "German Finance Minister Christian Lindner"
    found = source(text.format(scholz, lindner), "olaf scholz and christian lindner")
    assert (found["type"], found["country"]) == ("government", "Germany")


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Another prosecutor, Ann Lee, said it rained.", "government"),
        ("The spokesman for the Pentagon, Ann Lee, said it rained.", "military"),
        ("Israel’s defence minister, Ann Lee, said it rained.", "government"),
        ("The son of the president, Ann Lee, said it rained.", "public"),
        ("In a letter to the president, Ann Lee said it rained.", "other"),
    ],
)
def test_a_role_between_a_name_and_the_words_before_its_comma(text: str, type_: str) -> None:
    assert source(text, "ann lee")["type"] == type_


def test_half_of_an_institution_is_no_affiliation() -> None:
    text = "The spokesman for the American Department of State, Ann Lee, said it rained."
    found = source(text, "ann lee")
    assert (found["affiliation"], found["country"]) == ("State Department", "United States")


@pytest.mark.parametrize("title", ["Mr.", "Ms.", "Mrs."])
def test_a_form_of_address_tells_no_type(title: str) -> None:
    assert sources(corpus_of(f"“No,” {title} Brown said."))["type"].tolist() == ["other"]


TEXTS = [
    "Olsen says bridge is closed\n\nThe bridge is closed, Gov. Marta Olsen said on Monday.\n\n“It "
    "cannot be helped,” she said. Two officials, speaking on condition of anonymity, said it was "
    "old. "
    "They said the Defense Ministry had known. The BBC reported that Kyiv had known too.",
    "“We won,” Aaron Lee said. “We lost,” Ines Lee said. He said it rained. I think so too.",
    "“We won,” Lee said. Mr. Adams and Mr. Leahy said it rained, according to CNN. 📹 José Núñez, "
    "a professor at Oslo University, said it snowed. Nunez said it was cold.",
    "Nothing happened today.",
    "",
]


def check_tables(corpus: Corpus) -> None:
    """What holds for the three tables of any corpus."""
    found, mentions = attributions(corpus), source_mentions(corpus)
    listed, shown = sources(corpus), source_evidence(corpus)

    cited = found[found["source"].notna()]
    assert sorted(mentions["attribution_id"]) == sorted(cited["attribution_id"])
    assert set(mentions["source_id"]) == set(listed["source_id"])
    assert set(shown["source_id"]) <= set(listed["source_id"])
    assert set(found["source_id"].dropna()) == set(listed["source_id"])
    assert listed["source_id"].is_unique
    assert listed["source_id"].is_monotonic_increasing
    assert mentions["attribution_id"].is_unique
    assert not shown.duplicated().any()

    assert set(listed["type"]) <= TYPES
    assert set(mentions["basis"]) <= BASES
    assert set(shown["property"]) <= {"type", "affiliation", "country", "anonymous"}
    counts = mentions.groupby("source_id").agg(n=("doc_id", "size"), d=("doc_id", "nunique"))
    assert listed["n_attributions"].tolist() == counts["n"].tolist()
    assert listed["n_documents"].tolist() == counts["d"].tolist()
    undecided = mentions["basis"] == "undecided"
    assert mentions.loc[undecided, "reason"].notna().all()

    for frame in (mentions, listed, shown):
        words = frame.select_dtypes(exclude="number").drop(columns=["anonymous"], errors="ignore")
        assert not (words == "").any(axis=None)
    for row in mentions.itertuples():
        text = corpus.text(row.doc_id)
        assert 0 <= row.start < row.end <= len(text)
        if pd.notna(row.antecedent_start):
            assert 0 <= row.antecedent_start < row.antecedent_end <= len(text)
    for row in shown.itertuples():
        assert corpus.text(row.doc_id)[row.start : row.end] == row.text


def test_the_tables_of_a_corpus_agree() -> None:
    check_tables(corpus_of(*TEXTS))


def test_a_name_that_stands_alone_has_no_antecedent_and_no_reason() -> None:
    mention = source_mentions(corpus_of("“No,” said Paul Berg.")).iloc[0]
    assert mention[["antecedent_start", "antecedent_end", "reason"]].isna().all()


@pytest.mark.parametrize("table", [sources, source_mentions, source_evidence])
@pytest.mark.parametrize("texts", [(), ("",), ("Nothing happened today.",)])
def test_a_corpus_in_which_nobody_speaks(table: Any, texts: tuple[str, ...]) -> None:
    full, empty = table(corpus_of(*TEXTS)), table(corpus_of(*texts))
    assert len(empty) == 0
    assert empty.columns.tolist() == full.columns.tolist()
    assert empty.dtypes.tolist() == full.dtypes.tolist()


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(frame.columns.tolist(), ignore_index=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(STORIES, min_size=1, max_size=4), st.randoms())
def test_no_text_made_of_names_breaks_the_tables(texts: list[str], random: Any) -> None:
    documents = list(corpus_of(*texts))
    corpus = Corpus(documents)
    check_tables(corpus)
    shuffled = random.sample(documents, len(documents))
    again = Corpus(shuffled)
    for table in (sources, source_mentions, source_evidence):
        pd.testing.assert_frame_equal(table(corpus), table(Corpus(documents)))
        ordered = [
            frame.sort_values(frame.columns.tolist(), ignore_index=True)
            for frame in (table(corpus), table(again))
        ]
        pd.testing.assert_frame_equal(*ordered)


@settings(max_examples=25, deadline=None)
@given(STORIES)
def test_two_copies_of_a_text_name_the_same_sources(text: str) -> None:
    frame = source_mentions(corpus_of(text, text))
    first, second = (frame[frame["doc_id"] == doc_id]["source_id"].tolist() for doc_id in "ab")
    assert len(first) == len(second)
    for left, right in zip(first, second, strict=True):
        assert right == re.sub(r"(?<= )\(a\)(?=$| \d+$)", "(b)", re.sub(r"(?<= of )a$", "b", left))
