"""A feed, Atom or JSON Feed, as Python's own readers see it: from standard input, as JSON of our own making.

What a format says a feed must have is asked for by name, so that a feed without it is an error.
"""
import json
import sys
import xml.etree.ElementTree as tree

ATOM = "{http://www.w3.org/2005/Atom}"


def texts(element, *names):
    found = {}
    for name in names:
        [child] = element.findall(ATOM + name)
        found[name] = child.text
    return found


def link(element, relation):
    [found] = [each.get("href") for each in element.findall(ATOM + "link") if each.get("rel") == relation]
    return found


def from_atom(feed):
    assert feed.tag == ATOM + "feed", feed.tag
    texts(feed, "id", "title", "updated")
    assert link(feed, "self").endswith(".atom") and link(feed, "alternate")
    for entry in feed.findall(ATOM + "entry"):
        found = texts(entry, "id", "title", "updated", "published", "content")
        yield {
            "id": found["id"],
            "link": link(entry, "alternate"),
            "title": found["title"],
            "text": found["content"],
            "published": found["published"],
            "author": entry.find(f"{ATOM}author/{ATOM}name").text,
            "tags": [each.get("label") for each in entry.findall(ATOM + "category")],
        }


def from_json(feed):
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] and feed["feed_url"].endswith(".json") and feed["home_page_url"]
    for item in feed["items"]:
        yield {
            "id": item["id"],
            "link": item["url"],
            "title": item["title"],
            "text": item["content_text"],
            "published": item["date_published"],
            "author": item["authors"][0]["name"],
            "tags": item["tags"],
        }


content = sys.stdin.buffer.read()
is_atom = content.startswith(b"<?xml")
entries = from_atom(tree.fromstring(content)) if is_atom else from_json(json.loads(content))
json.dump({"entries": list(entries)}, sys.stdout)
