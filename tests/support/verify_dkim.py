"""Checks the signatures of letters with dkimpy: verify_dkim.py <records.json> <letter.eml>...

The records take the place of the DNS: name of a TXT record to its value. Prints, for each letter, whether its
signature holds as it came, and whether it still does after Python's email package read it and wrote it again.
"""

import email
import email.policy
import json
import sys

import dkim

AS_WRITTEN = email.policy.SMTP.clone(refold_source="none")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        records = json.load(file)

    def look_up(name, timeout=5):
        name = name.decode() if isinstance(name, bytes) else name
        return records.get(name.rstrip("."), "").encode()

    found = []
    for path in sys.argv[2:]:
        with open(path, "rb") as file:
            letter = file.read()
        again = email.message_from_bytes(letter, policy=AS_WRITTEN).as_bytes()
        found.append([holds(letter, look_up), holds(again, look_up)])
    json.dump(found, sys.stdout)


def holds(letter, look_up):
    try:
        return dkim.verify(letter, dnsfunc=look_up)
    except dkim.DKIMException:
        return False


main()
