"""How many reports of one utterance are found in other texts, and how many reversals of it.

Takes `utterances.jsonl` beside this file (pairs of places in news articles, read by hand: one
utterance or different ones; no texts) and the articles that the benchmarks share. Prints precision,
recall and F1 of the pairs, from text to table, beside two plain baselines that are given the
statements and a threshold chosen on the development half. Then the same for generated pairs, in
which a true statement was negated, shortened, reworded, or turned around by rules: who is said to
contradict whom, beside a baseline that compares the number of negations.

    .venv/bin/python benchmarks/utterances.py
"""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from harness import news
from rapidfuzz import fuzz

from nbhelpers.attribution import attributions
from nbhelpers.cleaning import damage
from nbhelpers.corpus import Corpus, Document
from nbhelpers.extraction.models import FAST
from nbhelpers.retelling.statements import statements
from nbhelpers.sources import sources
from nbhelpers.text import word_spans
from nbhelpers.training.retelling import articles, corpus_of, read
from nbhelpers.utterances import utterances

GOLD = Path(__file__).with_name("utterances.jsonl")
SETS = ("development", "held out")
PER_RULE = 60  # generated pairs of each kind
NEGATION = re.compile(r"\b(?:not|no|never|nor|neither|cannot|without)\b|n['’]t\b", re.IGNORECASE)
AUXILIARY = re.compile(r" (will|would|could|can|should|is|are|was|were|has|have) (?!been not|not )")
SYNONYMS = dict(
    pair.split("/")
    for pair in "troops/soldiers soldiers/troops talks/negotiations weapons/arms "
    "officials/authorities "
    "deal/agreement attack/assault help/assist begin/start big/large people/persons also/too "
    "important/significant plan/scheme near/close many/numerous show/demonstrate country/nation "
    "meeting/session build/construct work/labour police/officers children/kids buy/purchase "
    "protect/defend problem/issue law/legislation get/obtain use/employ need/require".split()
)


def main() -> None:
    gold, texts = read(GOLD), articles(news())
    print("| pairs | system | precision | recall | F1 |\n|---|---|---|---|---|")
    thresholds: dict[str, float] = {}
    for name in SETS:
        rows = [row for row in gold if row["set"] == name]
        corpus = corpus_of(rows, texts)
        same = np.array([row["label"] == "same" for row in rows])
        print_score(name, "nbhelpers", found_pairs(corpus, rows), same)
        for system, score in baselines(corpus, rows).items():
            if system not in thresholds:
                thresholds[system] = best_threshold(score, same)
            print_score(name, system, score >= thresholds[system], same)
    rows = [row for row in gold if row["set"] == "held out"]
    print_generated(corpus_of(rows, texts))


def found_pairs(corpus: Corpus, rows: list[dict]) -> np.ndarray:
    """Which annotated pairs the table has."""
    attributions(corpus), sources(corpus), damage(corpus)
    begun = time.process_time()
    frame = utterances(corpus)
    seconds = time.process_time() - begun
    print(f"<!-- {len(corpus)} articles, {seconds:.1f} CPU seconds after attribution -->")
    places = defaultdict(list)
    for row in frame.itertuples():
        one = row.doc_id, (row.start, row.end)
        two = row.other_doc_id, (row.other_start, row.other_end)
        places[one[0], two[0]].append((one[1], two[1]))
        places[two[0], one[0]].append((two[1], one[1]))
    return np.array(
        [
            any(
                overlap(a, row["spans"]) and overlap(b, row["other_spans"])
                for a, b in places[row["doc_id"], row["other_doc_id"]]
            )
            for row in rows
        ]
    )


def overlap(span: tuple[int, int], spans: list[list[int]]) -> bool:
    """Whether a place covers half of an annotated one, or the other way about."""
    start, end = spans[0][0], spans[-1][1]
    both = min(span[1], end) - max(span[0], start)
    return 2 * both >= min(span[1] - span[0], end - start)


def baselines(corpus: Corpus, rows: list[dict]) -> dict[str, np.ndarray]:
    """The scores of plain measures on the annotated statements themselves."""
    pairs = [
        [
            " ".join(corpus.text(row[f"{side}doc_id"])[a:b] for a, b in row[f"{side}spans"])
            for side in ("", "other_")
        ]
        for row in rows
    ]
    tokens = [token_set(one, two) for one, two in pairs]
    return {"rapidfuzz token_set_ratio": np.array(tokens), "TF-IDF cosine": tf_idf(corpus, pairs)}


def token_set(one: str, two: str) -> float:
    return fuzz.token_set_ratio(one.lower(), two.lower()) / 100


def tf_idf(corpus: Corpus, pairs: list[list[str]]) -> np.ndarray:
    """Cosines of words weighted by the logarithm of how many texts have them."""
    having = Counter(chain.from_iterable(set(words(d.text)) for d in corpus))

    def vector(text: str) -> dict[str, float]:
        return {
            word: (1 + np.log(n)) * np.log(len(corpus) / having.get(word, 1))
            for word, n in Counter(words(text)).items()
        }

    def cosine(one: dict[str, float], two: dict[str, float]) -> float:
        size = np.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in two.values()))
        return sum(v * two.get(k, 0) for k, v in one.items()) / max(size, 1e-9)

    return np.array([cosine(vector(one), vector(two)) for one, two in pairs])


def words(text: str) -> list[str]:
    return [text[a:b].lower() for a, b in word_spans(text)]


def best_threshold(score: np.ndarray, same: np.ndarray) -> float:
    return max(np.unique(score).tolist(), key=lambda t: scores(score >= t, same)[2])


def scores(found: np.ndarray, wanted: np.ndarray) -> tuple[float, float, float]:
    right = (found & wanted).sum()
    precision, recall = right / max(1, found.sum()), right / max(1, wanted.sum())
    return precision, recall, 2 * right / max(1, found.sum() + wanted.sum())


def print_score(name: str, system: str, found: np.ndarray, wanted: np.ndarray) -> None:
    cells = " | ".join(f"{100 * value:.1f}" for value in scores(found, wanted))
    print(f"| {name}, {wanted.sum()} of {len(wanted)} | {system} | {cells} |")


# --- generated pairs


def print_generated(corpus: Corpus) -> None:
    """Turn true statements by rules; a conflict is right where the rule reversed the meaning."""
    cases = list(generated(corpus))
    documents = []
    for number, (_, text, turned) in enumerate(cases):
        speaker = f"Ann {surname(number)}"
        for side, content in (("a", text), ("b", turned)):
            line = f"{speaker} said that {content}."
            documents.append(Document(f"{number:04}{side}", line, f"{number}{side}"))
    frame = utterances(Corpus(documents))
    frame = frame[frame["doc_id"].str[:4] == frame["other_doc_id"].str[:4]]
    verdict = dict(zip(frame["doc_id"].str[:4].astype(int), frame["verdict"], strict=True))
    by_rule = defaultdict(list)
    for number, (rule, *_) in enumerate(cases):
        by_rule[rule].append(verdict.get(number))
    print("\n| generated | pairs | found, % | called opposite, % | negation counts differ, % |")
    print("|---|---|---|---|---|")
    for rule, verdicts in by_rule.items():
        plain = [count_differs(a, b) for r, a, b in cases if r == rule]
        cells = [
            100 * np.mean([v is not None for v in verdicts]),
            100 * np.mean([v == "polarity_conflict" for v in verdicts]),
            100 * np.mean(plain),
        ]
        print(f"| {rule} | {len(verdicts)} | " + " | ".join(f"{c:.1f}" for c in cells) + " |")
    wanted = np.array([rule.startswith("negation") for rule, *_ in cases])
    print("\n| conflicts | precision | recall | F1 |\n|---|---|---|---|")
    ours = np.array([verdict.get(n) == "polarity_conflict" for n in range(len(cases))])
    plain = np.array([count_differs(a, b) for _, a, b in cases])
    for system, found in (("nbhelpers", ours), ("negation counts differ", plain)):
        print(f"| {system} | " + " | ".join(f"{100 * v:.1f}" for v in scores(found, wanted)) + " |")


def surname(number: int) -> str:
    """A name that no other number has: *Beda*, *Beka* ..."""
    letters = "bdfgklmnprstvz"
    first, second, third = number // 196 % 14, number // 14 % 14, number % 14
    return f"{letters[first]}e{letters[second]}a{letters[third]}o".title()


def count_differs(one: str, two: str) -> bool:
    return len(NEGATION.findall(one)) != len(NEGATION.findall(two))


def generated(corpus: Corpus) -> Iterator[tuple[str, str, str]]:
    """Rule, statement, and what the rule makes of it."""
    plain = list(dict.fromkeys(clauses(corpus)))
    for rule, turn in RULES.items():
        turned = ((rule, text, turn(text)) for text in plain)
        yield from [case for case in turned if case[2] and case[2] != case[1]][:PER_RULE]


def clauses(corpus: Corpus) -> Iterator[str]:
    """Attributed statements that can stand after *said that*."""
    for statement in statements(corpus, model=FAST):
        text = statement.content.removeprefix("that ")
        if (
            statement.attribution_id
            and 9 <= len(statement.words) <= 28
            and re.fullmatch(r"[A-Za-z][\w ,’'-]+[\w’']", text)
        ):
            yield text


def negated(text: str) -> str:
    if NEGATION.search(text):
        return ""
    return AUXILIARY.sub(lambda m: f" {m[1]} not ", text, count=1)


def affirmed(text: str) -> str:
    if len(NEGATION.findall(text)) != 1:
        return ""
    return re.sub(
        r"(?<= (?:is|as|re|ll|ld|ve|an)) not(?= )", "", re.sub(r" no (?=\w+s\b)", " ", text)
    )


def shortened(text: str) -> str:
    parts = text.split()
    return " ".join(parts[: max(6, round(0.6 * len(parts)))]).rstrip(",")


def with_synonyms(text: str) -> str:
    return re.sub(r"\b[a-z]+\b", lambda m: SYNONYMS.get(m[0], m[0]), text)


def turned_around(text: str) -> str:
    """*X if Y* to *if Y, X*."""
    found = re.fullmatch(r"(.{25,}?),? ((?:if|after|when|because|while|before) .{15,})", text)
    return f"{found[2]}, {found[1]}" if found else ""


def translated(text: str) -> str:
    """Possessives, articles and small words as a translation may set them."""
    text = re.sub(r"\b([A-Z]\w+)[’']s (\w+)", r"the \2 of \1", with_synonyms(text))
    for old, new in (
        ("would", "will"),
        ("had been", "was"),
        ("in order to", "to"),
        ("on", "about"),
    ):
        text = re.sub(rf"\b{old}\b", new, text)
    return re.sub(r"\b(?:a|an) ", "", text)


def passive(text: str) -> str:
    """*X will build Y* to *Y will be built by X*, for regular verbs."""
    found = re.fullmatch(
        r"(.{3,40}?) (will|would|could|should|can) (\w+[^e\Ws])(e?) ((?:the|its|their|his|her|all)"
        r" .+)",
        text,
    )
    if not found or NEGATION.search(text):
        return ""
    agent, auxiliary, verb, e, patient = found.groups()
    return f"{patient} {auxiliary} be {verb}{e or 'e'}d by {agent}"


RULES: dict[str, Callable[[str], str]] = {
    "negation inserted": negated,
    "negation removed": affirmed,
    "shortened": shortened,
    "synonyms": with_synonyms,
    "clauses turned around": turned_around,
    "like a translation": translated,
    "passive": passive,
}


if __name__ == "__main__":
    main()
