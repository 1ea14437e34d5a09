"""Whether one of two statements denies what the other affirms, and by which words.

A wrong alarm says of a report that it turns an utterance into its opposite: so a conflict is found
only where what one denies stands undenied in the other, and nothing else may explain it.
"""

from __future__ import annotations

import re
from csv import DictReader
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nbhelpers.retelling.likeness import ALIKE, Meanings
from nbhelpers.retelling.statements import Statement, Word
from nbhelpers.retelling.terms import terms_of
from nbhelpers.text import Span

_NEGATIONS = frozenset(
    "not no never neither nor cannot none nobody nothing without "
    "dont wont cant didnt doesnt isnt wasnt havent hasnt wouldnt couldnt arent".split()
)  # *dont*: the apostrophe is lost
_BEFORE_T = frozenset(  # the apostrophe stands as another mark: *don"t*
    "don won can didn doesn isn wasn weren wouldn couldn shouldn hasn haven aren".split()
)
# Who says that something is false or does not come about denies it in other words: where one of
# these stands, too much is said for a comparison of negations.
_IN_OTHER_WORDS = re.compile(
    "(?:fail|unwilling|unable|refus|declin|den(?:y|ie|ial)|lack|absen|error|wrong|fals|fake|hoax|"
    "untru|incorrect|inaccura|mistak|misle[ad]|misrepresent|prevent|avoid|hardly|barely|rarely|"
    "seldom|unless|except|instead|rather|anybody|anyone|whoever|careful|caution|warn|beware|reject|dismiss|neglect|omit|"
    "under-?report|under-?play)"
)
_LIMITS = frozenset(  # words that may carry the difference where only one of the two has them
    "off out than least most less fewer only whether asked".split()
)
_NO_STATEMENTS = frozenset({"asks", "demands", "wants"})  # what is wanted is not said to be so
_NO_NEGATION = frozenset(  # after *not* or *no*
    "only just merely simply least more less fewer later doubt question matter wonder "
    "necessarily surprise".split()
)
_ENDS = frozenset(  # what a negation does not reach over
    "that whether if because but although though while unless when where who which whom what and "
    "of on to for in about by with from at into over against until before after as than".split()
)
_LIGHT = (
    "impose introduce make have face take put set give do get place go going have "
    "want plan intend any yet longer ever even let always just so see look think know"
)
_SHORTEST = 3  # letters before which *un* is no prefix (*union*)
_REACH = 3  # telling words
_NEAR = 2  # telling words on either side of an opposite, one of which both must share
_OPEN = frozenset({"whether", "if", "t"})


@dataclass(frozen=True, slots=True)
class Denial:
    """A negation with the terms that it denies, and the stretch of text from it to the last."""

    terms: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where each of two statements carries its polarity."""

    span: Span
    other: Span


def conflict(one: Statement, two: Statement, meanings: Meanings) -> Conflict | None:
    """Return where one statement affirms what the other denies, None where neither does.

    Args:
        one: a statement.
        two: another, which is known to report the same utterance but for its polarity.
        meanings: which terms mean something alike.
    """
    if _is_open(one) or _is_open(two) or _limits(one) != _limits(two):
        return None
    said = {one.act, two.act}
    if said & _NO_STATEMENTS or ("denies" in said and len(said) > 1):
        return None  # a claim and its denial are two utterances
    found = _opposites(one, two) or _denied(one, two, meanings)
    if found:
        return found
    found = _denied(two, one, meanings)
    return Conflict(found.other, found.span) if found else None


def _is_open(statement: Statement) -> bool:
    """Neither affirmed nor denied: a question, what begins with *whether*, *if*, or amid a word."""
    return statement.is_question or statement.words[0].form in _OPEN


def _limits(statement: Statement) -> frozenset[str]:
    return _LIMITS.intersection(word.form for word in statement.words)


def denials(statement: Statement) -> list[Denial]:
    """Return what a statement denies."""
    words = statement.words
    found = [_reach(words, place) for place in range(len(words)) if _negates(words, place)]
    return [denial for denial in found if denial.terms]


def _negates(words: tuple[Word, ...], place: int) -> bool:
    form = words[place].form
    following = words[place + 1].form if place + 1 < len(words) else ""
    if form in ("not", "no") and following in _NO_NEGATION:
        return False
    if form == "t":
        return place > 0 and words[place - 1].form in _BEFORE_T
    return form in _NEGATIONS or form.endswith("n't") or form.startswith(("not-", "non-"))


def _reach(words: tuple[Word, ...], place: int) -> Denial:
    """What the negation at a place denies: the telling words after it, to the phrase's end."""
    terms = [term for term in words[place].terms if words[place].form.startswith("not-")]
    end = words[place].end
    for word in words[place + 1 :]:
        if (terms and word.form in _ENDS) or word.begins_clause or len(terms) >= _REACH:
            break
        telling = [term for term in word.terms if term not in _light()]
        terms += telling
        if telling:
            end = word.end
    return Denial(tuple(terms), (words[place].start, end))


def _says_otherwise(statement: Statement, *but: Word) -> bool:
    """It has a word, some words aside, that may deny without a negation."""
    return any(_IN_OTHER_WORDS.match(word.form) for word in statement.words if word not in but)


def _denied(one: Statement, two: Statement, meanings: Meanings) -> Conflict | None:
    """The first denial of one statement whose words stand undenied in the other.

    The other must deny nothing at all, for that may be the same denial in other words.
    """
    if _says_otherwise(one) or _says_otherwise(two) or _denies_at_all(two):
        return None
    for denial in denials(one):
        known = [_counterpart(term, two, one, meanings) for term in denial.terms]
        met = frozenset(term for term in known if term)
        is_met = known[0] is not None and 3 * len(met) >= 2 * len(denial.terms)
        if not met & one.distinct or any(one.terms.count(term) > 1 for term in denial.terms):
            continue  # *a hard line, not a soft line*
        if is_met and _is_shared(_around(one, denial), two):
            return Conflict(denial.span, _stretch(two, met))
    return None


def _denies_at_all(statement: Statement) -> bool:
    return any(_negates(statement.words, place) for place in range(len(statement.words)))


def _around(statement: Statement, denial: Denial) -> list[str]:
    """The telling words before a denial and after it."""
    before = [t for w in statement.words if w.end <= denial.span[0] for t in w.terms]
    after = [t for w in statement.words if w.start >= denial.span[1] for t in w.terms]
    return before[-_NEAR:] + after[:_NEAR]


def _is_shared(terms: list[str], other: Statement) -> bool:
    """Whether half of some terms or more stand in another statement; none need not."""
    return 2 * sum(term in other.distinct for term in terms) >= len(terms)


def _counterpart(
    term: str, statement: Statement, other: Statement, meanings: Meanings
) -> str | None:
    """The term of a statement that stands for another's term."""
    if term in statement.distinct:
        return term
    rest = sorted(statement.distinct - other.distinct)
    if not rest:
        return None
    like = meanings.between([term], rest)[0]
    best = int(like.argmax())
    return rest[best] if like[best] >= ALIKE else None


def _stretch(statement: Statement, terms: frozenset[str]) -> Span:
    """The shortest of the places where terms stand: from the first to the last, if near."""
    places = [word for word in statement.words if terms & set(word.terms)]
    first = places[0]
    last = max((w for w in places if w.end - first.start <= 60), key=lambda w: w.end)
    return first.start, last.end


def _opposites(one: Statement, two: Statement) -> Conflict | None:
    """Two words of opposite meaning in the same surroundings, where neither statement denies."""
    if _denies_at_all(one) or _denies_at_all(two):
        return None
    others = {term: word for word in two.words for term in word.terms}
    for word in one.words:
        for opposite in _opposites_of(word):
            if opposite not in others or opposite in one.distinct:
                continue
            its = others[opposite]
            is_alone = not (set(word.terms) & two.distinct)
            is_alone &= not (_says_otherwise(one, word) or _says_otherwise(two, its))
            if is_alone and _surroundings(one, word) & _surroundings(two, its):
                return Conflict((word.start, word.end), (its.start, its.end))
    return None


def _opposites_of(word: Word) -> list[str]:
    """The opposites of a word: those listed, and itself with or without *un*."""
    found: set[str] = set()
    for term in word.terms:
        found |= opposites().get(term, frozenset()) | {f"un{term}"}
        if term.startswith("un") and len(term) >= _SHORTEST + 2:
            found.add(term[2:])
    return sorted(found)


def _surroundings(statement: Statement, word: Word) -> set[str]:
    telling = [w for w in statement.words if w.terms]
    place = telling.index(word)
    near = telling[max(0, place - _NEAR) : place] + telling[place + 1 : place + 1 + _NEAR]
    return {term for w in near for term in w.terms}


@cache
def _light() -> frozenset[str]:
    return frozenset(term for word in _LIGHT.split() for term in terms_of(word))


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Return the opposites of each term that ``data/opposites.tsv`` knows, both ways."""
    lines = (files("nbhelpers") / "data" / "opposites.tsv").read_text("utf-8").splitlines()
    found: dict[str, set[str]] = {}
    for row in DictReader(lines, delimiter="\t"):
        for opposite in row["opposite"].split():
            for one, two in ((row["word"], opposite), (opposite, row["word"])):
                found.setdefault(terms_of(one)[0], set()).update(terms_of(two))
    return {term: frozenset(of_term) for term, of_term in found.items()}
