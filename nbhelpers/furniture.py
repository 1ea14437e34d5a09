"""Tell a text's content from the furniture of the page it was taken from.

One text at a time, paragraph by paragraph: rules look at phrases (from the lexicon in
``data/page_furniture.tsv``), at form (dates, lists of link labels, capitals) and at position (what
stands before the first and after the last paragraph of the story). Each rule labels what it is sure
of; what no rule has claimed is body. A sentence of the story that is lost costs more than a line of
furniture that is kept, so every rule is made to miss rather than to overreach.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate, groupby, takewhile
from typing import Any

import re2  # type: ignore[import-untyped]

from nbhelpers.text import (
    Span,
    count_words,
    ends_with,
    normalise,
    quotations,
    sentence_spans,
    trim,
)

CONTENT_KINDS = frozenset({"title", "body"})

LINE_AT_MOST = 30  # words in a line that a lexicon entry may claim by its first words
PART_AT_MOST = 90  # words in a paragraph that a lexicon entry may claim by some of its words
TITLE_AT_LEAST = 4  # words
SENTENCE_AT_LEAST = 6  # words
LONG = 1500  # characters: what is longer is a paragraph, whatever it says
STORY_PARAGRAPH = 20  # words from which a paragraph counts as part of the story
CAPITALS_AT_LEAST = 6  # words in a line of capitals from which it is no sub-heading any more
NAME_AT_MOST = 6  # words in the name of a person or a site
POST_AT_MOST = 330  # characters that an embedded post reaches back from its signature
DATELINE_AT_MOST = 40  # characters of place and agency before a story's first words
REST_AFTER_STORY = 60  # words of story before "Comments" or "About the author" ends it

_LEFT_EDGE = re.compile(r"[^\w\"'(\[@#$£€©]+")
_KEPT_AT_RIGHT_EDGE = frozenset("_.!?\"')]…%")
_STRAIGHT = str.maketrans("’‘“”", "''\"\"")
_WORDY = re.compile(r"[^\W\d_]")


@dataclass
class Block:
    """A paragraph on its way to a kind: its span, its plain form, and what was found out."""

    start: int
    end: int
    raw: str
    plain: str
    n_words: int
    kind: str | None = None
    opens: str = ""

    @property
    def ends_with_stop(self) -> bool:
        """Whether the paragraph ends like a sentence."""
        return ends_with(self.raw, ".!?…")

    @property
    def is_story(self) -> bool:
        """Whether this can only be running text: long enough, ended, and claimed by no rule."""
        return self.kind is None and self.n_words >= STORY_PARAGRAPH and self.ends_with_stop


@dataclass(frozen=True)
class Entry:
    """What a line of the lexicon says of the text that it matches."""

    kind: str
    opens: str


def label(
    text: str, spans: Sequence[Span], *, repeated: AbstractSet[str] = frozenset()
) -> list[tuple[int, int, str]]:
    """Label the paragraphs of one text with their segment kind.

    ``spans`` are the paragraphs (see :func:`nbhelpers.text.paragraph_spans`), ``repeated`` the
    lines that recur in other texts (see :func:`nbhelpers.cleaning.repeated_lines`). Returns (start,
    end, kind), which tile the paragraphs; a paragraph is parted where its last sentences are
    furniture.

    >>> lines = ["Storm hits coast", "By Ann Lee", "It rained all day and then all night.", "Share"]
    >>> text = "\\n".join(lines)
    >>> from nbhelpers.text import paragraph_spans
    >>> [kind for _, _, kind in label(text, paragraph_spans(text))]
    ['title', 'credit', 'body', 'share_widget']
    """
    blocks = [_block(text, *part) for span in spans for part in _parts(text, *span)]
    if repeated:
        label_repeated(blocks, repeated)
    for rule in RULES:
        rule(blocks)
    return [(b.start, b.end, b.kind or "body") for b in blocks]


def line_key(line: str) -> str:
    """Return the form under which a line is recognised elsewhere: its words, normalised.

    >>> line_key(" Read  also: ")
    'read also'
    """
    return normalise(_plain(line))


def _block(text: str, start: int, end: int) -> Block:
    raw = text[start:end]
    straight = raw[:LONG].translate(_STRAIGHT).replace("''", '"')
    n_words = count_words(raw) if len(raw) <= LONG else len(raw.split())
    return Block(start, end, raw, _plain(straight), n_words)


def _plain(line: str) -> str:
    """The line with single spaces, without the bullets and dashes at its edges."""
    line = " ".join(line.split())
    left = _LEFT_EDGE.match(line)
    start, end = left.end() if left else 0, len(line)
    while end > start and not (line[end - 1].isalnum() or line[end - 1] in _KEPT_AT_RIGHT_EDGE):
        end -= 1
    return line[start:end]


def _parts(text: str, start: int, end: int) -> list[Span]:
    """Part a long paragraph from the lines of furniture that were run into its end."""
    tail = max(start, end - _RUN_IN_FROM)
    credit = _RUN_IN_CREDIT.search(text, tail, end)
    if credit and credit.start() > start:
        return [trim(text, start, credit.start()), credit.span()]
    if end - start < _RUN_IN_FROM or not _may_end_in_furniture(text, tail, end):
        return [(start, end)]
    sentences = sentence_spans(text, max(start, end - _RUN_IN_AT_MOST), end)
    kept = len(sentences)
    while kept > 1 and _is_known(_block(text, *sentences[kept - 1])):
        kept -= 1
    return [(start, sentences[kept - 1][1]), *sentences[kept:]]


def _may_end_in_furniture(text: str, tail: int, end: int) -> bool:
    """Whether what follows one of the last stops is known: cheap, so that few are looked into."""
    if not _RUN_IN_HINT.search(text, tail, end):
        return False
    stops = [match.end() for match in _STOP_AND_SPACE.finditer(text, tail, end)]
    return any(_is_known(_block(text, stop, end)) for stop in stops[-3:])


def _is_known(block: Block) -> bool:
    return bool(_entry_for_line(block) or _entry_for_part(block))


_RUN_IN_FROM = 400  # characters of a paragraph that may have swallowed the lines after it
_STOP_AND_SPACE = re.compile(r"[.!?…][\"”’)]*\s+")
_RUN_IN_AT_MOST = 1500  # characters that these lines may come to
_RUN_IN_CREDIT = re.compile(
    r"\((?:additional |with )?(?:reporting|writing|editing|compiled|translated)\b"
    r"[^()]{3,300}\)\.?$",
    re.IGNORECASE,
)
_RUN_IN_HINT = re.compile(
    r"\b(?:you|your|our|us|subscribe|follow|contributed|copyright|rights|reporting|editing|newsletter|"
    r"sign|click)\b",
    re.IGNORECASE,
)


# The lexicon ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lexicon:
    """The phrases of page furniture by the way in which they match.

    ``line``: the whole line; ``start``: how a short line begins; ``part``: anywhere outside
    quotation marks; ``tail``: the same, after the story; ``words``: lines of these words alone.
    """

    entries: dict[str, tuple[Entry, ...]]
    patterns: dict[str, re2.Set]
    words: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of page furniture, read from the package's data once."""
    table = files("nbhelpers").joinpath("data/page_furniture.tsv").read_text(encoding="utf-8")
    rows = [row.split("\t") for row in table.splitlines()[1:]]
    by_match = {m: [r for r in rows if r[1] == m] for m in _PATTERN_SETS}
    return Lexicon(
        {m: tuple(Entry(r[0], r[2]) for r in of) for m, of in by_match.items()},
        {m: _compiled(_PATTERN_SETS[m], [r[3] for r in of]) for m, of in by_match.items()},
        frozenset(word for r in rows if r[1] == "words" for word in r[3].split()),
    )


_PATTERN_SETS = {
    "line": re2.Set.FullMatchSet,
    "start": re2.Set.MatchSet,
    "part": re2.Set.SearchSet,
    "tail": re2.Set.SearchSet,
}


def _compiled(new_set: Callable[[Any], re2.Set], patterns: list[str]) -> re2.Set:
    """RE2 takes time linear in the text whatever the pattern: a text may be hostile."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 128 << 20
    compiled = new_set(options)
    for pattern in patterns:
        compiled.Add(pattern.replace("[\\w", r"[\pL\pN_").replace("\\w", r"[\pL\pN_]"))
    compiled.Compile()
    return compiled


def _entry_for_line(block: Block) -> Entry | None:
    if block.n_words > PART_AT_MOST:
        return None
    bare = block.plain.rstrip(" .:!,;*")
    if entry := _first("line", bare) or (bare != block.plain and _first("line", block.plain)):
        return entry
    if block.n_words > LINE_AT_MOST:
        return None
    return _BUTTONS if _is_buttons(block) else _first("start", block.plain)


def _entry_for_part(block: Block, *, first_sentence_only: bool = False) -> Entry | None:
    if block.n_words > PART_AT_MOST:
        return None
    searched = _outside_quotations(block.plain)
    entry = _first("part", searched)
    if entry and first_sentence_only:
        return _first("part", searched[: sentence_spans(searched)[0][1]])
    return entry


def _first(match: str, line: str) -> Entry | None:
    found = lexicon().patterns[match].Match(line)
    return lexicon().entries[match][min(found)] if found else None


_BUTTONS = Entry("share_widget", "")


def _is_buttons(block: Block) -> bool:
    """Whether the line is made of the labels of buttons alone: "Share Tweet Email 12"."""
    words = re.findall(r"\w+(?:-\w+)?", block.plain.lower())
    labels = [word for word in words if not word.isdigit()]
    return bool(labels) and all(word in lexicon().words for word in labels)


def _outside_quotations(plain: str) -> str:
    pieces, begin = [], 0
    for quotation in quotations(plain):
        pieces.append(plain[begin : quotation.start])
        begin = quotation.end
    return '""'.join([*pieces, plain[begin:]])


# The rules --------------------------------------------------------------------------------------


def _claim(block: Block, kind: str) -> None:
    if block.kind is None:
        block.kind = kind


def label_repeated(blocks: list[Block], repeated: AbstractSet[str]) -> None:
    """Lines that the site sets on other pages too.

    A title, and a sentence that does not speak of the site, may also recur because several outlets
    carry one dispatch.
    """
    begin = _story_begins(blocks)
    for i, block in enumerate(blocks):
        may_be_title = i < begin and block.n_words >= TITLE_AT_LEAST
        if line_key(block.raw) in repeated and not may_be_title and not _is_report(block):
            block.kind = "other_furniture"


def _is_report(block: Block) -> bool:
    outside = _outside_quotations(block.plain)
    speaks_of_site = any(pattern.search(outside) for pattern in (_SITE, _READER, _ASKS))
    return block.n_words >= SENTENCE_AT_LEAST and block.ends_with_stop and not speaks_of_site


def label_embeds(blocks: list[Block]) -> None:
    """A post that another site embeds ends with its handle and date; go back to where it begins."""
    for i, block in enumerate(blocks):
        if "(@" in block.raw and _SIGNATURE.search(block.raw):
            for j in range(_post_begins(blocks, i), i + 1):
                blocks[j].kind = "embed"
    for i, block in enumerate(blocks):
        if len(block.raw) <= POST_AT_MOST and _POST_LINE.search(block.raw):
            _claim(block, "embed")
        elif re.fullmatch(r"@\w{1,30}", block.raw):
            for part in _post_around_handle(blocks, i):
                _claim(part, "embed")


def _post_around_handle(blocks: list[Block], handle: int) -> list[Block]:
    """A name above, the post below; a long one only if its date or counters stand under it."""
    name = [block for block in blocks[max(0, handle - 1) : handle] if block.n_words <= NAME_AT_MOST]
    post, under = blocks[handle + 1 : handle + 2], blocks[handle + 2 : handle + 3]
    if post and post[0].is_story and not any(map(_is_figures, under)):
        return [*name, blocks[handle]]
    date = [block for block in under if _is_date_line(block.plain)]
    return [*name, blocks[handle], *post, *date]


def _is_figures(block: Block) -> bool:
    return block.n_words <= 12 and not block.ends_with_stop and bool(re.search(r"\d", block.raw))


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_SIGNATURE = re.compile(
    rf"(?:^|\s)(?:—|–|-{{1,2}}|&mdash;)?\s*[^()\n]{{1,60}}\(@\w{{1,30}}\)\s*[·•,|]?\s*"
    rf"(?:(?:on\s+)?(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH}).{{0,30}}|\d+[smhd])\s*$"
    r"|^(?:—|–|-{1,2}|&mdash;)\s*[^()\n]{1,60}\(@\w{1,30}\)\s*$",
    re.IGNORECASE,
)
_POST_LINE = re.compile(
    r"pic\.twitter\.com/\w+\W*$|^https?://(?:t\.co|x\.com|twitter\.com|t\.me)/\S+$"
    r"|^(?:a post shared by|view this post on instagram|view on (?:threads|x|twitter|bluesky))\b",
    re.IGNORECASE,
)
_POST_SIGN = re.compile(
    r"(?:^|\s)[#@]\w{2,}|pic\.twitter\.com/|https?://t\.co/"
    "|[\u2600-\u27bf\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]|ðŸ|đź|â[šœ]"
)


def _post_begins(blocks: list[Block], signature: int) -> int:
    """The first of the lines above a signature that belong to the post.

    The line right above does (if the signature stands alone); further ones do as far up as one of
    them bears a post's signs: a handle, a hashtag, an emoji, a short link.
    """
    alone = re.match(r"\W*(?:—|–|-|&mdash;)", blocks[signature].raw) is not None
    begin, room = signature, POST_AT_MOST
    for i in range(signature - 1, -1, -1):
        room -= len(blocks[i].raw)
        if room < 0:
            break
        if blocks[i].kind is not None:
            return i + 1  # all that stands between two posts belongs to the second
        if _POST_SIGN.search(blocks[i].raw) or (alone and i == signature - 1):
            begin = i
    return begin


def label_phrases(blocks: list[Block]) -> None:
    """Lines that the lexicon knows.

    Between two paragraphs of the story a phrase must stand in a paragraph's first sentence: a
    story may well tell of a page that says "subscribe to our newsletter".
    """
    for block in blocks:
        _claim_by(block, _entry_for_line(block))
    for before, block, after in _neighbours(blocks):
        in_story = before is not None and before.is_story and after is not None and after.is_story
        if block.kind is None:
            _claim_by(block, _entry_for_part(block, first_sentence_only=in_story))


def _claim_by(block: Block, entry: Entry | None) -> None:
    if block.kind is None and entry:
        block.kind, block.opens = entry.kind, entry.opens


def _neighbours(blocks: list[Block]) -> Iterator[tuple[Block | None, Block, Block | None]]:
    padded = [None, *blocks, None]
    for i, block in enumerate(blocks):
        yield padded[i], block, padded[i + 2]


def label_dates(blocks: list[Block]) -> None:
    """Lines that hold a date, a time or a place with a date, and nothing else."""
    for block in blocks:
        if block.n_words <= 12 and not _AMOUNT.search(block.raw) and _is_date_line(block.plain):
            _claim(block, "dateline")


_AMOUNT = re.compile("[%$€£¥]")
_DATE_WORD = re.compile(
    rf"{_MONTH}|(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    r"|[ap]\.?m\.?|[apm]|[a-z]{2,4}t|utc|gmt|z|at|on|the|of|updated|published|posted|last|first|modified|"
    r"hours|local time|time|st|nd|rd|th|\d+(?:st|nd|rd|th)?",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"\b{_MONTH}\W+\d|\d\W+{_MONTH}|\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}"
    r"|\b\d?\d[:.]\d\d\s*(?:[ap]\.?m\b|gmt|utc|[a-z]{2,4}t\b|hours|$)",
    re.I,
)


def _is_date_line(plain: str) -> bool:
    if not _DATED.search(plain) or plain.endswith(("?", "!")):
        return False
    words = re.findall(r"[^\W\d_]+|\d+(?:st|nd|rd|th)?", plain)
    others = [w for w in words if not _DATE_WORD.fullmatch(w)]
    return len(others) <= 3 and all(w[0].isupper() for w in others) and len(others) < len(words) / 2


def label_menus(blocks: list[Block]) -> None:
    """Lines of link labels between separators, bare links, and lines of capitals in mid-story."""
    capitals_are_normal = sum(_is_capitals(b.plain) for b in blocks) > max(3, len(blocks) // 4)
    for i, block in enumerate(blocks):
        labels = [part.split() for part in re.split(r"\s[|/›»>·•→]\s|[|›»→]", block.plain)]
        if len(labels) >= 3 and all(len(words) <= 4 for words in labels):
            _claim(block, "other_furniture")
        elif re.fullmatch(r"(?:https?://|www\.)\S+", block.raw):
            _claim(block, "related_links")
        elif i and not capitals_are_normal and _is_capital_promo(block):
            _claim(block, "promo")


def _is_capitals(plain: str) -> bool:
    return bool(_WORDY.search(plain)) and plain == plain.upper()


def _is_capital_promo(block: Block) -> bool:
    quoted = sum(q.end - q.start for q in quotations(block.raw))
    return (
        _is_capitals(block.plain)
        and CAPITALS_AT_LEAST <= block.n_words <= LINE_AT_MOST
        and 2 * quoted < len(block.raw)
    )


def label_head(blocks: list[Block]) -> None:
    """Before the story begins: title, section labels, by-lines, and a teaser that repeats it."""
    begin = _story_begins(blocks)
    speakers = _speaker_labels(blocks)
    head = [b for b in blocks[:begin] if b.kind is None and line_key(b.raw) not in speakers]
    title = _title(head)
    if title and begin < len(blocks):
        title.kind = "title"
        label_head_lines([b for b in blocks[:begin] if line_key(b.raw) not in speakers])
        label_repeated_title(blocks, title)
    label_teasers(blocks)


def label_head_lines(head: list[Block]) -> None:
    """Names and section labels beside what is known not to be the story."""
    for before, block, after in _neighbours(head):
        beside = {b.kind for b in (before, after) if b is not None} - {None}
        if block.kind is None and beside and re.fullmatch(r"[^\d:]+", block.raw):
            if block.n_words <= NAME_AT_MOST and _is_name(block.plain):
                block.kind = "credit"
            elif block.n_words <= 3 and after is not None and _is_headline_or_word(block):
                block.kind = "other_furniture"


def _story_begins(blocks: list[Block]) -> int:
    """The first paragraph of running text, not counting a standfirst above by-line or date."""
    for i, block in enumerate(blocks):
        if block.kind is None and block.n_words >= 8 and block.ends_with_stop:
            below = takewhile(lambda b: b.kind or not b.is_story, blocks[i + 1 : i + 4])
            if not any(b.kind in ("credit", "dateline") for b in below):
                return i
    return len(blocks)


def _title(head: list[Block]) -> Block | None:
    """The first line above the story that is long enough for a title."""
    lines = [b for b in head if b.n_words <= 35 and not _ends_a_sentence(b)]
    for at_least in (TITLE_AT_LEAST, 1):
        if found := next((b for b in lines if b.n_words >= at_least), None):
            return found
    return None


def _speaker_labels(blocks: list[Block]) -> frozenset[str]:
    """Short lines that come again and again before paragraphs: the speakers of a transcript."""
    before_text = Counter(
        line_key(block.raw)
        for _, block, after in _neighbours(blocks)
        if block.n_words <= 4 and after is not None and after.kind is None and after.n_words > 4
    )
    return frozenset(key for key, n in before_text.items() if n >= 3)


def _is_name(plain: str) -> bool:
    words = re.findall(r"[\w.'-]+|[,;]", plain)
    return len(words) >= 2 and all(w[0].isupper() or w in _NAME_PARTICLES for w in words)


_NAME_PARTICLES = frozenset(
    {"and", "at", "de", "del", "der", "van", "von", "bin", "al", "of", "in"}
)


def _ends_a_sentence(block: Block) -> bool:
    return block.raw.endswith((".", ".”", '."', ":", ";"))


def label_repeated_title(blocks: list[Block], title: Block) -> None:
    """The title once more, perhaps with the site's name behind it."""
    key = line_key(title.raw)
    for block in blocks:
        if block is not title and len(key) >= 15 and block.n_words <= title.n_words + 6:
            other = line_key(block.raw)
            if other == key or (
                other.startswith(key) and re.match(r"\s*[|–—-]", other[len(key) :])
            ):
                block.kind = "other_furniture"


def label_teasers(blocks: list[Block]) -> None:
    """A standfirst that only gives the words with which the story then begins."""
    first = next((i for i, b in enumerate(blocks) if b.is_story), len(blocks))
    for i, block in enumerate(blocks[: min(first + 1, 10, len(blocks) - 1)]):
        if block.kind is None and block.n_words >= 8:
            teaser = _words(_without_cut_word(block.plain))
            if len(teaser) > 30 and _opens_with(blocks[i + 1 : i + 12], teaser):
                block.kind = "teaser"


def _without_cut_word(plain: str) -> str:
    if not plain.endswith(("...", "…", "...]", "…]")):
        return plain
    return plain.rstrip(" .…[]").rpartition(" ")[0]


def _opens_with(blocks: list[Block], teaser: str) -> bool:
    """Whether one of the first blocks, read on into the next, begins with the teaser's words."""
    reach = DATELINE_AT_MOST + len(teaser) + 2
    words = [_words(b.plain[: 2 * reach]) for b in blocks]
    openings = (f" {' '.join(words[i:])} "[:reach] for i in range(min(6, len(words))))
    return any(f" {teaser} " in opening for opening in openings)


def _words(plain: str) -> str:
    return " ".join(re.findall(r"\w+", plain.lower()))


def label_counters(blocks: list[Block]) -> None:
    """Figures alone on a line count something of the page if furniture stands beside them."""
    for i, block in enumerate(blocks):
        beside = [b.kind for b in blocks[max(0, i - 1) : i + 2] if b is not block]
        if re.fullmatch(r"[\d\s.,kKmM]+", block.raw) and any(
            k not in (None, "body") for k in beside
        ):
            _claim(block, "visit_counter")


def label_sections(blocks: list[Block]) -> None:
    """What a label opens: a list of headlines, a row of buttons, or all the rest of the page."""
    unclaimed = [0 if block.kind else block.n_words for block in blocks]
    words_from = [*accumulate(reversed(unclaimed), initial=0)][::-1]
    words_before, claimed_to = 0, 0  # between a label and claimed_to nothing is unclaimed
    for i, block in enumerate(blocks):
        claimed_to = max(claimed_to, i + 1)
        if block.opens == "list":
            claimed_to = _label_while(blocks, i, claimed_to, _is_headline)
        elif block.opens == "rest" and REST_AFTER_STORY <= words_before >= words_from[claimed_to]:
            return _label_rest(blocks, i)
        elif block.kind == "share_widget":
            claimed_to = _label_while(blocks, i, claimed_to, _is_button)
        words_before += block.n_words if block.kind in (None, "body") else 0


def _label_while(
    blocks: list[Block], opener: int, begin: int, belongs: Callable[[Block], bool]
) -> int:
    """Give the opener's kind to what belongs to it; return where that ends."""
    for i in range(begin, len(blocks)):
        block, below = blocks[i], blocks[i + 1] if i + 1 < len(blocks) else None
        sub_heading = i > opener + 1 and below and below.is_story and block.n_words <= 3
        if block.kind is None and (sub_heading or not belongs(block)):
            return i
        _claim(block, blocks[opener].kind or "other_furniture")
    return len(blocks)


def _is_button(block: Block) -> bool:
    return block.n_words <= 2 and not block.ends_with_stop


def _is_headline(block: Block) -> bool:
    return 2 <= block.n_words <= 25 and not block.raw.endswith((".", ".”", '."', ":", ",", ";"))


def _label_rest(blocks: list[Block], opener: int) -> None:
    """All that follows is furniture."""
    kind = blocks[opener].kind or "other_furniture"
    for block in blocks[opener + 1 :]:
        _claim(block, kind if kind == "author_bio" else _kind_after_story(block, kind))


def _kind_after_story(block: Block, opened_by: str) -> str:
    if block.n_words >= STORY_PARAGRAPH and _BIOGRAPHICAL.search(block.plain):
        return "author_bio"
    return opened_by if block.n_words <= 3 else "other_furniture"


_BIOGRAPHICAL = re.compile(
    r"\b(?:I am|I'm|I was|I've|my (?:work|career|years)|(?:is|was) an? (?:\w+ ){0,3}"
    r"(?:reporter|journalist|writer|author|editor|columnist|correspondent|blogger|contributor))\b"
)


def label_fragments(blocks: list[Block]) -> None:
    """Lines that are no sentences and stand among furniture: captions, link labels, buttons.

    A sub-heading looks just like them, so one alone is left to the story unless furniture follows;
    items of a list that a paragraph has announced with a colon, or that bear bullets, are left too.
    """
    speakers = _speaker_labels(blocks)
    stories = [i for i, block in enumerate(blocks) if block.is_story]
    for is_run, run in groupby(range(len(blocks)), lambda i: _is_fragment(blocks, i, speakers)):
        if is_run:
            indices = list(run)
            _label_run(blocks, indices[0], indices[-1] + 1, stories)


def _is_fragment(blocks: list[Block], i: int, speakers: AbstractSet[str]) -> bool:
    block = blocks[i]
    if block.kind is not None or not _is_headline_or_word(block):
        return False
    bulleted = re.match(r"\s*(?:[-–—•*·▪◦‣]|\(?\w{1,2}[.)])\s", block.raw)
    announced = i > 0 and blocks[i - 1].raw.endswith(":") and blocks[i - 1].kind in (None, "body")
    return not bulleted and not announced and line_key(block.raw) not in speakers


def _is_headline_or_word(block: Block) -> bool:
    return block.n_words <= 25 and not re.search(
        r"[.:;,?!…—–-][\"'”’)]*$|^[\"“]|[a-z]{2}\.\s[A-Z]", block.raw
    )


def _label_run(blocks: list[Block], start: int, stop: int, stories: Sequence[int]) -> None:
    before = blocks[start - 1].kind if start else None
    after = blocks[stop].kind if stop < len(blocks) else None
    page = (*(k for k in (before, after) if k not in _NO_NEIGHBOURS),)
    if after == "credit" or (stop - start == 1 and blocks[start].n_words > 12):
        return  # the heading above a by-line; a sentence that has lost its stop
    story_before = bool(stories) and stories[0] < start
    ends_page = not stories or stories[-1] < stop
    if page and story_before and (ends_page or len(page) == 2 or stop - start >= 2):
        for block in blocks[start:stop]:
            _claim(block, _kind_of_fragment(block, before))


def _kind_of_fragment(block: Block, before: str | None) -> str:
    if before in ("related_links", "share_widget", "credit", "author_bio") and block.n_words <= 25:
        return before
    return "related_links" if block.n_words >= 5 else "other_furniture"


_NO_NEIGHBOURS = (None, "title", "body", "embed", "teaser", "dateline")


def label_between(blocks: list[Block]) -> None:
    """A paragraph between two pieces of furniture that speaks to the reader about the site."""
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        beside = (before.kind, after.kind)
        among_furniture = not any(kind in _NO_NEIGHBOURS for kind in beside)
        if block.kind is None and among_furniture and _addresses_reader(block):
            block.kind = _kind_of_appeal(block)


def label_tail(blocks: list[Block]) -> None:
    """After the story: from the end upwards, as long as each paragraph speaks of the site."""
    for i in range(len(blocks) - 1, 0, -1):
        block = blocks[i]
        if block.kind in CONTENT_KINDS:
            return
        if block.kind is None and not _claim_in_tail(blocks, i) and block.is_story:
            return


def _claim_in_tail(blocks: list[Block], i: int) -> bool:
    block, below = blocks[i], blocks[i + 1] if i + 1 < len(blocks) else None
    outside = "" if block.n_words > PART_AT_MOST else _outside_quotations(block.plain)
    if entry := _first("tail", outside):
        block.kind = entry.kind
        if entry.kind == "promo" and _is_headline(blocks[i - 1]):
            _claim(blocks[i - 1], "related_links")
    elif _addresses_reader(block) and (below is None or below.kind not in _NO_NEIGHBOURS):
        block.kind = _kind_of_appeal(block)
    elif (below is None or below.kind) and _is_stub(block) and blocks[i - 1].ends_with_stop:
        block.kind = "other_furniture"
    return block.kind is not None


def _is_stub(block: Block) -> bool:
    return block.n_words <= 2 and _is_headline_or_word(block)


def _addresses_reader(block: Block) -> bool:
    """Whether the site speaks to its reader: of itself and of them, or asking for something."""
    if block.n_words > PART_AT_MOST or '""' in (outside := _outside_quotations(block.plain)):
        return False
    found = [bool(pattern.search(outside)) for pattern in (_SITE, _READER, _ASKS)]
    return sum(found) >= 2


_SITE = re.compile(
    r"\b(?:our|us|we|this (?:site|page|blog|website|channel|newsletter)|newsroom|newsletter)\b",
    re.I,
)
_READER = re.compile(r"\b(?:you|your|yours|readers?|subscribers?|supporters?)\b", re.I)
_ASKS = re.compile(
    r"\b(?:donat\w+|subscri\w+|support|chip in|contribut(?:e|ion)s?|sign up|follow us|become|inbox|"
    r"membership|patrons?|click|download|register|bitcoin|crypto|paypal|patreon)\b",
    re.IGNORECASE,
)
_GIVING = re.compile(
    r"\b(?:donat\w+|support|contribut\w+|chip in|patrons?|fund\w*|gave|give)\b", re.I
)


def _kind_of_appeal(block: Block) -> str:
    return "donation_appeal" if _GIVING.search(block.plain) else "promo"


RULES: tuple[Callable[[list[Block]], None], ...] = (
    label_embeds,
    label_dates,
    label_phrases,
    label_menus,
    label_counters,
    label_head,
    label_sections,
    label_between,
    label_fragments,
    label_tail,
)
