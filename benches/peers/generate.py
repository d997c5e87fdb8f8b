#!/usr/bin/env python3
"""Writes a market of any size in the product's CSV form: synthetic Dutch, real codes, always the same for one seed.

  generate.py --requests N --offers M [--seed S] --out DIR     writes DIR/requests.csv and DIR/offers.csv

Needs numpy and Debian's wdutch (/usr/share/dict/dutch).
Content words follow Zipf-Mandelbrot; every theme and every parent theme has its own word list, so text goes with themes.
44 % of a body are stop words, 1.5 % of the words have a slip.
30 % of the requests are planted: they borrow themes, place, phase, kinds of help and words from one offer, so that there
are true matches at every size. Every field is filled in; a request has one municipality.
"""
import argparse
import csv
import pathlib
import re

import numpy as np

from vocabulary import MUNICIPALITIES, PHASES, STOP_WORDS, SUPPORT, THEMES

DICTIONARY = pathlib.Path("/usr/share/dict/dutch")
# The words and places of the world are the same at every size and for every seed.
WORLD_SEED = 7
GENERAL_WORDS = 40_000
WORDS_PER_THEME = 220

REQUEST_COLUMNS = "id,organisation,title,body,place,municipality,themes,phase,support".split(",")
OFFER_COLUMNS = "id,organisation,title,body,reach,themes,phases,support,capacity".split(",")

LEAVES = [row["code"] for row in THEMES if row["parent"]]
PARENTS = sorted({row["parent"] for row in THEMES if row["parent"]})
PARENT_OF = [PARENTS.index(row["parent"]) for row in THEMES if row["parent"]]
SIBLINGS = [[leaf for leaf in range(len(LEAVES)) if PARENT_OF[leaf] == parent] for parent in range(len(PARENTS))]
PROVINCES = sorted({row["province_code"] for row in MUNICIPALITIES})
PROVINCE_OF = np.array([PROVINCES.index(row["province_code"]) for row in MUNICIPALITIES])


def zipf(size, exponent, offset):
    """The cumulative Zipf-Mandelbrot distribution over `size` ranks."""
    weights = 1.0 / (np.arange(1, size + 1) + offset) ** exponent
    return np.cumsum(weights / weights.sum())


def nearest_municipalities():
    """For each municipality the nineteen nearest, in kilometres on a flat map."""
    places = np.array([[float(row["longitude"]) * 68, float(row["latitude"]) * 111] for row in MUNICIPALITIES])
    distances = np.sqrt(((places[:, None] - places[None]) ** 2).sum(-1))
    return distances.argsort(1)[:, 1:20]


class World:
    """Words, and how often places and themes occur: the same for every market."""

    def __init__(self):
        rng = np.random.default_rng(WORLD_SEED)
        read = DICTIONARY.read_text(encoding="utf-8").split()
        words = sorted({word for word in read if re.fullmatch(r"[a-zëïéèöü]{4,16}", word)} - set(STOP_WORDS))
        rng.shuffle(words)
        self.words = words[: GENERAL_WORDS + (len(LEAVES) + len(PARENTS)) * WORDS_PER_THEME]
        self.general = zipf(GENERAL_WORDS, 1.0, 5.0)
        self.special = zipf(WORDS_PER_THEME, 0.9, 3.0)
        self.stops = zipf(len(STOP_WORDS), 0.8, 2.0)
        self.near = nearest_municipalities()
        self.places = zipf(len(MUNICIPALITIES), 0.7, 3.0)
        self.by_population = np.array([float(row["population"] or 0) for row in MUNICIPALITIES]).argsort()[::-1]
        self.themes = zipf(len(LEAVES), 0.6, 4.0)
        self.by_popularity = rng.permutation(len(LEAVES))


class Writer:
    """Draws posts, one after the other, from one source of chance."""

    def __init__(self, world, seed):
        self.world = world
        self.rng = np.random.default_rng(seed)

    def draw(self, cumulative, size):
        """Ranks drawn from a cumulative distribution."""
        return np.minimum(np.searchsorted(cumulative, self.rng.random(size)), len(cumulative) - 1)

    def themes(self, posts):
        """One to four themes for each post; half of the later ones have the parent of the first."""
        wanted = self.rng.choice([1, 2, 3, 4], posts, p=[0.35, 0.35, 0.2, 0.1])
        return [self.themes_of_one(count) for count in wanted]

    def themes_of_one(self, count):
        chosen = [self.popular_theme()]
        for _ in range(20):
            if len(chosen) >= count:
                break
            if self.rng.random() < 0.5:
                theme = int(self.rng.choice(SIBLINGS[PARENT_OF[chosen[0]]]))
            else:
                theme = self.popular_theme()
            if theme not in chosen:
                chosen.append(theme)
        return sorted(chosen)

    def popular_theme(self):
        return int(self.world.by_popularity[self.draw(self.world.themes, 1)[0]])

    def municipality(self):
        return int(self.world.by_population[self.draw(self.world.places, 1)[0]])

    def reach(self):
        """A municipality, and the codes of a reach around it: 40 % some municipalities, 28 % a province, 32 % all."""
        kind = self.rng.random()
        home = self.municipality()
        if kind < 0.40:
            count = int(self.rng.integers(0, 5))
            others = map(int, self.rng.choice(self.world.near[home], count, replace=False))
            return home, [MUNICIPALITIES[place]["code"] for place in sorted({home, *others})]
        if kind < 0.68:
            return home, [PROVINCES[PROVINCE_OF[home]]]
        return home, ["NL"]

    def subset(self, size, most, mean):
        """Some of the numbers below `size`, at least one and at most `most`."""
        count = int(np.clip(self.rng.poisson(mean) + 1, 1, most))
        return sorted(int(number) for number in self.rng.choice(size, count, replace=False))

    def slip(self, word):
        """The word with two letters swapped."""
        if len(word) < 5:
            return word
        at = int(self.rng.integers(1, len(word) - 2))
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    def content(self, themes, count):
        """Content words: 48 % general, 35 % of a theme, 17 % of a parent theme."""
        kind = self.rng.random(count)
        words = np.empty(count, int)
        general, special, parental = kind < 0.48, (kind >= 0.48) & (kind < 0.83), kind >= 0.83
        words[general] = self.draw(self.world.general, general.sum())
        own = self.rng.choice(themes, special.sum())
        words[special] = GENERAL_WORDS + own * WORDS_PER_THEME + self.draw(self.world.special, special.sum())
        parents = np.array([PARENT_OF[theme] for theme in self.rng.choice(themes, parental.sum())], int)
        lists = (len(LEAVES) + parents) * WORDS_PER_THEME
        words[parental] = GENERAL_WORDS + lists + self.draw(self.world.special, parental.sum())
        return words

    def spell(self, is_stop, words):
        """The words as text, with stop words in their places and some slips."""
        rest, stops, slips = iter(words), self.draw(self.world.stops, len(is_stop)), self.rng.random(len(is_stop))
        text = [STOP_WORDS[stops[at]] if stop else self.world.words[next(rest)] for at, stop in enumerate(is_stop)]
        return [self.slip(word) if slips[at] < 0.015 else word for at, word in enumerate(text)]

    def text(self, themes, borrowed=None):
        """A title, a body and the content words in them; some are borrowed from another post."""
        in_title = int(self.rng.integers(5, 13))
        in_body = int(np.clip(self.rng.lognormal(np.log(75), 0.38), 40, 150))
        stop_title, stop_body = self.rng.random(in_title) < 0.30, self.rng.random(in_body) < 0.44
        title, body = self.content(themes, int((~stop_title).sum())), self.content(themes, int((~stop_body).sum()))
        if borrowed is not None and len(body):
            count = min(len(borrowed), len(body), int(self.rng.integers(6, 14)))
            body[:count] = self.rng.choice(borrowed, count, replace=False)
            if len(title) > 2:
                title[:2] = self.rng.choice(borrowed, 2, replace=False)
            self.rng.shuffle(body)
        title_words, body_words = self.spell(stop_title, title), self.spell(stop_body, body)
        title_words[0] = title_words[0].capitalize()
        return " ".join(title_words), self.sentences(body_words), np.concatenate([title, body])

    def sentences(self, words):
        """Sentences of seven to seventeen words."""
        sentences, at = [], 0
        while at < len(words):
            length = int(self.rng.integers(7, 18))
            sentence = words[at : at + length]
            sentence[0] = sentence[0].capitalize()
            sentences.append(" ".join(sentence) + ".")
            at += length
        return " ".join(sentences)


def joined(names, places):
    return ";".join(names[place] for place in places)


def write_offers(writer, count, path):
    """Writes the offers; gives what a planted request borrows from each."""
    offers = []
    with open(path, "w", newline="", encoding="utf-8") as file:
        output = csv.writer(file)
        output.writerow(OFFER_COLUMNS)
        for number, themes in enumerate(writer.themes(count)):
            home, reach = writer.reach()
            phases, support = writer.subset(len(PHASES), 5, 1.0), writer.subset(len(SUPPORT), 4, 1.0)
            title, body, words = writer.text(themes)
            offers.append((home, themes, phases, support, words))
            fields = [joined(LEAVES, themes), joined(PHASES, phases), joined(SUPPORT, support)]
            capacity = int(writer.rng.integers(1, 50))
            output.writerow([f"O{number}", f"Partner {number}", title, body, ";".join(reach), *fields, capacity])
    return offers


def write_requests(writer, count, planted, offers, path):
    """Writes the requests; the share `planted` of them borrows from an offer."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        output = csv.writer(file)
        output.writerow(REQUEST_COLUMNS)
        for number, themes in enumerate(writer.themes(count)):
            home, phase, borrowed = writer.municipality(), int(writer.rng.integers(len(PHASES))), None
            support = writer.subset(len(SUPPORT), 4, 0.8)
            if writer.rng.random() < planted:
                home, its_themes, its_phases, its_support, borrowed = offers[int(writer.rng.integers(len(offers)))]
                themes = sorted(set(themes[:1]) | set(its_themes[:2]))
                phase, support = int(writer.rng.choice(its_phases)), sorted(set(its_support[:2]))
            title, body, _ = writer.text(themes, borrowed)
            fields = [joined(LEAVES, themes), PHASES[phase], joined(SUPPORT, support)]
            municipality = MUNICIPALITIES[home]["code"]
            output.writerow([f"R{number}", f"Initiatief {number}", title, body, "", municipality, *fields])


def main():
    parser = argparse.ArgumentParser(description="Writes a market of any size.")
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("--offers", type=int, required=True)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--planted", type=float, default=0.3)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    writer = Writer(World(), given.seed)
    offers = write_offers(writer, given.offers, given.out / "offers.csv")
    write_requests(writer, given.requests, given.planted, offers, given.out / "requests.csv")


if __name__ == "__main__":
    main()
