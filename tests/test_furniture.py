"""Each rule on a page written for it: what it must claim, and what it must leave alone."""

from __future__ import annotations

import pytest

from nbhelpers.furniture import label, line_key
from nbhelpers.text import paragraph_spans

OPENING = (
    "The ferry to the island did not sail on Monday because the crew could not find the key to "
    "the engine room, a clerk of the harbour said."
)
MIDDLE = (
    "About forty passengers waited in the hall until noon, among them a brass band from the "
    "mainland that had been asked to play at a wedding in the evening."
)
END = (
    "The key was found in the pocket of a coat which had been taken to the cleaner's on Saturday, "
    "and the ferry left at two with everybody on board."
)
STORY = (OPENING, MIDDLE, END)
TITLE = "Island ferry stays in harbour for want of a key"


def labelled(*lines: str) -> list[tuple[str, str]]:
    text = "\n".join(lines)
    return [(text[a:b], kind) for a, b, kind in label(text, paragraph_spans(text))]


def kind_of(line: str, *lines: str) -> str:
    return next(kind for stretch, kind in labelled(*lines) if stretch == line)


def kind_in_story(line: str) -> str:
    return kind_of(line, TITLE, OPENING, MIDDLE, line, END)


def kind_after_story(line: str) -> str:
    return kind_of(line, TITLE, *STORY, line)


def test_a_story_is_title_and_body():
    kinds = [kind for _, kind in labelled(TITLE, *STORY)]
    assert kinds == ["title", "body", "body", "body"]


def test_a_story_without_title_is_body():
    assert {kind for _, kind in labelled(*STORY)} == {"body"}


@pytest.mark.parametrize(
    "post",
    [
        (
            "No ferry today 🚢 says the harbour. #ferry",
            "— Harbour Office (@harbouroffice) March 3, 2024",
        ),
        ("No ferry today. pic.twitter.com/a1B2c3D4e5",),
        ("No ferry today.", "— Harbour Office (@harbouroffice) 3 March 2024"),
        ("A post shared by Harbour Office (@harbouroffice)",),
        ("Harbour Office", "@harbouroffice", "No ferry today.", "9:41 AM · Mar 3, 2024"),
    ],
)
def test_a_post_of_another_site_is_embed(post):
    lines = labelled(TITLE, OPENING, MIDDLE, *post, END)
    assert [kind for stretch, kind in lines if stretch in post] == ["embed"] * len(post)
    assert [kind for stretch, kind in lines if stretch in STORY] == ["body"] * 3


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour wrote on X (@harbouroffice) that no ferry would sail on 3 March.",
        "The picture was first seen at pic.twitter.com/a1B2c3D4e5 and then taken away.",
    ],
)
def test_a_sentence_that_names_a_post_is_body(sentence):
    assert kind_in_story(sentence) == "body"


@pytest.mark.parametrize(
    "line",
    [
        "Oct 23, 2024 - 16:28",
        "Tuesday, 3 March 2024, 09:41",
        "Updated 2024-03-03 at 4:10 p.m. EST",
        "Published on Monday, March 3rd, 2024 by Ann Lee",
        "Posted: 3 Mar 2024",
    ],
)
def test_a_date_alone_is_dateline(line):
    assert kind_of(line, TITLE, line, *STORY) == "dateline"


@pytest.mark.parametrize(
    "line",
    [
        "He was born on 3 March 1950.",
        "May 2024: 3.1%",
        "What happened on 3 March 2024?",
        "On 3 March the harbour closed.",
        "Posted 40 guards at the gate.",
        "Created in 1950, the line has two ships.",
    ],
)
def test_a_date_with_something_to_say_is_body(line):
    assert kind_in_story(line) == "body"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Advertisement", "promo"),
        ("Subscribe to our newsletter", "promo"),
        ("Photo: Ann Lee", "credit"),
        ("Share this story", "share_widget"),
        ("Share Tweet Email 12", "share_widget"),
        ("Become a Patron!", "donation_appeal"),
        ("Read also: Harbour to get a second key", "related_links"),
    ],
)
def test_a_phrase_of_the_lexicon_gives_its_kind(line, kind):
    assert kind_in_story(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "A poster in the hall said “Subscribe to our newsletter”, which nobody did that day.",
        "The band had placed an advertisement in the island's paper to tell people of the wedding.",
        "“Share this story,” the clerk told the passengers, “and tell them that we are sorry.”",
        "“I am like a patron of this ferry,” said a man who sails on it each day.",
    ],
)
def test_a_story_may_use_the_words_of_furniture(line):
    assert kind_in_story(line) == "body"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Home | World | Business | Sport", "other_furniture"),
        ("Harbour › News › Ferries", "other_furniture"),
        ("https://www.example.org/harbour/second-key", "related_links"),
        ("WATCH OUR NEW SERIES ON FERRIES TONIGHT", "promo"),
    ],
)
def test_menus_links_and_capitals(line, kind):
    assert kind_in_story(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "A LONG WAIT",
        "It is either the ferry | or the bridge.",
        "Details are on https://www.example.org for those who ask.",
        "“NOBODY TOLD US THAT THERE WAS NO KEY”",
    ],
)
def test_what_only_looks_like_a_menu_is_body(line):
    assert kind_in_story(line) == "body"


def test_capitals_are_no_promo_in_a_text_full_of_capitals():
    capitals = [f"THE FERRY WAS LATE ON DAY NUMBER {n}" for n in range(6)]
    kinds = dict(labelled(TITLE, OPENING, *capitals, END))
    assert {kinds[line] for line in capitals} == {"body"}


def test_a_figure_among_furniture_is_a_counter_and_between_paragraphs_is_not():
    assert kind_of("1,204", TITLE, *STORY, "Share this story", "1,204") == "visit_counter"
    assert kind_in_story("2") == "body"


def test_the_head_of_a_page():
    lines = labelled("News", TITLE, "Ann Lee", "March 3, 2024", *STORY)
    assert [kind for _, kind in lines] == [
        "other_furniture", "title", "credit", "dateline", "body", "body", "body",
    ]  # fmt: skip


def test_a_standfirst_that_says_something_new_is_body():
    standfirst = "A coat, a brass band and forty passengers who had to wait for them."
    assert kind_of(standfirst, TITLE, standfirst, "By Ann Lee", *STORY) == "body"


@pytest.mark.parametrize("cut", ["...", "…", " [...]", ""])
def test_a_standfirst_that_repeats_the_opening_is_a_teaser(cut):
    teaser = OPENING[:82] + cut
    assert kind_of(teaser, TITLE, teaser, "By Ann Lee", *STORY) == "teaser"


def test_a_teaser_may_leave_out_the_dateline():
    teaser = OPENING[:82] + "..."
    assert kind_of(teaser, TITLE, teaser, f"ORMSAY, March 3 (ISLE) - {OPENING}", MIDDLE) == "teaser"


def test_a_story_paragraph_below_a_handle_is_kept():
    kinds = dict(labelled(TITLE, OPENING, MIDDLE, "Harbour Office", "@harbouroffice", END))
    assert kinds["Harbour Office"] == "embed" and kinds[END] == "body"


def test_a_long_post_with_its_date_below_is_embed():
    page = (
        TITLE,
        OPENING,
        "Harbour Office",
        "@harbouroffice",
        MIDDLE,
        "9:41 AM · Mar 3, 2024",
        END,
    )
    kinds = dict(labelled(*page))
    assert kinds[MIDDLE] == "embed" and kinds[END] == "body"


def test_a_refrain_is_no_teaser():
    refrain = "The ferry did not sail."
    assert kind_of(refrain, TITLE, refrain, OPENING, refrain, END) == "body"


def test_the_title_counts_once():
    kinds = [k for s, k in labelled(TITLE, OPENING, TITLE, f"{TITLE} | Harbour News", MIDDLE, END)]
    assert kinds == ["title", "body", "other_furniture", "other_furniture", "body", "body"]


def test_the_speakers_of_a_transcript_are_body():
    speech = [line for paragraph in STORY for line in ("ANN LEE", paragraph)]
    assert {kind for _, kind in labelled(TITLE, *speech)[1:]} == {"body"}


def test_a_label_opens_a_list_of_headlines_up_to_the_next_paragraph():
    links = ("Harbour to get a second key", "Why brass bands travel by sea")
    kinds = dict(labelled(TITLE, OPENING, MIDDLE, "Related:", *links, END))
    assert {kinds[line] for line in ("Related:", *links)} == {"related_links"}
    assert kinds[END] == "body"


def test_a_sub_heading_below_a_list_is_left_to_the_story():
    kinds = dict(
        labelled(TITLE, OPENING, "Related:", "Harbour to get a second key", "The coat", END)
    )
    assert kinds["The coat"] == "body"


def test_buttons_follow_their_label():
    buttons = ("Facebook", "Telegram", "Copy link")
    kinds = dict(labelled(TITLE, *STORY, "Share this story", *buttons))
    assert {kinds[line] for line in buttons} == {"share_widget"}


def test_what_is_below_the_comments_label_is_furniture_only_after_enough_of_a_story():
    comment = "I was there and the band played two songs for us while we sat and waited."
    assert kind_of(comment, TITLE, *STORY, "Comments", comment) == "other_furniture"
    assert kind_of(comment, TITLE, "Comments", comment, MIDDLE, END) == "body"


def test_a_story_that_goes_on_below_a_label_is_kept():
    longer = [f"{MIDDLE} {END} This was day {n}." for n in ("one", "two", "three")]
    kinds = dict(labelled(TITLE, *STORY, "About the author", *longer))
    assert {kinds[line] for line in longer} == {"body"}


def test_an_appeal_between_furniture_is_found_and_one_within_the_story_is_kept():
    appeal = "We can only do this work if our readers support us with a little each month."
    assert (
        kind_of(appeal, TITLE, *STORY, "Read also:", appeal, "Share this story")
        == "donation_appeal"
    )
    said = "“We ask you to support our band,” its leader told the passengers in the hall."
    assert kind_in_story(said) == "body"


def test_link_labels_among_furniture_are_no_story_but_a_sub_heading_is():
    kinds = dict(labelled(TITLE, *STORY, "Share this story", "Key found in coat on the island"))
    assert kinds["Key found in coat on the island"] != "body"
    assert kind_in_story("Key found in a coat") == "body"


@pytest.mark.parametrize(
    "items",
    [
        ("What the crew looked in:", "the engine room", "the coat of the captain"),
        ("• the engine room", "• the coat of the captain"),
        ("1. The engine room", "2. The coat"),
    ],
)
def test_the_items_of_a_list_are_body(items):
    kinds = dict(labelled(TITLE, *STORY, *items))
    assert {kinds[item] for item in items} == {"body"}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Ann Lee is a reporter for the Harbour News, covering ferries and the sea.", "author_bio"),
        (
            "Support our work: become one of the readers who give us a little each month.",
            "donation_appeal",
        ),
        ("Sign up and get our best stories in your inbox each morning.", "promo"),
    ],
)
def test_what_speaks_of_the_site_after_the_story(line, kind):
    assert kind_after_story(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "The clerk was a reporter once.",
        "“We thank you for your patience,” the clerk said.",
        "In lieu of flowers, please donate to the band.",
        "Anyone with information about the coat is asked to call the harbour.",
        "Nobody was hurt.",
    ],
)
def test_a_last_sentence_of_the_story_is_kept(line):
    assert kind_after_story(line) == "body"


def test_a_credit_run_into_the_last_paragraph_is_parted_from_it():
    credit = "(Additional reporting by Ann Lee; Editing by Bo Ray)"
    kinds = dict(labelled(TITLE, OPENING, MIDDLE, f"{END} {credit}"))
    assert kinds[credit] == "credit" and kinds[END] == "body"
    aside = f"{END} (Reporting by the island's paper had blamed the wind.) It was wrong."
    assert kind_in_story(aside) == "body"


def test_an_appeal_run_into_a_long_paragraph_is_parted_from_it():
    appeal = "Subscribe to our newsletter."
    story = " ".join(STORY)
    kinds = dict(labelled(TITLE, OPENING, f"{story} {appeal}"))
    assert kinds[appeal] == "promo" and kinds[story] == "body"


def test_a_line_that_the_site_repeats_is_furniture():
    line = "Ormsay's only paper since the war"
    text = "\n".join((TITLE, *STORY, line))
    repeated = frozenset({line_key(f"  {line.upper()} ")})
    *_, (start, end, kind) = label(text, paragraph_spans(text), repeated=repeated)
    assert (text[start:end], kind) == (line, "other_furniture")


def test_an_empty_text_has_no_segments():
    assert label("", []) == []


def test_an_article_on_one_line_is_no_post_for_ending_in_one():
    article = "The ferry came in at noon. " * 30 + "All safe! — Harbour (@harbour) March 3, 2017"
    assert [kind for _, _, kind in label(article, [(0, len(article))])] == ["body"]


def test_a_row_of_buttons_inside_a_paragraph_is_parted_from_it():
    before, after = "The ferry came in at noon. " * 20, "Nobody was hurt, the captain said. " * 20
    row = "Send Facebook Twitter Google+ Whatsapp Tumblr linkedin Digg reddit Permalink"
    text = before + row + " " + after.strip()
    parts = [(text[a:b], kind) for a, b, kind in label(text, [(0, len(text))])]
    assert [kind for _, kind in parts] == ["body", "share_widget", "body"]
    assert parts[1][0] == row


def test_all_rows_of_buttons_in_a_paragraph_are_parted_however_many():
    text = "It came in late. Send Share Print Email Facebook Twitter " * 5000
    kinds = [kind for _, _, kind in label(text, [(0, len(text) - 1)])]
    assert kinds == ["body", "share_widget"] * 5000


def test_a_sentence_that_lists_networks_stays_whole():
    text = "It is on Facebook, Twitter, WhatsApp, Reddit and Telegram, the harbour said. " * 8
    assert [kind for _, _, kind in label(text, [(0, len(text.strip()))])] == ["body"]


def test_the_only_paragraph_of_a_text_is_not_called_furniture():
    text = (
        "You can follow the harbour on Twitter, and its ferries have been late all week long, " * 2
    )
    text = text.strip(" ,") + "."
    assert [kind for _, _, kind in label(text, [(0, len(text))])] == ["body"]


def test_what_an_agency_reported_is_no_credit():
    report, credit = "Reuters reported that the dam had burst.", "Reuters / J. Doe"
    kinds = dict(labelled(TITLE, report, *STORY, credit))
    assert kinds[report] == "body"
    assert kinds[credit] == "credit"
