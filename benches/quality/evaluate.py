#!/usr/bin/env python3
"""The vraag-en-aanbod benchmark: write the product's CSV input, score its ranking. Plain Python 3.9+, no packages.

  evaluate.py prepare OUT SET...          writes OUT/requests.csv and OUT/offers.csv from one or more sets
  evaluate.py score MATCHES.csv SET... [--extra QRELS.tsv]
                                          scores the output of `samenspel rank` (request_id, offer_id, rank, score, proposed);
                                          --extra adds judgments of pairs across sets

A set is a folder with requests.jsonl, offers.jsonl and qrels.tsv (README.md tells what is in them).
Only the fields a poster "gave" reach the product, and in every third request only the place, not the municipality.
"""
import csv, json, math, pathlib, sys, unicodedata

REGIONS = pathlib.Path(__file__).resolve().parents[2] / "crates/regions/data"

def _rows(path):
    with open(path, encoding="utf-8") as f:
        return list(csv.DictReader(f))

def fold(s):
    return "".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c)).lower().strip()

class Regions:
    def __init__(self, root=REGIONS):
        m = _rows(root / "municipalities.csv")
        self.by_name = {fold(r["name"]): r["code"] for r in m}
        self.prov_of = {r["code"]: r["province_code"] for r in m}
        self.prov_by_name = {fold(r["province"]): r["province_code"] for r in m}
        self.prov_by_name["friesland"] = self.prov_by_name["fryslan"]
        for r in _rows(root / "aliases.csv"):
            if r["target"].startswith("GM"):
                self.by_name.setdefault(fold(r["alias"]), r["target"])
    def gm(self, name):
        return self.by_name[fold(name)]
    def pv(self, name):
        return self.prov_by_name[fold(name)]
    def reach(self, reach):
        if reach["level"] == "national":
            return ["NL"]
        f = self.pv if reach["level"] == "province" else self.gm
        return [f(n) for n in reach["names"]]
    def covers(self, codes, gm):
        return "NL" in codes or gm in codes or self.prov_of[gm] in codes

def load(folder):
    folder = pathlib.Path(folder)
    js = lambda n: [json.loads(l) for l in open(folder / n, encoding="utf-8") if l.strip()]
    return js("requests.jsonl"), js("offers.jsonl"), read_qrels(folder / "qrels.tsv")

def read_qrels(path):
    qrels = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            p = line.rstrip("\n").split("\t")
            if len(p) >= 3 and p[2].strip().isdigit():
                qrels[(p[0], p[1])] = int(p[2])
    return qrels

def load_many(folders):
    R, O, Q = [], [], {}
    for f in folders:
        r, o, q = load(f)
        R += r; O += o; Q.update(q)
    return R, O, Q

def write_csv(R, O, out, regions):
    out = pathlib.Path(out); out.mkdir(parents=True, exist_ok=True)
    with open(out / "requests.csv", "w", newline="", encoding="utf-8") as f:
        w = csv.writer(f)
        w.writerow("id,organisation,title,body,place,municipality,themes,phase,support".split(","))
        for i, r in enumerate(R):
            g = r["given"]
            gm = regions.gm(r["municipality"])
            hide_gm = i % 3 == 2 and r.get("place")
            w.writerow([r["id"], r["organisation"], r["title"], r["body"], r.get("place", ""),
                        "" if hide_gm else gm,
                        ";".join(r["themes"]) if "themes" in g else "",
                        r["phase"] if "phase" in g else "",
                        ";".join(r["support"]) if "support" in g else ""])
    with open(out / "offers.csv", "w", newline="", encoding="utf-8") as f:
        w = csv.writer(f)
        w.writerow("id,organisation,title,body,reach,themes,phases,support,capacity".split(","))
        for o in O:
            g = o["given"]
            w.writerow([o["id"], o["organisation"], o["title"], o["body"], ";".join(regions.reach(o["reach"])),
                        ";".join(o["themes"]) if "themes" in g else "",
                        ";".join(o["phases"]) if "phases" in g else "",
                        ";".join(o["support"]) if "support" in g else "",
                        o.get("capacity", 10)])

def ndcg(gains, ideal, k):
    dcg = sum((2 ** g - 1) / math.log2(i + 2) for i, g in enumerate(gains[:k]))
    idc = sum((2 ** g - 1) / math.log2(i + 2) for i, g in enumerate(sorted(ideal, reverse=True)[:k]))
    return dcg / idc if idc else None

def evaluate(R, O, Q, ranking, proposed=None, regions=None):
    """ranking: {request_id: [(offer_id, score), ...] best first}; proposed: set of (request_id, offer_id)."""
    nd, rec, mrr, first = [], [], [], []
    bad_region = 0
    byid = {o["id"]: o for o in O}
    for r in R:
        rel = {o: g for (q, o), g in Q.items() if q == r["id"]}
        got = [o for o, _ in ranking.get(r["id"], [])][:10]
        if regions:
            gm = regions.gm(r["municipality"])
            for o in got:
                if o in byid and not regions.covers(regions.reach(byid[o]["reach"]), gm) and (r["id"], o) not in Q:
                    bad_region += 1
        v = ndcg([rel.get(o, 0) for o in got], list(rel.values()), 10)
        if v is not None:
            nd.append(v)
        good = {o for o, g in rel.items() if g >= 2}
        if good:
            rec.append(len(good & set(got[:5])) / min(len(good), 5))
            mrr.append(next((1 / (i + 1) for i, o in enumerate(got) if o in good), 0.0))
            first.append(1.0 if got and got[0] in good else 0.0)
    mean = lambda x: sum(x) / len(x) if x else float("nan")
    res = dict(requests=len(R), offers=len(O), judged=len(nd), ndcg10=round(mean(nd), 4), recall5=round(mean(rec), 4),
               mrr=round(mean(mrr), 4), first_good=round(mean(first), 4), outside_reach=bad_region)
    if proposed is not None:
        good = {p for p, g in Q.items() if g >= 2}
        ids = {r["id"] for r in R}
        good = {p for p in good if p[0] in ids}
        tp = len(good & proposed)
        p = tp / len(proposed) if proposed else 0.0
        c = tp / len(good) if good else 0.0
        res.update(proposed=len(proposed), precision=round(p, 4), coverage=round(c, 4),
                   f1=round(2 * p * c / (p + c), 4) if p + c else 0.0)
    return res


def read_matches(path):
    """The product's CSV: best first per request by rank; `proposed` is true/false."""
    ranking, proposed = {}, set()
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            ranking.setdefault(row["request_id"], []).append((int(row["rank"]), row["offer_id"], float(row["score"])))
            if row.get("proposed", "").strip().lower() in ("true", "1", "yes"):
                proposed.add((row["request_id"], row["offer_id"]))
    return {q: [(o, s) for _, o, s in sorted(v)] for q, v in ranking.items()}, proposed

if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("prepare", "score"):
        sys.exit(__doc__)
    args = sys.argv[3:]
    extra = []
    if "--extra" in args:
        i = args.index("--extra")
        extra, args = args[i + 1:], args[:i]
    R, O, Q = load_many(args)
    for path in extra:
        Q.update(read_qrels(path))
    if sys.argv[1] == "prepare":
        write_csv(R, O, sys.argv[2], Regions())
    else:
        ranking, proposed = read_matches(sys.argv[2])
        for k, v in evaluate(R, O, Q, ranking, proposed, Regions()).items():
            print(f"{k:14s} {v}")
