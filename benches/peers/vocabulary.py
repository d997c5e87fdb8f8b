"""The codes of the market, from the tables that the product ships; used by the generator and the peers."""
import csv
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
CRATES = HERE.parent.parent / "crates"


def rows(path):
    """The rows of a CSV file, each a dictionary by the name of the column."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(cell):
    """The codes in one cell, which `;` separates."""
    return [code for code in cell.split(";") if code]


MUNICIPALITIES = rows(CRATES / "regions/data/municipalities.csv")
THEMES = rows(CRATES / "domain/data/themes.csv")
PHASES = [row["code"] for row in rows(CRATES / "domain/data/phases.csv")]
SUPPORT = [row["code"] for row in rows(CRATES / "domain/data/support.csv")]
STOP_WORDS = (HERE / "stopwords_nl.txt").read_text(encoding="utf-8").split()

# The place of each municipality in MUNICIPALITIES, and the parent of each theme; a theme without one is its own.
MUNICIPALITY_AT = {row["code"]: place for place, row in enumerate(MUNICIPALITIES)}
PARENT = {row["code"]: row["parent"] or row["code"] for row in THEMES}
