"""How many quotations get the right speaker's name, from text to table.

Takes `speakers.jsonl` beside this file (who says each of 913 quotations, read by hand; places and
names, no texts), the texts of PolNeAR's development set and the news articles that the benchmarks
share. A quotation is right if an attribution covers it and the `name` of its source is the fullest
name by which the text knows its speaker (middle names aside). Half of the texts were used while
the naming was built; the others, `held out`, were not looked at.

    .venv/bin/python benchmarks/speakers.py POLNEAR_DEV.jsonl
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from harness import news

from nbhelpers.attribution import attributions, spans
from nbhelpers.corpus import Corpus, Document
from nbhelpers.sources import sources

GOLD = Path(__file__).with_name("speakers.jsonl")
OUTCOMES = ("right", "wrong", "undecided", "no source", "not found")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("polnear", type=Path)
    given = parser.parse_args()
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    texts = read_polnear(given.polnear) | read_articles()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    wanted = defaultdict(list)
    for quotation in gold:
        wanted[quotation["origin"], quotation["doc_id"]].append(quotation)
    for key, quotations in wanted.items():
        for quotation, outcome in outcomes(texts[key], quotations):
            counts[quotation["origin"], quotation["set"]][outcome] += 1
            counts["all", quotation["set"]][outcome] += 1
    print_counts(counts)


def read_polnear(path: Path) -> dict[tuple[str, str], str]:
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return {("polnear", row["doc_id"]): row["text"] for row in rows}


def read_articles() -> dict[tuple[str, str], str]:
    csv.field_size_limit(10**9)
    rows = csv.DictReader(io.StringIO(news().read_text("utf-8")))
    return {("news", row["article_id"]): row["text"] for row in rows}


def outcomes(text: str, quotations: list[dict]) -> list[tuple[dict, str]]:
    """What became of each quotation of a text that is somebody's words."""
    corpus = Corpus([Document("text", text, "text")])
    frame, stretches = attributions(corpus), spans(corpus)
    names = dict(sources(corpus)[["source_id", "name"]].values)
    contents = stretches[stretches["role"] == "content"]
    told = frame.set_index("attribution_id")
    carriers = set(frame["reported_via"].dropna())
    undecided = set(sources(corpus).query("anonymous.isna()")["source_id"])
    found = []
    for quotation in quotations:
        if quotation["kind"] == "none":
            continue
        best = covering(contents, carriers, quotation["start"], quotation["end"])
        source = told["source_id"].get(best) if best else None
        if best is None:
            outcome = "not found"
        elif source not in names:
            outcome = "no source"
        elif is_right(names[source], quotation):
            outcome = "right"
        else:
            outcome = "undecided" if source in undecided else "wrong"
        found.append((quotation, outcome))
    return found


def covering(contents, carriers: set[str], start: int, end: int) -> str | None:
    """The attribution with most of a quotation, the first source rather than its carrier."""
    shared: Counter[str] = Counter()
    for row in contents.itertuples():
        shared[row.attribution_id] += max(0, min(end, row.end) - max(start, row.start))
    half = (end - start) / 2

    def fit(name: str) -> tuple[bool, bool, int]:
        return shared[name] >= half, name not in carriers, shared[name]

    return max((name for name in shared if shared[name]), key=fit, default=None)


def is_right(name: str, quotation: dict) -> bool:
    said = words(name)
    forms = [words(form) for form in quotation["names"]]
    if quotation["kind"] == "unnamed":
        return any(set(said) <= set(form) or set(form) <= set(said) for form in forms)
    ends = [(form[0], form[-1]) for form in forms if len(form) > 1]
    if len(said) > 1 and (said[0], said[-1]) in ends:
        return True
    return said == forms[0] or (said in forms and (len(said) > 1 or len(forms[0]) == 1))


def words(name: str) -> list[str]:
    """A name's words in lower case, without accents, marks and article."""
    parts = unicodedata.normalize("NFKD", name.replace("-", " "))
    plain = "".join(c for c in parts if not unicodedata.combining(c)).lower()
    return re.sub(r"[^\w ]", "", re.sub(r"^(the|an?) ", "", plain)).split()


def print_counts(counts: dict[tuple[str, str], Counter[str]]) -> None:
    print(f"| texts | set | quotations | {' | '.join(OUTCOMES)} | right, % |")
    print("|---" * (len(OUTCOMES) + 4) + "|")
    for (origin, set_), of_row in sorted(counts.items(), key=lambda item: item[0][::-1]):
        total = of_row.total()
        cells = " | ".join(str(of_row[outcome]) for outcome in OUTCOMES)
        share = 100 * of_row["right"] / total
        print(f"| {origin} | {set_} | {total} | {cells} | {share:.1f} |")


if __name__ == "__main__":
    main()
