"""Hostile texts without end, each made again from a seed and its number.

Most are a few hundred characters of hostile stretches between words and sentences; some are real
sentences, spoilt; a few are very long. ``UNITS`` alone, repeated, show how time grows with length.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

# What a text repeats to make a rule, a regular expression or a table of pairs run away.
UNITS: dict[str, str] = {
    "no space": "x",
    "capitals": "A",
    "Chinese": "中",
    "blanks": " ",
    "hard blanks": " \u00a0",
    "new lines": "\n",
    "carriage returns": "\r\n",
    "line separators": "\u2028",
    "NULs": "\x00",
    "controls": "\x07\x1b[31m",
    "byte order marks": "\ufeff",
    "zero width": "a\u200b",
    "combining": "e\u0301\u0301",
    "one letter, marks without end": "\u0301",
    "right to left": "\u202e\u2067x\u2069",
    "flags": "🇰🇵",
    "families": "👩\u200d👩\u200d👧",
    "skin tones": "👍\U0001f3fd",
    "half decoded": "â€™",
    "straight marks": '"',
    "opening marks": "“",
    "closing marks": "”",
    "nested marks": "“‘",
    "guillemets": "« ",
    "primes": "'",
    "quoted words": '"a" ',
    "quoted sentences": "“We go,” Lee said. ",
    "quotation without end": "“We go, Lee said. ",
    "brackets": "(",
    "nested brackets": "([{",
    "bracket pairs": "()",
    "asides": "(he said) ",
    "stops": ".",
    "dots apart": " .",
    "stops and letters": "a. ",
    "initials": "A. ",
    "abbreviations": "Mr. ",
    "dashes": "-",
    "long dashes": "word — ",
    "commas": "a, ",
    "and": "men and ",
    "of the": "of the ",
    "slashes": "a/",
    "pipes": "a | b | c ",
    "handles": "@abc ",
    "handles in brackets": "(@a) ",
    "posts": "— Ann Lee (@lee) May 3, 2020\n",
    "hashtags": "#war ",
    "addresses": "http://t.co/a ",
    "one address": "http://a.b/c?",
    "mails": "a@b.c ",
    "bullets": "- item\n",
    "round bullets": "• ",
    "numbered lines": "1. one\n",
    "short lines": "12\n",
    "lines of furniture": "Read also\n",
    "lines of comments": "Comments\n",
    "lines": "Some words here\n",
    "paragraphs": "It rained.\n\n",
    "digits": "9",
    "grouped digits": "1,",
    "decimals": "1.",
    "number list": "1,000 ",
    "number words": "hundred ",
    "number words joined": "twenty-",
    "tens": "two hundred and ",
    "ranges": "10 to ",
    "amounts": "$3m ",
    "soldiers": "3,000 soldiers ",
    "claims": "Kim Lee said 3,000 troops came. ",
    "per cent": "5% of ",
    "dates": "May 3, 2020 ",
    "months": "may ",
    "dates in figures": "1/2/",
    "weekdays": "on Monday ",
    "time words": "last week ",
    "ago": "two days ago ",
    "dated sentences": "On Monday, Lee said on Tuesday that on Sunday it rained. ",
    "names": "Ann Lee ",
    "initials and names": "J. R. ",
    "titles": "President ",
    "offices": "Foreign Minister of the United States ",
    "particles": "van der ",
    "countries": "North Korea, ",
    "institutions": "the Ministry of Defence of ",
    "pronouns": "He said he ",
    "said that": "He said that she said that ",
    "citing": "CNN said, citing a man, ",
    "according": "according to ",
    "carriers": "CNN reported that Fox reported that ",
    "cues": "said ",
    "anonymous": "an official said officials said ",
    "hedges": "perhaps ",
    "loaded words": "brutal ",
    "no": "not ",
    "praise and blame": "Ann Lee lied. Ann Lee was great. ",
    "same sentence": "The cat sat on the mat with the dog.\n",
    "other words": "the cats sat on a mat near a dog and slept; ",
    "markup": "<b>",
    "script": "<script>alert(1)</script>",
    "comments": "<!--",
    "templates": "{{ 7 * 7 }}{% raw %}",
    "curly": "${x}",
    "formulas": "=1+1\n",
    "mathematics": "$$\\frac{1}{0}$$ ",
    "Markdown": "[a](javascript:alert(1)) ",
    "backslashes": "\\",
    "paths": "../",
    "title case": "The Quick Brown Fox ",
    "upper case": "SHARE TWEET EMAIL ",
    "pictures": "IMAGE SOURCE, GETTY ",
}  # fmt: skip

# What is put between words once, and once is enough.
TRAPS: Sequence[str] = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "</style>", "]]>", "-->",
    "&amp;", "{{ 7*7 }}", "{% raw %}", "{# no #}", "${7*7}", "<%= 7 %>", "#{7}", "%s%n", "{0}",
    "\\N{BULLET}", "=1+1", "\n=cmd|' /C calc'!A0", "\n+1+1", "\n-1+1", "\n@SUM(1)", "\t=1",
    "\r=1", '"=1+1"', "＝1＋1", "; =1+1", "'=1", "\n\ufeff=1", "../../etc/passwd", "C:\\con",
    "\x00", "\x07", "\x0b", "\x0c", "\x1c", "\x1b[31m", "\x85", "\xa0", "\xad", "\u061c",
    "\u200b", "\u200d", "\u200f", "\u2028", "\u2029", "\u202e", "\u2060", "\u2066", "\u2067",
    "\u2069", "\ufeff", "\ufffd", "\uffff", "\U000e0041", "\U0010ffff", "e\u0301\u0327\u0489",
    "ﷺ", "İ", "ß", "ŉ", "ﬁ", "Ⅷ", "²", "½", "٣", "𝟛", "🇰🇵🇺", "👩\u200d👩\u200d👧\u200d👦",
    "👍\U0001f3fd", "شلوم", "שלום", "中文字。", "『引用』", "“", "”", '"', "‘", "’", "«", "»",
    "„", "``", "''", "(", ")", "[", "]", "—", "…", ". . .", "?!", ":", ";", "@lee", "(@lee)",
    "#war", "6'2\"", "1,0,0,0", "1e999", "-0", "00:00", "1.2.3.4", "99999999999999999999999",
    "31 February 2024", "May 3, 0000", "the 99th of May", "0/0/0", "2024-13-45",
    "10-10-10 to 9-9-9", "a trillion trillion", "minus zero percent", "$€£5bn",
    "10,000 to 3,000 troops", "x" * 300, "\n\n\n", "\r\n", "\r", "\n- ", "\n• ", "\n1. ",
    "By Ann Lee", "Read also:", "Comments (3)",
)  # fmt: skip

WORDS = (
    "the a of and to Ann Lee said that CNN reported according troops Kyiv he officials citing 3,000"
    " soldiers on Monday president Kim claims denied no not war killed over last week percent U.S."
).split()

SENTENCES = (
    "“We saw them cross the border,” Kim Lee, a spokesman for the ministry, told CNN on Monday.",
    "About 3,000 North Korean soldiers were sent to Russia in early October, the agency said.",
    "According to two U.S. officials, as many as 12,000 troops may have arrived by Oct. 23, 2024.",
    "President Zelenskyy said the decision was “a step toward a world war” and asked for help.",
    "The Kremlin denied that; Mr Peskov called the report “nonsense” and blamed Kyiv.",
)

Dice = random.Random


def texts(
    seed: int, count: int, *, first: int = 0, real: Sequence[str] = SENTENCES
) -> Iterator[str]:
    """Yield texts by their numbers; number 7 is the same whether or not those before it are made.

    ``real`` are sentences or articles of which a third of the texts are made.
    """
    for number in range(first, first + count):
        yield text_of(random.Random(f"{seed}:{number}"), number, real)


def text_of(dice: Dice, number: int, real: Sequence[str]) -> str:
    """One in a thousand has up to 60,000 characters, one in ten thousand a million."""
    if number % 10_000 == 5_000:
        return repeated(dice, 1_000_000)
    if number % 1_000 == 500:
        return repeated(dice, dice.randrange(10_000, 60_000))
    make = dice.choices((mixed, spoilt, flood, repeated), (5, 5, 3, 1))[0]
    text = spoilt(dice, dice.choice(real)) if make is spoilt else make(dice)
    return text if text.strip() else f"{text}x"


def mixed(dice: Dice, size: int = 40) -> str:
    """Words, sentences, traps and units in a row, with or without blanks."""
    stock: tuple[Callable[[], str], ...] = (
        lambda: dice.choice(WORDS),
        lambda: dice.choice(SENTENCES),
        lambda: dice.choice(TRAPS),
        lambda: dice.choice(list(UNITS.values())) * dice.choice((1, 1, 2, 5)),
        lambda: character(dice) * dice.choice((1, 1, 1, 20)),
    )
    kinds = dice.choices(stock, (6, 1, 3, 2, 1), k=dice.randrange(1, size))
    between = dice.choice((" ", " ", "", "\n", ". "))
    return between.join(make() for make in kinds)


def flood(dice: Dice) -> str:
    """A few units, each many times, one after the other or in turns."""
    units = dice.sample(list(UNITS.values()), dice.randrange(1, 4))
    if dice.random() < 0.5:
        return "".join(units) * dice.randrange(1, 60)
    return " ".join(unit * dice.randrange(1, 80) for unit in units)


def repeated(dice: Dice, length: int = 3_000) -> str:
    """One unit to a length; sentences that differ by a number; nested or odd quotation marks."""
    form = dice.randrange(4)
    unit = dice.choice(list(UNITS.values()))
    if form == 0:
        depth = length // 3
        return "“‘" * (depth // 2) + "said Lee" + "’”" * (depth // 2) + dice.choice(("", "“", '"'))
    if form == 1:
        return "".join(f"{unit}{n} " for n in range(length // (len(unit) + 6)))
    around = dice.choice(("{}", "x {} y", "“{}", "{}.\n\nAnn Lee said so."))
    return around.format(unit * (length // len(unit)))


def spoilt(dice: Dice, text: str) -> str:
    """A stretch of a real text with characters and marks dropped, doubled, swapped, put in."""
    begin = dice.randrange(max(1, len(text) // 2)) if dice.random() < 0.5 else 0
    pieces = list(text[begin : begin + dice.choice((100, 300, 300, 800))])
    for _ in range(dice.randrange(1, 12)):
        place = dice.randrange(len(pieces))
        change = dice.randrange(5)
        if change == 0:
            pieces[place] = ""
        elif change == 1:
            pieces[place] *= dice.choice((2, 3, 30))
        elif change == 2:
            pieces[place] = character(dice)
        elif change == 3:
            pieces[place] += dice.choice(TRAPS)
        else:
            other = dice.randrange(len(pieces))
            pieces[place], pieces[other] = pieces[other], pieces[place]
    whole = "".join(pieces)
    as_a_whole = dice.randrange(12)
    if as_a_whole == 0:
        return whole.replace(" ", "")
    if as_a_whole == 1:
        return whole.replace("\n", dice.choice(("", "\r", "\u2028", "\n\n")))
    if as_a_whole == 2:
        return dice.choice((str.upper, str.lower, str.title, str.swapcase))(whole)
    if as_a_whole == 3:
        return whole.encode().decode("cp1252", "replace")
    return whole


def character(dice: Dice) -> str:
    """Any character but half of a pair; controls and marks more often."""
    plane = dice.random()
    if plane < 0.3:
        return chr(dice.choice((*range(32), *range(127, 161), *range(0x2000, 0x2070), 0xFEFF)))
    if plane < 0.6:
        return chr(dice.randrange(0x21, 0x250))
    if plane < 0.9:
        return chr(dice.randrange(0x250, 0xD800))
    return chr(dice.randrange(0xE000, 0x110000))
