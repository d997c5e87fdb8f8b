"""An SMTP server on loopback that writes every letter it takes to a folder, with its envelope.

Arguments: the folder and the port; 0 is any that is free. Prints its port on the first line and serves until its standard input closes.
An address that begins with `weiger-` is refused for good, one that begins with `later-` for now.
"""
import asyncio
import json
import pathlib
import sys

from aiosmtpd.smtp import SMTP

from read_eml import read

folder = pathlib.Path(sys.argv[1])


class Sink:
    def __init__(self):
        self.count = len(list(folder.glob("*.json")))

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("weiger-"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later-"):
            return "450 4.2.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        kept = {"recipient": envelope.rcpt_tos[0], "return_path": envelope.mail_from, **read(envelope.content)}
        target = folder / f"{self.count:05}.json"
        draft = target.with_suffix(".draft")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.rename(target)
        return "250 kept"


async def serve():
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(sink, hostname="sink.example"), "127.0.0.1", int(sys.argv[2]))
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(serve())
