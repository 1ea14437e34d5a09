"""How well quantities are found, what they count and who claims them, from text to table.

Takes `claims.jsonl` beside this file (the quantities of the seeds and of 80 articles, read by hand:
places, values, what is counted, who claims it; no texts), the texts of PolNeAR's development set
and the news articles that the benchmarks share. Of an article the part that was read counts
(`read_to`); quantities on which readers may differ (`optional`) count neither way.

A claim is right if its number overlaps the annotated one and has the same value; *bounds* are right
if *at least* and the like leave the same side open. What is counted is right if noun and modifiers
agree, articles aside, and one may be longer. Half of the articles were looked at while the rules
were written; the others, `held out`, were annotated before, and nobody looked at their errors.

    .venv/bin/python benchmarks/claims.py POLNEAR_DEV.jsonl [--errors development]
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

from speakers import read_articles, read_polnear, words

from nbhelpers.claims import claims
from nbhelpers.corpus import Corpus, Document, load_corpus

GOLD = Path(__file__).with_name("claims.jsonl")
SEEDS = Path(__file__).parents[1] / "seeds"
TIMED = 500  # articles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("polnear", type=Path)
    parser.add_argument("--errors", help="the set whose errors are listed")
    given = parser.parse_args()
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    texts = read_polnear(given.polnear) | read_articles() | read_seeds()
    documents = {(r["origin"], r["doc_id"]): r for r in gold if "read_to" in r}
    wanted = defaultdict(list)
    for row in gold:
        if "value" in row:
            wanted[row["origin"], row["doc_id"]].append(row)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for key, document in documents.items():
        text = texts[key]
        found = compare(text, wanted[key], document["read_to"])
        for origin in (key[0], "all"):
            for outcome, _ in found:
                counts[document["set"], origin][outcome] += 1
        if given.errors == document["set"]:
            print_errors(text, key, found)
    print_counts(counts)
    print_speed([text for key, text in sorted(texts.items()) if key[0] == "news"][:TIMED])


def read_seeds() -> dict[tuple[str, str], str]:
    return {("seeds", document.doc_id): document.text for document in load_corpus(SEEDS)}


def compare(text: str, gold: list[dict], read_to: int) -> list[tuple[str, object]]:
    """What became of each annotated claim, and of each that was found, with their rows."""
    frame = claims(Corpus([Document("text", text, "text")]))
    frame = frame[frame["number_start"] < read_to]
    outcomes: list[tuple[str, object]] = []
    left = {row.claim_id: row for row in frame.itertuples()}
    for row in gold:
        near = [c for c in left.values() if c.number_start < row["end"] and row["start"] < c.end]
        near = [c for c in near if c.number_end > row["start"]]
        if row.get("optional"):
            for claim in near:
                del left[claim.claim_id]
            continue
        right = [claim for claim in near if has_value(claim, row["value"])]
        for claim in right[:1]:
            outcomes += [("found", (row, claim)), *judged(row, claim)]
            del left[claim.claim_id]
        if not right:
            outcomes.append(("missed", (row, near)))
    return outcomes + [("invented", claim) for claim in left.values()]


def has_value(claim, values: list[str]) -> bool:
    said = {bound for bound in (claim.low, claim.high) if not math.isnan(bound)}
    return any(
        {round(b, 3) for b in said} == {round(b, 3) for b in numbers(value)} for value in values
    )


def numbers(value: str) -> set[float]:
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", value)}


def judged(row: dict, claim) -> list[tuple[str, object]]:
    verdicts = {"bounds": any(bounds(value) == sides(claim) for value in row["value"])}
    if row["counted"] != ["?"]:
        verdicts["counted"] = is_counted(claim.counted, row["counted"])
    verdicts["claimant"] = is_claimant(claim.claimant, row["claimant"])
    return [(f"{name} {'right' if v else 'wrong'}", (row, claim)) for name, v in verdicts.items()]


def bounds(value: str) -> tuple[bool, bool]:
    """Which sides of an annotated value are closed."""
    return not value.startswith("<="), not value.startswith(">=")


def sides(claim) -> tuple[bool, bool]:
    return not math.isnan(claim.low), not math.isnan(claim.high)


def is_counted(said, forms: list[str] | None) -> bool:
    if forms is None or not isinstance(said, str):
        return (forms is None) == (not isinstance(said, str))
    return any(
        set(words(form)) <= set(words(said)) or set(words(said)) <= set(words(form))
        for form in forms
    )


def is_claimant(said, names: list[str]) -> bool:
    if not isinstance(said, str):
        return False
    mine = set(words(said))
    return any(mine <= set(words(name)) or set(words(name)) <= mine for name in names)


def print_errors(text: str, key: tuple[str, str], found: list[tuple[str, object]]) -> None:
    for outcome, row in found:
        if outcome in ("found", "bounds right", "counted right", "claimant right"):
            continue
        if outcome == "invented":
            place, rest = (row.start, row.end), (row.low, row.high, row.unit, row.counted)
        else:
            place = row[0]["start"], row[0]["end"]
            said = row[1] if outcome == "missed" else (row[1].counted, row[1].claimant)
            rest = (row[0]["value"], row[0]["counted"], row[0]["claimant"], said)
        around = " ".join(text[max(0, place[0] - 60) : place[1] + 50].split())
        print(f"{outcome:15} {key[1][:12]} …{around}… {rest}")


def print_counts(counts: dict[tuple[str, str], Counter[str]]) -> None:
    print("| set | texts | claims | precision | recall | bounds | counted | claimant |")
    print("|---" * 8 + "|")
    for (set_, origin), of in sorted(counts.items()):
        total, found = of["found"] + of["missed"], of["found"] + of["invented"]
        shares = [ratio(of["found"], found), ratio(of["found"], total)]
        for name in ("bounds", "counted", "claimant"):
            right = of[f"{name} right"]
            shares.append(ratio(right, right + of[f"{name} wrong"]))
        print(f"| {set_} | {origin} | {total} | {' | '.join(shares)} |")


def ratio(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def print_speed(texts: list[str]) -> None:
    began = time.process_time()
    found = claims(Corpus(Document(f"{n:06}", text, "news") for n, text in enumerate(texts)))
    spent = time.process_time() - began
    print(f"{len(texts)} articles, {len(found)} claims: {len(texts) / spent:.1f} a CPU second")


if __name__ == "__main__":
    main()
