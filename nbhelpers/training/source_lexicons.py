"""Make ``data/first_names.tsv``: given names, and whether women, men or both bear them.

Usage: ``python -m nbhelpers.training.source_lexicons``, with PyPI's ``names`` 0.3.0 (the lists of
the US census of 1990) and ``Faker`` 40.54.0 (lists of many countries) installed.
``given_names.txt`` beside this file holds the names that neither has, and the words to leave out.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from wordfreq import zipf_frequency

TABLE = Path(__file__).parents[1] / "data" / "first_names.tsv"
OWN = Path(__file__).with_name("given_names.txt")

GENDERS = {"f": "female", "m": "male"}
A_LIST = 0.01  # per cent of Americans that weigh as much as the list of a country
DECIDES = 20  # times as often a name must be the one for it not to be both
# Lists of Faker in Latin letters, without those that hold many names never or hardly borne.
COUNTRIES = """az_AZ cs_CZ da_DK de_AT de_DE de_LU en_GB en_IE en_IN en_KE en_NG en_NZ es_CA es_CL
    es_CO es_ES es_MX et_EE fi_FI fr_BE fr_CA fr_CH fr_DZ fr_FR ga_IE ha_NG hr_HR hu_HU id_ID ig_NG
    it_IT lv_LV nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI sv_SE sw tr_TR tw_GH uz_UZ
    yo_NG zu_ZA""".split()
# Per cent of Americans, or lists, that a name needs, by how usual the word is in English (Zipf).
USUAL_ENOUGH = ((0.03, 4, 9.0), (0.01, 4, 4.2), (0.003, 2, 3.5), (0.0001, 9, 2.6))


def main() -> None:
    """Read the lists and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--out", type=Path, default=TABLE, help="the table to write")
    arguments = parser.parse_args()
    rows = "".join(f"{name}\t{gender}\n" for name, gender in sorted(first_names().items()))
    arguments.out.write_text(f"name\tgender\n{rows}", encoding="utf-8")


def first_names() -> dict[str, str]:
    """Return the names, accents left out, with their genders."""
    own, left_out = _own()
    census, lists = _census(), _lists()
    found = {}
    for name in census.keys() | lists.keys():
        if name not in left_out and _is_usual(name, census[name].total(), lists[name].total()):
            found[name] = _gender(census[name], lists[name])
    return found | own


def _is_usual(name: str, share: float, lists: int) -> bool:
    zipf = zipf_frequency(name.lower(), "en")
    return any(
        zipf < below and (share >= least_share or lists >= least_lists)
        for least_share, least_lists, below in USUAL_ENOUGH
    )


def _gender(census: Counter[str], lists: Counter[str]) -> str:
    borne = {gender: census[gender] + A_LIST * lists[gender] for gender in GENDERS}
    for gender, other in (("f", "m"), ("m", "f")):
        if borne[gender] >= DECIDES * borne[other]:
            return gender
    return "u"


def _census() -> defaultdict[str, Counter[str]]:
    """Per cent of the women and men of the US who bear a name."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for gender, word in GENDERS.items():
        for line in (files("names") / f"dist.{word}.first").read_text("ascii").splitlines():
            name, share, *_ = line.split()
            found[name.capitalize()][gender] += float(share)  # type: ignore[assignment]
    return found


def _lists() -> defaultdict[str, Counter[str]]:
    """How many countries have a name in their lists of women and of men."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for country in COUNTRIES:
        provider = import_module(f"faker.providers.person.{country}").Provider
        for gender, word in GENDERS.items():
            names = vars(provider).get(f"first_names_{word}", ())
            for name in {plain(name) for name in names}:
                if name.isalpha() and name.istitle() and len(name) > 2:
                    found[name][gender] += 1
    return found


def _own() -> tuple[dict[str, str], set[str]]:
    """Names written for this package with their genders, and the words that are none here."""
    found, left_out = {}, set()
    for kind, words in _lines():
        if kind in ("f", "m", "u"):
            found.update(dict.fromkeys(map(plain, words), kind))
        else:
            left_out.update(words)
    return found, left_out


def _lines() -> Iterator[tuple[str, list[str]]]:
    for line in OWN.read_text(encoding="utf-8").splitlines():
        kind, _, words = line.partition(": ")
        yield kind, words.split()


def plain(name: str) -> str:
    """Return a name without its accents.

    >>> plain("José")
    'Jose'
    """
    parts = unicodedata.normalize("NFKD", name.strip())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


if __name__ == "__main__":
    main()
