"""The lexicons by which sources are named and classified: well formed, and without clashes."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import re2

from nbhelpers.lexicons import phrase_key
from nbhelpers.training.source_lexicons import plain

DATA = Path(__file__).parents[1] / "nbhelpers" / "data"

TYPES = {
    "government", "military", "intelligence", "international_organisation", "media", "expert",
    "lawmaker", "public", "document", "other",
}  # fmt: skip

COLUMNS = {
    "anonymity.tsv": ["phrase", "where"],
    "countries.tsv": ["country", "code", "aliases", "demonyms", "capital", "seats"],
    "first_names.tsv": ["name", "gender"],
    "institution_heads.tsv": ["word", "type", "position"],
    "institutions.tsv": ["name", "aliases", "type", "country"],
    "name_variants.tsv": ["form", "standard"],
    "roles.tsv": ["role", "plural", "short_for", "type", "title", "gender", "anonymous"],
}

ALLOWED = {
    ("anonymity.tsv", "where"): {"source", "sentence"},
    ("first_names.tsv", "gender"): {"f", "m", "u"},
    ("institution_heads.tsv", "type"): TYPES,
    ("institution_heads.tsv", "position"): {"last", "of"},
    ("institutions.tsv", "type"): TYPES,
    ("roles.tsv", "type"): TYPES | {""},
    ("roles.tsv", "title"): {"yes", "no"},
    ("roles.tsv", "gender"): {"f", "m", ""},
    ("roles.tsv", "anonymous"): {"yes", ""},
}


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def listed(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


def country_forms(row: dict[str, str]) -> list[str]:
    joined = [row[column] for column in ("aliases", "demonyms", "capital", "seats")]
    return [row["country"], *(form for cell in joined for form in listed(cell))]


def institution_forms(row: dict[str, str]) -> list[str]:
    return [row["name"], *listed(row["aliases"])]


def twice(words: list[str]) -> list[str]:
    return [word for word, count in Counter(words).items() if count > 1]


@pytest.mark.parametrize("file", COLUMNS)
def test_lines_are_sorted_and_have_every_cell(file: str) -> None:
    head, *lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    assert head.split("\t") == COLUMNS[file]
    assert lines == sorted(lines)
    assert {line.count("\t") for line in lines} == {len(COLUMNS[file]) - 1}
    cells = [cell for line in lines for cell in line.split("\t")]
    assert [cell for cell in cells if cell != cell.strip() or "  " in cell] == []


@pytest.mark.parametrize("file", COLUMNS)
def test_no_entry_is_there_twice(file: str) -> None:
    key = ("word", "position") if file == "institution_heads.tsv" else (COLUMNS[file][0],)
    keys = ["\t".join(row[column] for column in key) for row in rows(file)]
    assert twice(keys) == []
    assert "" not in keys


@pytest.mark.parametrize(("file", "column"), ALLOWED)
def test_values_are_those_that_the_code_knows(file: str, column: str) -> None:
    assert {row[column] for row in rows(file)} <= ALLOWED[file, column]


@pytest.mark.parametrize("file", COLUMNS)
def test_the_readme_describes_every_file(file: str) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert f"| `{file}` |" in readme
    assert f"## `{file}`" in readme


def test_a_form_names_one_country_or_one_institution() -> None:
    forms = [{phrase_key(form) for form in country_forms(row)} for row in rows("countries.tsv")]
    forms += [
        {phrase_key(form) for form in institution_forms(row)} for row in rows("institutions.tsv")
    ]
    assert twice([form for of_one in forms for form in of_one]) == []


def test_a_role_stands_for_a_role_that_is_listed() -> None:
    listed_roles = {row["role"]: row for row in rows("roles.tsv")}
    standards = {row["short_for"] for row in listed_roles.values()} - {""}
    assert standards <= set(listed_roles)
    assert [word for word in standards if listed_roles[word]["short_for"]] == []


def test_first_names_have_no_accents() -> None:
    names = [row["name"] for row in rows("first_names.tsv")]
    assert [name for name in names if plain(name) != name] == []


def test_institutions_stand_in_countries_that_are_listed() -> None:
    countries = {row["country"] for row in rows("countries.tsv")}
    assert {row["country"] for row in rows("institutions.tsv")} - countries == {""}


def test_variants_lead_to_the_standard_in_one_step() -> None:
    variants = rows("name_variants.tsv")
    standards = {row["standard"] for row in variants}
    assert standards & {row["form"] for row in variants} == set()
    assert [row for row in variants if row["form"] != row["form"].lower()] == []


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("sentence", "said the official, who spoke on condition of anonymity"),
        ("sentence", "on the condition of anonymity because he was not authorised to speak"),
        ("sentence", "a diplomat who asked not to be named said"),
        ("sentence", "the woman, who declined to be identified, said"),
        ("sentence", "she refused to give her name"),
        ("sentence", "the trader, who gave only his first name, said"),
        ("sentence", "he was not authorized to discuss the matter publicly"),
        ("source", "people familiar with the matter"),
        ("source", "a person close to the talks"),
        ("source", "an unnamed aide"),
        ("source", "two senior u.s. officials"),
        ("source", "sources in the ministry"),
        ("source", "a source"),
    ],
)
def test_phrases_of_anonymity_are_found(where: str, words: str) -> None:
    phrases = [row["phrase"] for row in rows("anonymity.tsv") if row["where"] == where]
    assert any(re2.search(phrase, words) for phrase in phrases)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("sentence", "the minister said the talks would be held in geneva on monday"),
        ("sentence", "the victims have not been identified, police said"),
        ("sentence", "he declined to say who would be named to the post"),
        ("sentence", "the suspect was identified as a 24-year-old man from the city"),
        ("source", "president volodymyr zelensky"),
        ("source", "the foreign ministry"),
        ("source", "jane smith, a spokeswoman for the company"),
        ("source", "resource minister keith pitt"),
    ],
)
def test_named_sources_are_left_alone(where: str, words: str) -> None:
    phrases = [row["phrase"] for row in rows("anonymity.tsv") if row["where"] == where]
    assert [phrase for phrase in phrases if re2.search(phrase, words)] == []
