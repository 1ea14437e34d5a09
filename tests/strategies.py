"""Texts as bad as they come, for the property tests."""

from __future__ import annotations

from hypothesis import strategies as st

ANY_CHARACTER = st.characters(exclude_categories=["Cs"])
NASTY = st.sampled_from(
    [
        *"\x00\x0b\x1c\x85\u2028\u2029\u200b\u00a0\ufeff\u0301\ufffd\u24d0\u0130\u00df\U00020000",
        *("\r\n", "\r", "\n\n", "e\u0301", "🇰🇵", "👩‍🚀", "…", "...", " . . . ", "?!", "((", "ⅷ."),
        *('"', "“", "”", "„", "«", "»", "’s", "6'2\"", "@a", "(@b) May 3, 2020", "— A (@b)", "12"),
        *(
            "Read also:",
            "Comments",
            "like",
            "About the author",
            "By Ann Lee",
            "May 3, 2020",
            "a|b|c",
        ),
        *("It rained all day. ", "then it stopped. ", "Mr. Lee of the U.S. said so. ", "â€™"),
    ]
)
WORDS = st.lists(
    st.text(st.sampled_from("aeB1'-.,"), min_size=1, max_size=9), min_size=8, max_size=30
)
PARAGRAPHS = WORDS.map(" ".join).map(lambda words: f"{words}. ")

texts = st.lists(st.one_of(st.text(ANY_CHARACTER, max_size=8), NASTY, PARAGRAPHS), max_size=40).map(
    "".join
)

PEOPLE = (
    "Ann Lee;Aaron Lee;Lee;Mr. Lee;Sen. Lee;Ann;Kim Jong Un;Kim;José Núñez;Nunez;Zelensky".split(
        ";"
    )
)
OTHERS = (
    "she;he;they;it;who;I;we;the minister;two officials;the ministry;a spokesman for the ministry;"
    "the Defense Ministry;the Kremlin;Jordan;Michael Jordan;CNN;the WHO;Ford;Anna Ford;the report;"
    "Ann Lee and Kim Jong Un;Ann Lee, the foreign minister;Lee’s lawyer;Ann Lee (@annlee);sources;"
    "Dr. Ann Lee-Ford Jr.;the Alliance for Rivers (AR);AR;van der Lee;Ö.;’s"
).split(";")
SENTENCES = st.builds(
    str.format,
    st.sampled_from(
        [
            "“It rained,” {0} said. ",
            "{0} said that it rained. ",
            "According to {0}, it rained.\n\n",
            "“It rained,” said {0}, who denied that {1} had said so. ",
            "{0} told {1} that it rained.\n",
            "{0} says it rained\n\n",
            "{0} met {1} on Monday. ",
            "It rained, {0} said, citing {1}.\n\n",
            "— {0} (@lee) May 3, 2020\n\n",
            "“It rained, {0} said. ",
        ]
    ),
    st.sampled_from(PEOPLE + OTHERS),
    st.sampled_from(PEOPLE + OTHERS),
)
STORIES = st.lists(SENTENCES, max_size=9).map("".join)
