"""Programs as tutorials write them, with our node for their server and our link for their client.

usage: tutorial_test.py FOLDER-OF-THE-PROGRAMS go WORK-FOLDER
       tutorial_test.py FOLDER-OF-THE-PROGRAMS python

Each side is killed with SIGKILL and started again, and the talk goes on. Exit code 77: there is no Go here.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "samples"))

from programs import Conversation, Program  # noqa: E402
from processes import clean_environment, free_port, skip  # noqa: E402

LANGUAGE = sys.argv.pop(1)
WORK = pathlib.Path(sys.argv.pop(1)) if LANGUAGE == "go" else None
OFTEN = "200ms"  # where tutorials ping every 5 s
DOWN = r"link: down \(.+\), retry in 3\.0 s"


def build_go():
    """The tutorial's program, compiled; nothing is fetched, and nothing written outside the work folder."""
    go = shutil.which("go")
    if go is None:
        skip("no Go here; Debian has it in golang-go")
    WORK.mkdir(parents=True, exist_ok=True)
    target = WORK / "tutorial"
    environment = {**clean_environment(), "GOCACHE": str(WORK / "cache"), "GOPATH": str(WORK / "path"),
                   "GOPROXY": "off", "GOFLAGS": "-mod=mod", "GO111MODULE": "on", "GOTOOLCHAIN": "local"}
    subprocess.run([go, "build", "-o", target, "."], cwd=HERE / "tutorial", env=environment, check=True)
    return [str(target)]


TUTORIAL = build_go() if LANGUAGE == "go" else [sys.executable, "-B", str(HERE / "tutorial.py")]


class Tutorial(Conversation):
    def tutorial(self, role, port):
        return Program(self, *TUTORIAL, role, f"127.0.0.1:{port}", OFTEN)

    def server(self, port):
        server = self.tutorial("server", port)
        server.says("listening")
        return server

    def ping_pong(self, port):
        return Program(self, "ping_pong", "--node", f"tcp://127.0.0.1:{port}", "--every", OFTEN)

    @staticmethod
    def is_alone(chat):
        """Whoever else was in the room is gone; the node may hear of it a moment later."""
        line = None
        while line != "1 in lobby: ann":
            chat.type("/who")
            line = chat.next_line(chat.out, "/who")

    def test_a_client_with_our_node(self):
        node = self.node()
        client = self.tutorial("client", self.port)
        client.says("connected")
        client.says_until("pong")
        ann = self.chat("ann")
        ann.type("good morning")
        client.says_until("ann: good morning")
        for _ in range(10):
            client.says_until("pong")

        node.signal(signal.SIGKILL)
        node.ends()
        client.says_until("lost")
        self.node(self.port)
        client.says_until("connected")
        client.says_until("pong")
        ann.notes_until("link: up")
        self.in_room(ann, "ann")
        ann.type("here again")
        client.says_until("ann: here again")

        client.signal(signal.SIGKILL)
        client.ends()
        self.is_alone(ann)
        other = self.tutorial("client", self.port)
        other.says_until("connected")
        other.says_until("pong")
        ann.type("and you")
        other.says_until("ann: and you")

    def test_a_server_with_our_link(self):
        port = free_port()
        server = self.server(port)
        client = self.ping_pong(port)
        client.notes_until("link: up")
        client.says_until(*(f"data {number}" for number in range(1, 11)))
        for _ in range(10):
            server.says_until('"ping"')

        server.signal(signal.SIGKILL)
        server.ends()
        self.assertRegex(client.notes_until(DOWN)[-1], DOWN)
        server = self.server(port)
        client.notes_until("link: up")
        client.says_until("data 3")
        server.says_until('"ping"')

        client.signal(signal.SIGKILL)
        client.ends()
        server.says_until("lost")
        client = self.ping_pong(port)
        client.notes_until("link: up")
        client.says_until("data 1")
        server.says_until('"ping"')

    def test_a_server_that_hangs_is_found_and_given_up_after_five_tries(self):
        port = free_port()
        server = self.server(port)
        client = self.ping_pong(port)
        client.notes_until("link: up")
        server.freeze()
        client.notes_until("link: suspect")
        self.assertIn("pings were not answered", client.notes_until(DOWN)[-1])
        server.signal(signal.SIGKILL)
        server.ends()
        lines = client.notes_until(r"link: failed \(.+\)")
        self.assertEqual(sum(bool(re.fullmatch(DOWN, line)) for line in lines), 4)  # the first was read above
        self.assertEqual(client.ends(), 1)


if __name__ == "__main__":
    unittest.main()
