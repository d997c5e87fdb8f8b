"""Letters as Python's `email` package reads them. As a program: prints the letters in the files that it is given."""
import email
import email.policy
import json
import pathlib
import sys


def read(content):
    letter = email.message_from_bytes(content, policy=email.policy.default)
    part = lambda kind: letter.get_body(preferencelist=(kind,)).get_content()
    return {
        "headers": [[name.lower(), str(value)] for name, value in letter.items()],
        "text": part("plain"),
        "html": part("html"),
        "defects": [str(defect) for each in letter.walk() for defect in each.defects],
    }


if __name__ == "__main__":
    json.dump([read(pathlib.Path(name).read_bytes()) for name in sys.argv[1:]], sys.stdout)
