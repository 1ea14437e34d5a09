"""What the tagger knows of a token: its form, the forms around it, and its place.

Features are strings. Those of a word's form depend on the word alone and are made once a word;
those of its place are made for each token.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from nbhelpers.caching import kept_for_words
from nbhelpers.extraction.cues import cue_words
from nbhelpers.extraction.paragraphs import MARKS, Paragraph
from nbhelpers.extraction.vocabulary import word_class

WINDOW = 4
EDGE = ""  # stands for the words beyond a paragraph's ends

_LABEL_AT_MOST = 6  # tokens of a speaker's name before the colon of a transcript
LONGEST = 40  # characters of a word that matter
_BUCKETS = (0, 1, 2, 3, 5, 8, 14, 25)
_REPEATED = re.compile(r"(.)\1+")
_PLAIN = str.maketrans("’‘“”", "''\"\"")


def paragraph_features(paragraph: Paragraph, previous: Paragraph | None) -> list[list[str]]:
    """Return all features of each token of a paragraph, given the paragraph before it."""
    forms = padded_forms(paragraph.words)
    return [
        [name for k, form in enumerate(forms[i : i + 2 * WINDOW + 1]) for name in form.at[k]] + rest
        for i, rest in enumerate(place_features(paragraph, previous))
    ]


class Form:
    """A word's form: its features by the offset at which it is seen (first: WINDOW before)."""

    __slots__ = ("at", "cue", "lower", "word_class")

    def __init__(self, word: str) -> None:
        """Make the features."""
        lower = word.translate(_PLAIN).lower()
        self.lower = '"' if lower in ("''", "``") else lower or "edge"
        self.word_class = word_class(word) or "edge"
        self.cue = cue_words().get(lower)
        shape = _shape(word)
        self.at = [self._seen_at(k, shape) for k in range(-WINDOW, WINDOW + 1)]

    def _seen_at(self, k: int, shape: str) -> list[str]:
        lower = self.lower
        seen = [f"c{k}={self.word_class}"]
        if abs(k) <= 3:
            seen.append(f"w{k}={lower}")
        if abs(k) <= 2:
            seen.append(f"s{k}={shape}")
            if self.cue:
                kind = f"{self.cue.part_of_speech} {self.cue.cue_class}"
                seen += [f"l{k}={self.cue.lemma}", f"q{k}={kind}"]
        if abs(k) <= 1:
            seen.append(f"e3{k}={lower[-3:]}")
        if k == 0:
            seen += ["b", f"e2={lower[-2:]}", f"b3={lower[:3]}", f"e4={lower[-4:]}"]
        return seen


@kept_for_words(10_000)
def form_of(word: str) -> Form:
    """Return the form of a word, made once."""
    return Form(word[:LONGEST])


def padded_forms(words: list[str]) -> list[Form]:
    """Return the forms of words, with as many edges at either end as the window reaches."""
    edges = [form_of(EDGE)] * WINDOW
    return edges + [form_of(word) for word in words] + edges


def _shape(word: str) -> str:
    kinds = "".join(
        "X" if c.isupper() else "x" if c.islower() else "9" if c.isdigit() else c for c in word
    )
    return _REPEATED.sub(r"\1", kinds)[:8]


def place_features(paragraph: Paragraph, previous: Paragraph | None) -> list[list[str]]:
    """Return for each token the features of its neighbours together, and of its place."""
    forms = padded_forms(paragraph.words)
    general = _paragraph_features(paragraph, previous)
    quoted = _features_of_quotations(paragraph, forms)
    states = quotation_states(paragraph)
    neighbours = _neighbours(forms, states)
    around = _cues_around(paragraph, forms[WINDOW:], states)
    colon = label_end(paragraph.words)
    found = []
    for i, number in enumerate(paragraph.quotation):
        here = general + neighbours[i] + around[i]
        if number >= 0:
            here += quoted[number]
        if colon is not None:
            here.append(f"label={i < colon} {i == colon}")
        found.append(here)
    return found


def _paragraph_features(paragraph: Paragraph, previous: Paragraph | None) -> list[str]:
    """The features that all tokens of a paragraph share."""
    found = ["title"] if paragraph.is_title else []
    if previous and previous.is_left_open:
        found.append("goes_on")
    if not paragraph.quotations:
        found.append("no_quotations")
    return found


def quotation_states(paragraph: Paragraph) -> list[str]:
    """Return whether each token is out of quotations, in one, or a mark: ``open`` or ``close``."""
    states = []
    for i, number in enumerate(paragraph.quotation):
        if number < 0:
            states.append("out")
        elif paragraph.words[i] not in MARKS:
            states.append("in")
        else:
            begins = paragraph.tokens[i][0] <= paragraph.quotations[number].start + 1
            states.append("open" if begins else "close")
    return states


def _neighbours(forms: list[Form], states: list[str]) -> list[list[str]]:
    """Neighbouring forms taken together, and forms together with the state of quotation."""
    w = [form.lower for form in forms]
    c = [form.word_class for form in forms]
    return [
        [
            f"w-1,0={w[i - 1]} {w[i]}",
            f"w0,1={w[i]} {w[i + 1]}",
            f"c-1,0={c[i - 1]} {c[i]}",
            f"c0,1={c[i]} {c[i + 1]}",
            f"c-1,0,1={c[i - 1]} {c[i]} {c[i + 1]}",
            f"c0,1,2={c[i]} {c[i + 1]} {c[i + 2]}",
            f"c-2,-1,0={c[i - 2]} {c[i - 1]} {c[i]}",
            f"state={state}",
            f"w0={w[i]} {state}",
            f"c0={c[i]} {state}",
        ]
        for i, state in enumerate(states, start=WINDOW)
    ]


def _cues_around(paragraph: Paragraph, forms: list[Form], states: list[str]) -> list[list[str]]:
    """The nearest cue words of the sentence on either side, and the commas on the way to them."""
    out = [state == "out" for state in states]
    cues = [i for i, plain in enumerate(out) if plain and _is_cue(forms[i])]
    commas = [i for i, word in enumerate(paragraph.words) if out[i] and word == ","]
    last_of = {number: i for i, number in enumerate(paragraph.sentence)}
    found = []
    first = 0
    for i, state in enumerate(states):
        if i and paragraph.sentence[i] != paragraph.sentence[i - 1]:
            first = i
        last = last_of[paragraph.sentence[i]]
        before, after = bisect_left(cues, i), bisect_right(cues, i)
        left = cues[before - 1] if before and cues[before - 1] >= first else None
        right = cues[after] if after < len(cues) and cues[after] <= last else None
        here = [
            f"from_start={min(i - first, 4)} {state}",
            f"to_end={min(last - i, 3)} {state}",
            f"both={left is not None} {right is not None} {state} {min(i - first, 2)}",
        ]
        if right is None:
            here.append(f"no_right {state}")
        else:
            n = min(bisect_left(commas, right) - bisect_right(commas, i), 2)
            cue, far = forms[right].lower, bucket(right - i)
            near = f"{forms[right - 1].word_class} {cue} {forms[right + 1].word_class}"
            here += [
                f"right={cue} {state}",
                f"right_far={far} {n} {state}",
                f"right_end={cue} {bucket(last - right)} {n}",
                f"right_context={near}",
            ]
        if left is None:
            here.append(f"no_left {state}")
        else:
            n = min(bisect_left(commas, i) - bisect_right(commas, left), 2)
            cue = forms[left].lower
            here += [
                f"left={cue} {state}",
                f"left_next={cue} {forms[left + 1].lower} {n}",
                f"left_far={bucket(i - left)} {n} {state}",
            ]
        found.append(here)
    return found


def _is_cue(form: Form) -> bool:
    """Nouns are left out: every other sentence has a plan, a report or a question in it."""
    return form.cue is not None and form.cue.part_of_speech != "noun"


def label_end(words: list[str]) -> int | None:
    """Return where the colon stands that ends a speaker's name, as in a transcript.

    >>> label_end(["LEE", ":", "We", "go", "on", "."])
    1
    """
    opening = len(words) > 1 and words[0] in MARKS
    for i, word in enumerate(words[opening : opening + _LABEL_AT_MOST], start=opening):
        if word == ":":
            return i if i > opening else None
        if not (word[0].isupper() or word in {".", ",", "(", ")"}):
            return None
    return None


def bucket(n: int) -> int:
    """Return a count, coarser the larger it is.

    >>> [bucket(n) for n in (0, 3, 4, 9, 100)]
    [0, 3, 4, 6, 8]
    """
    return bisect_left(_BUCKETS, n)


def _features_of_quotations(paragraph: Paragraph, forms: list[Form]) -> dict[int, list[str]]:
    """For each quotation, the features that all its tokens share."""
    inside: dict[int, list[int]] = {}
    for i, number in enumerate(paragraph.quotation):
        if number >= 0:
            inside.setdefault(number, []).append(i)
    found: dict[int, list[str]] = {}
    previous: int | None = None
    for number, tokens in inside.items():
        found[number] = _quotation_features(paragraph, forms, number, tokens, previous)
        previous = tokens[-1]
    return found


def _quotation_features(
    paragraph: Paragraph, forms: list[Form], number: int, inside: list[int], previous: int | None
) -> list[str]:
    """Its size, its edges, what stands beside it, and the quotation before (its last token)."""
    first, last = inside[0] + WINDOW, inside[-1] + WINDOW
    before, after = forms[first - 1].lower, forms[last + 1].lower
    inner = forms[last - 1].lower
    size = bucket(sum(paragraph.is_word(i) for i in inside))
    begins = "X" if paragraph.words[min(inside[0] + 1, inside[-1])][:1].isupper() else "x"
    ends = inner if inner in _STOPS else "w"
    closed = paragraph.quotations[number].closed
    return [
        f"q_size={size}",
        f"q_before={before} {begins}",
        f"q_ends={ends} {'w' if after.isalnum() else after}",
        f"q_after={after} {forms[last + 2].word_class} {ends}",
        f"q_after_cue={bool(forms[last + 2].cue)} {bool(forms[last + 3].cue)} {ends}",
        f"q_form={size} {begins} {ends} {before == 'edge'} {after == 'edge'}",
        f"q_closed={closed}",
        f"q_follows={_follows(paragraph, previous, inside[0])} {begins} {ends}",
    ]


def _follows(paragraph: Paragraph, previous: int | None, first: int) -> str:
    """Whether a quotation comes after another one of its paragraph, and after what."""
    if previous is None:
        return "none"
    words = paragraph.words
    has_cue = any(form_of(words[i]).cue for i in range(previous + 1, first))
    inner = words[previous - 1] if previous else ""
    ends = inner if inner in _STOPS else "w"
    return f"{ends} {has_cue} {bucket(first - previous - 1)} {words[first - 1]}"


_STOPS = frozenset(",.?!—-…")
