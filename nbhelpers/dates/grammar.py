"""The grammar of date expressions: what in a sentence is a date, and what it says by itself.

Only what these patterns match is ever taken for a date; general-purpose searchers also take "may",
scores, versions and amounts for dates. What is read here is as the words have it: no year is
added, nothing is counted from a day that the words do not give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from nbhelpers.dates.meanings import (
    Ago,
    Anaphor,
    Calendar,
    Day,
    Decade,
    Figures,
    Interval,
    Meaning,
    Period,
    Quarter,
    Season,
    Stretch,
    Weekday,
)
from nbhelpers.text import MONTH, WEEKDAY


class Expression(NamedTuple):
    """A date expression: its place in the sentence, what it says, and the word that leads to it.

    ``signal`` (since, until, by, before, after ... in lower case; empty if none) says how the
    statement lies to the date.
    """

    start: int
    end: int
    meaning: Meaning
    signal: str


_COUNTED = (
    r"(?:people|persons|men|women|children|troops|soldiers|officers|fighters|members|voters|votes|"
    r"workers|jobs|students|homes|houses|families|refugees|migrants|patients|cases|deaths|dead|"
    r"percent|per|pct|million|billion|trillion|thousand|hundred|dollars|euros|pounds|miles|feet|"
    r"meters|metres|kilometers|kilometres|km|kg|tons|tonnes|points|seats|words|pages|times|"
    r"years?|days|weeks|months|hours|minutes|seconds|more|other|GMT|UTC|E[SD]T|ET|BST|CET|MSK|hrs"
    r"|local time)\b"
)
_NOT_COUNTED = rf"(?!\s?%)(?!\s{_COUNTED})"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\w%]|[.,:/]\d)"
_YEAR = rf"(?:1[5-9]|20)\d\d(?![\w%]|[.,:/]\d|[-–]\d{{3}}){_NOT_COUNTED}"
_YEAR += rf"(?! (?:to|or|and) [\d,]+ {_COUNTED})"
_WEEKDAY_WITH = rf"(?:(?:{WEEKDAY}|mon|tues?|wed|thur?s?|fri|sat|sun)\.?,? (?:the )?)"
_MONTHS_IN_FULL = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_M = rf"(?:(?:{_MONTHS_IN_FULL})\b|{MONTH}\b\.?)"
_PART = (
    r"(?:(?:(?:early|mid)-? to (?:mid|late)|early|late|mid|earlier|later)[- ](?:in )?"
    r"|(?:the )?(?:beginning|start|middle|end) of )"
)
_TO = r"\s?(?:-|–|—|to|through|until|till|and|or)\s?"
_OF_YEAR = r"(?:,? (?:of )?(?P<which>this|last|next) year)?"
_TIME = r"(?: (?:early |late )?(?:morning|afternoon|evening|night|midday|noon)\b)?"
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_NUMBER = (
    rf"(?:\d{{1,4}}|an?|(?:twenty|thirty|forty|fifty)-(?:{_NUMBERS[:44].replace(' ', '|')})"
    rf"|{_NUMBERS.replace(' ', '|')})"
)
_UNIT = r"(?:day|week|month|year|decade)"
_HEDGE = (
    r"(?:(?:more|less|fewer) than|over|under|nearly|almost|about|around|roughly|approximately|some"
    r"|at least|at most|up to|just over|just under|well over|only)"
)
_PERIOD = r"(?:week|weekend|month|year|quarter|decade|spring|summer|fall|autumn|winter)"
_SHIFTS = {"last": -1, "this": 0, "next": 1, "past": -1, "coming": 1}

# Words that stand before or behind the name of a day or a month in the names of other things.
_NAMED_BEFORE = re.compile(
    r"(?:\b(?:Black|Good|Super|Bloody|Fat|Ash|Cyber|Palm|Easter|Shrove|Giving|Red|Holy|Maundy|Whit"
    r"|Fox News|Mail on|Casual|Freaky|every|each|most|any|Every|Each|Most|Any)"
    r"(?: single)?|[-@#/_])\s?$"
)
_NAMED_BEHIND = re.compile(
    r"\s(?:Times|Telegraph|Mirror|Express|Mail|Herald|Post|Tribune|Mass|Night Live|Night Football"
    r"|Night Lights|Morning Herald|Morning America|Revolution|the (?:13|thirteen)th|surprise"
    r"|Surprise|Madness|Today)\b"
)
_SMALL_MONTHS = frozenset(
    "january february april june july september october november december".split()
)
_MONTHS_THAT_ARE_NAMES = frozenset("april august june may march".split())
_MONTH_PREPOSITION = re.compile(
    r"\b(?:in|since|until|till|from|between|during|through|to|by|by the end of|end of|start of"
    r"|beginning of|middle of|month of|early|late|mid|last|next|this|past|for|before|after"
    r"|and|or|of|that)[ -]$",
    re.IGNORECASE,
)
_SIGNAL = re.compile(
    r"\b(since|until|till|before|after|by|from|as of|through|ahead of|prior to|following|up to)"
    r" (?:the |about |around |at least )?$",
    re.IGNORECASE,
)
_YEAR_PREPOSITION = re.compile(
    r"\b(?:in|since|from|until|till|through|during|before|after|between|early|late|mid|fiscal|year"
    r"|circa|compared (?:with|to))[ -]$"
    r"|\b(?:1[5-9]|20)\d\d(?:,|,? and|,? or| to) $",
    re.IGNORECASE,
)
# These lead to amounts as well: only years of our time are taken behind them.
_WEAK_YEAR_PREPOSITION = re.compile(r"\b(?:by|of|for|into|behind|around) $", re.IGNORECASE)
_OUR_TIME = range(1900, 2041)
_COUNTS = re.compile(r" (?:were|are|have)\b")
_ROUND = re.compile(r"\d\d00 [a-z]+s\b")
_NOUN = re.compile(r" (?!(?:and|or|to|of|in)\b)[^\W\d_]|['’]s")
_BEGINS = re.compile(r" (?:was|is|has|saw|will|had)\b|['’]s")
_YEAR_OF_NOUN = re.compile(r"(?:\b(?:the|a|an|his|her|their|its|our|my|this)|\w['’]s|s['’]) $")
_PREFIXED = re.compile(r"(?:[$€£¥#№@/._+]|\d[.,:/-]|\b[Nn]os?\.? ?|\w[-–])$")
_EVENT_BEHIND = re.compile(
    r"(?:\s(?:terror|terrorist|suicide|al-Qaeda|Hamas))?\s(?:attacks?|massacres?|insurrection|riots?"
    r"|uprising|revolution|coup|movement|crisis|hijack\w*|terror\w*|assault)\b",
    re.IGNORECASE,
)


_PARTS = dict(
    zip(
        "early earlier beginning start mid middle late later end".split(),
        "early early early early mid mid late late late".split(),
        strict=True,
    )
)


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Meaning | None]


def find(sentence: str) -> list[Expression]:
    """Return the date expressions of a sentence in their order; none overlaps another.

    >>> [found.meaning.month for found in find("He may go in May, and march on 3 March.")]
    ['May', 'March']
    """
    if not _MAY_HOLD_DATE.search(sentence):
        return []
    found = [
        (match.start(), -match.end(), number, meaning)
        for number, rule in enumerate(_RULES)
        for match in rule.pattern.finditer(sentence)
        if (meaning := rule.read(match)) is not None
    ]
    atoms: list[tuple[int, int, Meaning]] = []
    for start, minus_end, _, meaning in sorted(found, key=lambda row: row[:3]):
        if not atoms or start >= atoms[-1][1]:
            atoms.append((start, -minus_end, meaning))
    return [
        Expression(start, end, meaning, _signal(sentence, start))
        for start, end, meaning in _joined(sentence, atoms)
    ]


def names_event(sentence: str, end: int) -> bool:
    """Return whether what follows makes a day the name of an event, perhaps of another year.

    >>> names_event("After the Sept. 11 attacks", 18)
    True
    """
    return bool(_EVENT_BEHIND.match(sentence, end))


def _signal(sentence: str, start: int) -> str:
    leading = _SIGNAL.search(sentence, max(0, start - 30), start)
    return " ".join(leading[1].lower().split()) if leading else ""


def _joined(
    sentence: str, atoms: Sequence[tuple[int, int, Meaning]]
) -> Iterator[tuple[int, int, Meaning]]:
    """Make one of *from June to August 2016* and *between 3 May and 5 June*."""
    number = 0
    while number < len(atoms):
        start, end, meaning = atoms[number]
        following = atoms[number + 1] if number + 1 < len(atoms) else None
        if following and isinstance(meaning, Calendar) and isinstance(following[2], Calendar):
            before = sentence[max(0, start - 9) : start].lower()
            link = sentence[end : following[0]].lower()
            if _alike(meaning, following[2]) and _links(before, link):
                end, meaning = following[1], Interval(meaning, following[2])
                number += 1
        yield start, end, meaning
        number += 1


def _alike(first: Calendar, last: Calendar) -> bool:
    return bool(first.day) == bool(last.day) and bool(first.month) == bool(last.month)


def _links(before: str, link: str) -> bool:
    if link.strip() in ("-", "–", "—") or link == " through ":
        return True
    if before.endswith("from "):
        return link in (" to ", " until ", " till ")
    return before.endswith("between ") and link == " and "


def _calendar(match: re.Match[str]) -> Calendar | None:
    known = {name: value or "" for name, value in match.groupdict().items()}
    month, day = known.get("month", "").rstrip("."), known.get("day", "")
    if not month[0].isupper() and month.lower() not in _SMALL_MONTHS:
        return None
    if _PREFIXED.search(match.string, max(0, match.start() - 5), match.start()):
        return None
    weekday = known.get("weekday", "").strip(" ,.").removesuffix(" the").strip(" ,.").lower()
    part = _part(known.get("part", ""))
    shift = _SHIFTS.get(known.get("which", "").lower())
    return Calendar(day, month, known.get("year", ""), weekday, part, shift)


def _part(words: str) -> str:
    """*early*, *mid*, *late*, or the two ends of *early- to mid-*."""
    known = [part for word in re.findall("[a-z]+", words.lower()) if (part := _PARTS.get(word))]
    return "-".join(known)


def _days(match: re.Match[str]) -> Interval | None:
    whole = _calendar(match)
    if whole is None:
        return None
    return Interval(whole._replace(day=match["first"], weekday=""), whole._replace(weekday=""))


def _bare_month(match: re.Match[str]) -> Calendar | None:
    """A month by its name alone: with its capital, and not where it is the name of somebody."""
    word, text, start = match["month"], match.string, match.start("month")
    lower, before = word.lower(), text[max(0, start - 25) : start]
    if _is_name(match, match.start(), match.end("month")):
        return None
    if word != word.title() and lower not in _SMALL_MONTHS:
        return None
    led = bool(match["part"]) or bool(_MONTH_PREPOSITION.search(before))
    if lower in _MONTHS_THAT_ARE_NAMES and not led:
        return None
    if lower in _MONTHS_THAT_ARE_NAMES and _is_persons(text, word, start):
        return None
    shift = _SHIFTS[match["which"].lower()] if match["which"] else None
    return Calendar(month=word, part=_part(match["part"] or ""), shift=shift)


def _is_persons(text: str, word: str, start: int) -> bool:
    """*between Trump and May*, *the speech of May*: ``in`` and words of time alone are safe."""
    return not _TIME_PREPOSITION.search(text, max(0, start - 14), start)


_TIME_PREPOSITION = re.compile(
    r"(?<!confidence )(?<!faith )(?<!trust )(?<!believe )"
    r"(?:\b(?:in|since|until|till|during|from|through|last|next|this|past)"
    r"|\b(?:end|beginning|start|middle|month) of|\b(?:early|late|mid)[ -]?) ?$",
    re.IGNORECASE,
)


def _is_name(match: re.Match[str], start: int, end: int) -> bool:
    before = match.string[max(0, start - 20) : start]
    return bool(_NAMED_BEFORE.search(before) or _NAMED_BEHIND.match(match.string, end))


def _bare_year(match: re.Match[str]) -> Calendar | None:
    text, start, end = match.string, match.start("year"), match.end("year")
    before, part = text[max(0, start - 25) : start], match["part"]
    if _PREFIXED.search(before) and not before.endswith("mid-"):
        return None
    if _ROUND.match(text, start):
        return None
    led = bool(part) or bool(_YEAR_PREPOSITION.search(before))
    if int(match["year"]) in _OUR_TIME and not _COUNTS.match(text, end):
        led = led or bool(_WEAK_YEAR_PREPOSITION.search(before))
    of_noun = _YEAR_OF_NOUN.search(before) and _NOUN.match(text, end)
    begins = not before.strip() and _BEGINS.match(text, end)
    if not (led or of_noun or begins):
        return None
    return Calendar(year=match["year"], part=_part(part or ""))


def _years(match: re.Match[str]) -> Interval | None:
    first, last = match["first"], match["last"]
    if _PREFIXED.search(match.string, max(0, match.start() - 5), match.start()):
        return None
    last = last if len(last) == 4 else first[:2] + last
    if not 0 < int(last) - int(first) < 100:
        return None
    return Interval(Calendar(year=first), Calendar(year=last))


def _iso(match: re.Match[str]) -> Calendar:
    return Calendar(match["day"], match["month"], match["year"])


def _figures(match: re.Match[str]) -> Figures | None:
    """With stops, as in a version, only if one of the numbers can be no month."""
    first, second = int(match["first"]), int(match["second"])
    if not (0 < min(first, second) <= 12 and 0 < max(first, second) <= 31):
        return None
    if match["mark"] == "." and max(first, second) <= 12:
        return None
    return Figures(first, second, int(match["year"]))


def _weekday(match: re.Match[str]) -> Weekday | None:
    if _is_name(match, match.start("name"), match.end("name")):
        return None
    which = (match["which"] or "").lower().split()
    week = _SHIFTS[match["week"].lower()] if match["week"] else None
    return Weekday(match["name"].lower(), which[-1] if which else "", week)


def _day(match: re.Match[str]) -> Day | None:
    phrase = match["phrase"]
    before = match.string[max(0, match.start() - 20) : match.start()]
    if phrase[0].isupper() and before.strip() and before.rstrip()[-1] not in "“\"'‘.:;!?(—–-":
        return None
    if phrase.lower() == "today" and (
        _NOWADAYS.match(match.string, match.end("phrase")) or _EVEN.search(before)
    ):
        return None
    return Day(" ".join(phrase.lower().split()))


_EVEN = re.compile(r"\b(?:even|still|until|of|like) $", re.IGNORECASE)
_NOWADAYS = re.compile(
    r" still\b|(?:['’]s)? (?:[a-z]+ )?(?:world|society|generation|economy|standards?|youth|politics"
    r"|culture|market|age|era|climate|environment|America|media|technology|money|dollars)\b"
)


def _ago(match: re.Match[str]) -> Ago:
    phrase = f"{match['number']} {match['unit']}s ago".lower()
    is_round = bool(_ROUND_NUMBER.fullmatch(match["number"]))
    is_vague = is_round or bool(match["hedge"] or match["half"])
    return Ago(phrase, match["unit"].lower(), is_vague)


_ROUND_NUMBER = re.compile(r"[5-9]0|\d+\d0|(?:fif|six|seven|eigh|nine)ty", re.IGNORECASE)


def _period(match: re.Match[str]) -> Period | Calendar | None:
    which, unit = match["which"].lower().split()[-1], match["unit"].lower()
    before = match.string[max(0, match.start() - 5) : match.start()].lower()
    if before.endswith(" the ") or before == "the ":
        return None
    if unit == "fall" and _FALL_IS_VERB.match(match.string, match.end()):
        return None
    return Period(unit, _SHIFTS[which], _part(match["part"] or ""))


_FALL_IS_VERB = re.compile(r" (?:of|from|in|short|apart|back)\b")


def _named_month(match: re.Match[str]) -> Period | None:
    month = match["month"]
    if not month[0].isupper() and month.lower() not in _SMALL_MONTHS:
        return None
    which = match["which"].lower().split()[-1]
    return Period(month.rstrip(".").lower(), _SHIFTS[which], _part(match["part"] or ""))


def _weekend(match: re.Match[str]) -> Period:
    return Period("weekend", None)


def _stretch(match: re.Match[str]) -> Stretch | None:
    """*The past two weeks*, *the past year*; with *next* only in ... (else it may be any span)."""
    number, unit, which = match["number"], match["unit"].lower(), match["which"].lower()
    is_plural = match["plural"] is not None
    ahead = which in ("next", "coming")
    if _GOES_ON.match(match.string, match.end()) or (number is None and is_plural):
        return None
    if number is None and (unit == "day" or which in ("next", "previous")):
        return None
    before = match.string[max(0, match.start() - 7) : match.start()].lower()
    if ahead and not before.endswith((" in ", "over ", "within ", "during ")):
        return None
    return Stretch((number or "one").lower(), unit, 1 if ahead else -1)


_GOES_ON = re.compile(r" (?:of|and a half)\b")


def _season(match: re.Match[str]) -> Season:
    return Season(match["name"].lower(), match["year"] or "")


def _quarter(match: re.Match[str]) -> Quarter:
    ordinals = {"first": 1, "second": 2, "third": 3, "fourth": 4}
    number = match["ordinal"] or match["short"]
    shift = _SHIFTS[match["which"].lower()] if match["which"] else None
    return Quarter(ordinals.get(number.lower()) or int(number[-1]), match["year"] or "", shift)


def _decade(match: re.Match[str]) -> Decade | None:
    before = match.string[max(0, match.start() - 6) : match.start()]
    if _PREFIXED.search(before):
        return None
    return Decade(match["year"].strip("'’‘s"), _part(match["part"] or ""))


def _anaphor(match: re.Match[str]) -> Anaphor | None:
    which, unit = match["which"].lower(), match["unit"].lower()
    shift = {"same": 0, "that": 0, "previous": -1, "preceding": -1}.get(which, 1)
    if which == "next" and unit in ("week", "month", "year"):
        return None
    return Anaphor(unit, shift)


def _later(match: re.Match[str]) -> Anaphor:
    sign = 1 if match["sign"].lower() == "later" else -1
    return Anaphor(match["unit"].lower(), sign, match["number"].lower())


_PATTERNS: list[tuple[str, Callable[[re.Match[str]], Meaning | None]]] = [
    # 2024-10-28; 10/28/2024; 28.10.2024
    (r"(?P<year>(?:1[5-9]|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-2]\d|3[01])(?![\w-])", _iso),
    (
        r"(?<![\d/.-])(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)"
        r"(?P<year>(?:19|20)\d\d)(?![\w/]|[.,]\d)",
        _figures,
    ),
    # 3 and 5 May 2024; Oct. 21-23
    (
        rf"(?P<first>{_DAY}){_TO}(?P<day>{_DAY}) (?:of )?(?P<month>{_M})(?:,? (?P<year>{_YEAR}))?",
        _days,
    ),
    (
        rf"(?P<month>{_M}) (?P<first>(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?){_TO}"
        rf"(?P<day>{_DAY}){_NOT_COUNTED}(?:,? (?P<year>{_YEAR}))?",
        _days,
    ),
    # Monday, 28 October 2024; 28th of October; Oct. 28, 2024
    (
        rf"(?P<weekday>{_WEEKDAY_WITH})?(?P<day>{_DAY}) (?:of )?(?P<month>{_M})"
        rf"(?:,? (?P<year>{_YEAR}))?{_TIME}{_OF_YEAR}",
        _calendar,
    ),
    (
        rf"(?P<weekday>{_WEEKDAY_WITH})?(?P<month>{_M}) (?:the )?(?P<day>{_DAY}){_NOT_COUNTED}"
        rf"(?:,? (?P<year>{_YEAR}))?{_TIME}{_OF_YEAR}",
        _calendar,
    ),
    # late October 2024; October of 2024
    (rf"(?P<part>{_PART})?(?P<month>{_M}),? (?:of )?(?P<year>{_YEAR})", _calendar),
    (rf"(?P<part>{_PART})?(?P<month>{_MONTHS_IN_FULL}){_OF_YEAR}", _bare_month),
    # 2012-2016; 2015/16
    (r"(?P<first>(?:1[5-9]|20)\d\d)[-–/](?P<last>(?:1[5-9]|20)?\d\d)(?![\w%]|[-.,/]\d)", _years),
    (rf"(?P<part>{_PART})?(?P<year>{_YEAR})", _bare_year),
    # late on Monday night; last Wednesday
    (
        rf"(?:(?:early|late|earlier|later) (?:on )?)?"
        rf"(?:(?P<which>last|this past|this|next|this coming) )?(?P<name>{WEEKDAY}){_TIME}"
        r"(?: (?:of )?(?P<week>last|this|next) week(?!['’]))?",
        _weekday,
    ),
    (
        r"(?P<phrase>the day before yesterday|the day after tomorrow|yesterday|today|tomorrow"
        r"|tonight|last night|this morning|this afternoon|this evening"
        rf"|(?<=earlier )today|(?<=later )today){_TIME}",
        _day,
    ),
    (
        rf"(?:(?P<hedge>{_HEDGE}) )?(?<![\w.,$-])(?P<number>{_NUMBER})"
        rf"(?P<half> and a half|-and-a-half)? (?P<unit>{_UNIT})s? ago",
        _ago,
    ),
    (
        rf"(?P<part>{_PART})?"
        rf"(?P<which>this past|this coming|last|this|next) (?P<unit>{_PERIOD})",
        _period,
    ),
    (
        rf"(?P<part>{_PART})?(?P<which>this past|this coming|last|this|next) "
        rf"(?P<month>{_MONTHS_IN_FULL})",
        _named_month,
    ),
    (
        r"(?<=over )the weekend|(?<=at )the weekend|(?<=during )the weekend|(?<=on )the weekend"
        r"|(?<=of )the weekend",
        _weekend,
    ),
    (
        rf"the (?P<which>past|last|next|coming|previous) (?:(?P<number>{_NUMBER}) )?"
        rf"(?P<unit>{_UNIT})(?P<plural>s)?",
        _stretch,
    ),
    (
        rf"(?:the )?(?P<part>{_PART})?(?P<name>spring|summer|fall|autumn|winter),? (?:of )?"
        rf"(?P<year>{_YEAR})",
        _season,
    ),
    (
        rf"(?:the )?(?:(?P<ordinal>first|second|third|fourth)[- ]quarter|(?P<short>Q[1-4]))"
        rf"(?: of|,)? (?:(?P<year>{_YEAR})|(?P<which>last|this|next) year)",
        _quarter,
    ),
    (r"(?:the )?(?P<part>(?:early|mid|late)[- ])?(?P<year>(?:1[5-9]|20)\d0['’]?s)", _decade),
    (r"the (?P<part>(?:early|mid|late)[- ])?(?P<year>['’‘]\d0s)", _decade),
    (
        rf"the (?P<which>same|following|next|previous|preceding) (?P<unit>day|night|morning"
        rf"|afternoon|evening|week|month|year|{WEEKDAY})(?! (?:of|after|before|that|as)\b)",
        _anaphor,
    ),
    (
        r"(?P<which>that)(?: same)? (?P<unit>day|night|morning|afternoon|evening|week|month|year)"
        r"(?! (?:of|that|when|where|in)\b)",
        _anaphor,
    ),
    (rf"(?P<number>{_NUMBER}) (?P<unit>day|week|month|year)s? (?P<sign>later|earlier)", _later),
]

_RULES = [
    _Rule(re.compile(rf"(?<![\w@#])(?:{pattern})(?!\w)", re.IGNORECASE), read)
    for pattern, read in _PATTERNS
]

_MAY_HOLD_DATE = re.compile(
    r"\d|yesterday|tomorrow|today|tonight|\bago\b|\b(?:last|this|next|past|same|that|following"
    r"|previous|preceding|coming|later|earlier|weekend)\b"
    rf"|{WEEKDAY}|{_MONTHS_IN_FULL}",
    re.IGNORECASE,
)
