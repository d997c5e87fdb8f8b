#!/usr/bin/env python3
"""What a web developer would pick: one SQL statement with GIN indexes and a lateral top 10; prints one line of JSON.

  peer_postgres.py --data DIR --url postgres://… [--threads 2] [--sample 60] [--two-stage K] [--keep]

Score and gate as in peer_python.py, the text by ts_rank('dutch').
--two-stage K ranks by codes first and adds the text for the K best only.
--keep leaves its tables on the server, and uses those it finds there; without it they are made and dropped.
Matches a sample of the requests and scales up.
"""
import argparse
import json
import pathlib
import threading
import time

import numpy as np
import psycopg

from vocabulary import MUNICIPALITIES, MUNICIPALITY_AT, PARENT, PHASES, codes, rows

SCHEMA = "samenspel_peer"
SETTINGS = f"-c search_path={SCHEMA} -c jit=off -c work_mem=64MB"
ONES = 50

TABLES = """
create unlogged table offers (
    id int primary key, areas text[], themes text[], parents text[], phases int[], support text[], words tsvector);
create unlogged table requests (
    id int primary key, municipality text, province text, corop text, themes text[], parents text[], phase int,
    support text[], words tsquery);
create unlogged table texts (side text, id int, body text);
"""
READ_WORDS = """
update offers o set words = to_tsvector('dutch', t.body) from texts t where t.side = 'offer' and t.id = o.id;
update requests r set words = (
    select string_agg(quote_literal(word), ' | ')::tsquery
    from unnest(tsvector_to_array(to_tsvector('dutch', t.body))) word)
from texts t where t.side = 'request' and t.id = r.id;
"""
INDEXES = [
    "create index on offers using gin(areas)",
    "create index on offers using gin(themes)",
    "create index on offers using gin(words)",
    "vacuum analyze offers",
    "vacuum analyze requests",
]

REACHES = "o.areas && array[r.municipality, r.province, r.corop, 'NL']"
CODES = """
  .15 * case when o.areas && array[r.municipality] then 1 when o.areas && array[r.province, r.corop] then .85 else .7 end
+ .35 * (.6 * (select count(*) from unnest(r.themes) theme where theme = any(o.themes))
       + .4 * (select count(*) from unnest(r.parents) theme where theme = any(o.parents)))
      / greatest(cardinality(r.themes), 1)
+ .15 * coalesce((select max(greatest(1 - abs(r.phase - phase) * .5, 0)) from unnest(o.phases) phase), 0)
+ .20 * (select count(*) from unnest(r.support) kind where kind = any(o.support))::float
      / greatest(cardinality(r.support), 1)"""
ONE_STAGE = f"""
select r.id, best.id from requests r cross join lateral (
    select o.id, {CODES} + .15 * ts_rank(o.words, r.words, 1) as score
    from offers o where {REACHES} order by score desc limit 10) best
where r.id = any(%s)"""
TWO_STAGES = f"""
select r.id, best.id from requests r cross join lateral (
    select c.id, c.codes + .15 * ts_rank(c.words, r.words, 1) as score
    from (select o.id, o.words, {CODES} as codes from offers o where {REACHES} order by codes desc limit %d) c
    order by score desc limit 10) best
where r.id = any(%%s)"""


def fill(connection, requests, offers):
    """Makes the tables and their indexes."""
    connection.execute(f"drop schema if exists {SCHEMA} cascade; create schema {SCHEMA}")
    connection.execute(TABLES)
    cursor = connection.cursor()
    with cursor.copy("copy offers(id, areas, themes, parents, phases, support) from stdin") as copy:
        for number, offer in enumerate(offers):
            themes, phases = codes(offer["themes"]), [PHASES.index(phase) for phase in codes(offer["phases"])]
            parents = [PARENT[theme] for theme in themes]
            copy.write_row((number, codes(offer["reach"]), themes, parents, phases, codes(offer["support"])))
    with cursor.copy("copy requests(id, municipality, province, corop, themes, parents, phase, support) from stdin") as copy:
        for number, request in enumerate(requests):
            themes, place = codes(request["themes"]), MUNICIPALITIES[MUNICIPALITY_AT[request["municipality"]]]
            areas = (place["code"], place["province_code"], place["corop_code"])
            parents, phase = [PARENT[theme] for theme in themes], PHASES.index(request["phase"])
            copy.write_row((number, *areas, themes, parents, phase, codes(request["support"])))
    with cursor.copy("copy texts from stdin") as copy:
        for side, posts in (("offer", offers), ("request", requests)):
            for number, post in enumerate(posts):
                copy.write_row((side, number, post["title"] + " " + post["body"]))
    connection.execute("analyze texts")
    connection.execute(READ_WORDS)
    for statement in INDEXES:
        connection.execute(statement)


def is_filled(connection):
    found = connection.execute("select 1 from pg_namespace where nspname = %s", (SCHEMA,)).fetchone()
    return found is not None


def match(connections, statement, sample):
    """Seconds to match the sample, shared among the connections."""

    def work(part):
        connections[part].execute(statement, (sample[part :: len(connections)],)).fetchall()

    threads = [threading.Thread(target=work, args=(part,)) for part in range(len(connections))]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def ask_one(connection, statement, request):
    """Microseconds to match one request."""
    started = time.perf_counter()
    connection.execute(statement, ([request],)).fetchall()
    return (time.perf_counter() - started) * 1e6


def main():
    parser = argparse.ArgumentParser(description="Matches a market with PostgreSQL.")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--two-stage", type=int, default=0)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()

    def connect():
        return psycopg.connect(given.url, autocommit=True, options=SETTINGS)

    requests, offers = rows(given.data / "requests.csv"), rows(given.data / "offers.csv")
    connection, line = connect(), {}
    line["peer"] = f"postgres_two_stage_{given.two_stage}" if given.two_stage else "postgres"
    line |= {"requests": len(requests), "offers": len(offers), "threads": given.threads}
    if not (given.keep and is_filled(connection)):
        started = time.perf_counter()
        fill(connection, requests, offers)
        line["build_s"] = round(time.perf_counter() - started, 2)
    statement = TWO_STAGES % given.two_stage if given.two_stage else ONE_STAGE
    count = min(given.sample, len(requests))
    sample = [place * (len(requests) // count) for place in range(count)]
    wall = match([connect() for _ in range(given.threads)], statement, sample)
    one = [ask_one(connection, statement, request) for request in sample[:ONES]]
    line["match_wall_s"] = round(wall * len(requests) / count, 2)
    line["extrapolated"] = count < len(requests)
    line["one_p50_us"] = round(float(np.percentile(one, 50)), 1)
    line["one_p99_us"] = round(float(np.percentile(one, 99)), 1)
    if not given.keep:
        connection.execute(f"drop schema {SCHEMA} cascade")
    print(json.dumps(line))


if __name__ == "__main__":
    main()
