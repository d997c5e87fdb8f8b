#!/usr/bin/env python3
"""What a data engineer would pick, on the same CSV as the product; prints one line of JSON.

  peer_python.py --data DIR --method sparse|exact [--threads 2] [--pool 100] [--limit N] [--output FILE]

score = .15 region + .35 theme + .15 phase + .20 support + .15 text cosine, only where the reach covers the municipality.
  sparse: scikit-learn TF-IDF and sparse_dot_topn; of the 100 best by text, those that reach are scored.
          Approximate: it misses what shares few words.
  exact:  numpy, blocks of a dense product for the codes plus a sparse product for the text; the definition itself.
--limit matches the first N requests and scales up; --output writes the matches as CSV.
"""
import argparse
import csv
import json
import pathlib
import re
import resource
import time

import numpy as np
import Stemmer
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

from vocabulary import MUNICIPALITIES, MUNICIPALITY_AT, PARENT, PHASES, STOP_WORDS, SUPPORT, codes, rows

REGION, THEME, PHASE, HELP, TEXT = 0.15, 0.35, 0.15, 0.20, 0.15
# What an area is worth by its size, and a theme beside its parent.
PROVINCE, COUNTRY, OWN_THEME, PARENT_THEME, PHASE_STEP = 0.85, 0.7, 0.6, 0.4, 0.5
TOP = 10
# How many requests are matched in one product of matrices.
BLOCK = 500
NAMES = {"sparse": "sparse_dot_topn", "exact": "numpy_exact"}


def analyzer():
    """Splits a text into Dutch stems without stop words; remembers the stem of every word."""
    stemmer, stems, word, stops = Stemmer.Stemmer("dutch"), {}, re.compile(r"[^\W_]+"), set(STOP_WORDS)

    def analyze(text):
        found = []
        for token in word.findall(text.lower()):
            stem = stems.get(token)
            if stem is None:
                stem = stems[token] = "" if len(token) < 2 or token in stops else stemmer.stemWord(token)
            if stem:
                found.append(stem)
        return found

    return analyze


class Features:
    """The codes of both sides as dense columns: themes, parent themes, phases, support; and which offer reaches where."""

    def __init__(self, requests, offers):
        self.theme_at = {code: place for place, code in enumerate(PARENT)}
        self.phases_from = 2 * len(PARENT)
        self.support_from = self.phases_from + len(PHASES)
        width = self.support_from + len(SUPPORT)
        self.asked = np.zeros((len(requests), width), np.float32)
        self.offered = np.zeros((len(offers), width), np.float32)
        self.reach = np.zeros((len(offers), len(MUNICIPALITIES)), np.float32)
        self.home = np.array([MUNICIPALITY_AT[request["municipality"]] for request in requests])
        for row, request in zip(self.asked, requests):
            self.ask(row, request)
        for row, reach, offer in zip(self.offered, self.reach, offers):
            self.offer(row, offer)
            self.cover(reach, offer)

    def ask(self, row, request):
        themes, support = codes(request["themes"]), codes(request["support"])
        for theme in themes:
            row[self.theme_at[theme]] += THEME * OWN_THEME / len(themes)
            row[len(PARENT) + self.theme_at[PARENT[theme]]] += THEME * PARENT_THEME / len(themes)
        row[self.phases_from + PHASES.index(request["phase"])] = PHASE
        for kind in support:
            row[self.support_from + SUPPORT.index(kind)] = HELP / len(support)

    def offer(self, row, offer):
        for theme in codes(offer["themes"]):
            row[self.theme_at[theme]] = row[len(PARENT) + self.theme_at[PARENT[theme]]] = 1
        phases = [PHASES.index(phase) for phase in codes(offer["phases"])]
        for place in range(len(PHASES)):
            row[self.phases_from + place] = max([0] + [1 - abs(place - phase) * PHASE_STEP for phase in phases])
        for kind in codes(offer["support"]):
            row[self.support_from + SUPPORT.index(kind)] = 1

    def cover(self, reach, offer):
        for area in codes(offer["reach"]):
            if area == "NL":
                reach[:] = np.maximum(reach, COUNTRY)
            elif area in MUNICIPALITY_AT:
                reach[MUNICIPALITY_AT[area]] = 1
            else:
                inside = [area in (row["province_code"], row["corop_code"]) for row in MUNICIPALITIES]
                reach[inside] = PROVINCE


class Matcher:
    """Both sides as matrices; gives the best offers of some requests."""

    def __init__(self, requests, offers, pool):
        vectorizer = TfidfVectorizer(analyzer=analyzer(), sublinear_tf=True, dtype=np.float32)
        texts = [post["title"] + " " + post["body"] for side in (requests, offers) for post in side]
        words = vectorizer.fit_transform(texts)
        self.asked, self.offered = words[: len(requests)], words[len(requests) :].tocsr().T.tocsr()
        self.features = Features(requests, offers)
        self.pool = pool

    def sparse(self, some, threads):
        found = sp_matmul_topn(self.asked[some], self.offered, top_n=self.pool, sort=False, n_threads=threads)
        features, best = self.features, []
        for row, request in enumerate(some):
            part = slice(found.indptr[row], found.indptr[row + 1])
            offers, cosine = found.indices[part], found.data[part]
            reach = features.reach[offers, features.home[request]]
            score = features.offered[offers] @ features.asked[request] + REGION * reach + TEXT * cosine
            score = np.where(reach > 0, score, -1)
            order = np.argsort(-score)[:TOP]
            best.append((offers[order], score[order]))
        return best

    def exact(self, some, _threads):
        features = self.features
        reach = features.reach[:, features.home[some]].T
        cosine = np.asarray((self.asked[some] @ self.offered).todense())
        score = features.asked[some] @ features.offered.T + REGION * reach + TEXT * cosine
        score[reach <= 0] = -1
        best = []
        for row, offers in zip(score, np.argpartition(-score, TOP, 1)[:, :TOP]):
            order = offers[np.argsort(-row[offers])]
            best.append((order, row[order]))
        return best


def write(path, requests, offers, matches):
    """Writes the matches in the order of the requests, without those that do not reach."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        output = csv.writer(file)
        output.writerow(["request_id", "offer_id", "rank", "score"])
        for request, (best, scores) in zip(requests, matches):
            for rank, (offer, score) in enumerate(zip(best, scores), 1):
                if score >= 0:
                    output.writerow([request["id"], offers[offer]["id"], rank, f"{score:.4f}"])


def seconds(work):
    """What the work gave, and how long it took."""
    started = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - started


def main():
    parser = argparse.ArgumentParser(description="Matches a market with Python.")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--method", choices=NAMES, default="sparse")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pool", type=int, default=100)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--one", type=int, default=300)
    parser.add_argument("--output", type=pathlib.Path)
    given = parser.parse_args()
    (requests, offers), load = seconds(lambda: (rows(given.data / "requests.csv"), rows(given.data / "offers.csv")))
    matcher, build = seconds(lambda: Matcher(requests, offers, given.pool))
    top = getattr(matcher, given.method)
    limit = min(given.limit or len(requests), len(requests))
    cpu = time.process_time()
    blocks = [np.arange(start, min(start + BLOCK, limit)) for start in range(0, limit, BLOCK)]
    matches, wall = seconds(lambda: [match for block in blocks for match in top(block, given.threads)])
    cpu = time.process_time() - cpu
    line = {
        "peer": NAMES[given.method],
        "requests": len(requests),
        "offers": len(offers),
        "threads": given.threads,
        "load_s": round(load, 3),
        "build_s": round(build, 3),
        "match_wall_s": round(wall * len(requests) / limit, 3),
        "match_cpu_s": round(cpu * len(requests) / limit, 3),
        "extrapolated": limit < len(requests),
    }
    if given.output:
        _, written = seconds(lambda: write(given.output, requests, offers, matches))
        line["write_s"] = round(written, 3)
    one = [seconds(lambda: top(np.array([at]), 1))[1] * 1e6 for at in range(min(given.one, len(requests)))]
    line["one_p50_us"] = round(float(np.percentile(one, 50)), 1)
    line["one_p99_us"] = round(float(np.percentile(one, 99)), 1)
    line["peak_rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    print(json.dumps(line))


if __name__ == "__main__":
    main()
