"""Make ``models/word_classes.tsv``: the parts of speech with which each word form was seen.

Usage: ``python -m nbhelpers.training.word_classes --data FOLDER``, where the folder holds
``train.jsonl`` and ``train.corenlp.jsonl.gz`` (PolNeAR and what CoreNLP said of its texts).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbhelpers.extraction.vocabulary import TABLE, ending

SHARE = 0.15  # of a form's occurrences that a part of speech needs to count as usual
CLASSES_AT_MOST = 3
SEEN_AT_LEAST = 3  # occurrences of a form, and texts that have it
ENDING_AT_LEAST = 20  # words with an ending


def main() -> None:
    """Read the tagged texts and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", type=Path, required=True, help="folder of the PolNeAR files")
    parser.add_argument("--out", type=Path, default=TABLE, help="the table to write")
    arguments = parser.parse_args()
    rows = word_classes(tagged_words(arguments.data))
    arguments.out.write_text("".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")


def tagged_words(data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the text, the word as it stands there, and its part of speech."""
    with (data / "train.jsonl").open(encoding="utf-8") as lines:
        texts = {row["doc_id"]: row["text"] for row in map(json.loads, lines)}
    with gzip.open(data / "train.corenlp.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text = texts[row["doc_id"]]
            for start, end, part_of_speech, *_ in row["tokens"]:
                yield row["doc_id"], text[start:end], part_of_speech


def word_classes(tagged: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return the usual parts of speech of each form, and of each ending (after a hyphen)."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    endings: dict[str, Counter[str]] = defaultdict(Counter)
    texts: dict[str, set[str]] = defaultdict(set)
    for doc_id, word, part_of_speech in tagged:
        if word[:1].isalnum():
            form = word.replace("’", "'")
            forms[form][part_of_speech] += 1
            texts[form].add(doc_id)
            if word.islower():
                endings[ending(form)][part_of_speech] += 1
    rows = [
        (form, _usual(seen))
        for form, seen in forms.items()
        if seen.total() >= SEEN_AT_LEAST and len(texts[form]) >= SEEN_AT_LEAST
    ]
    rows += [(e, _usual(seen)) for e, seen in endings.items() if seen.total() >= ENDING_AT_LEAST]
    return sorted(rows)


def _usual(seen: Counter[str]) -> str:
    common = sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:CLASSES_AT_MOST]
    return "|".join(sorted(name for name, n in common if n >= SHARE * seen.total()))


if __name__ == "__main__":
    main()
