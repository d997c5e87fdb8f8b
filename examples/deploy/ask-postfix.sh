#!/bin/sh
# Asks the log of Postfix whether it took a letter: outbox.ask_command = ["/usr/local/lib/samenspel/ask-postfix.sh"].
# Arguments: the Message-ID, between < and >, and the address. Exit code: 0 it took the letter, 100 it certainly did
# not, 1 nobody can tell.
# The logs, the oldest first; whoever runs the program must be allowed to read them.
LOGS=${POSTFIX_LOGS:-/var/log/mail.log.1 /var/log/mail.log}

for log in $LOGS; do
    # Without the log before this one the letter may stand in what was thrown away.
    [ -r "$log" ] || exit 1
done

# `cleanup` notes a Message-ID when the head of a letter comes in, under the name that Postfix gave the letter. `qmgr`
# notes that name when it took the whole letter; a letter that was broken off is never noted there.
# shellcheck disable=SC2086
cat $LOGS | MESSAGE_ID=$1 ADDRESS=$2 awk '
    BEGIN { id = ENVIRON["MESSAGE_ID"]; address = tolower(ENVIRON["ADDRESS"]) }
    match($0, /postfix[^ ]*\[[0-9]+\]: [0-9A-Za-z]+: /) {
        rest = substr($0, RSTART + RLENGTH)
        head = substr($0, RSTART, RLENGTH)
        sub(/^[^ ]* /, "", head); sub(/: $/, "", head)
        if (rest == "message-id=" id) named[head] = 1
        if (head in named && index(rest, "from=<") == 1) taken[head] = 1
        low = tolower(rest)
        if (head in taken && index(low, "to=<" address ">") == 1) found = 1
        if (head in taken && index(low, "orig_to=<" address ">") > 0) found = 1
        if (head in taken && index(low, "to=<") == 1) other[head] = 1
    }
    END {
        if (found) exit 0
        # Taken, and not yet handed on to anybody: for this address or for another one.
        for (head in taken) if (!(head in other)) exit 1
        exit 100
    }'
