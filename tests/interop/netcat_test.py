"""netcat for our node's client and for our link's server. usage: netcat_test.py FOLDER-OF-THE-PROGRAMS

Exit code 77: there is no netcat here.
"""

import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "samples"))

from programs import PATIENCE, Conversation, Program  # noqa: E402
from processes import free_port, mortal, skip  # noqa: E402

NETCAT = shutil.which("nc")


class Netcat:
    """netcat with somebody at its keyboard, who answers each `ping` that he reads by `pong`."""

    def __init__(self, test, *arguments):
        self.test = test
        self.process = subprocess.Popen(mortal(NETCAT, *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        bufsize=0)
        self.reads = queue.Queue()
        self.operator = threading.Thread(target=self._operate)
        self.operator.start()
        test.addCleanup(self._end)

    def _operate(self):
        while read := os.read(self.process.stdout.fileno(), 1024):
            if not read.replace(b"ping", b""):  # one, or some that were read together
                self.type(b"pong" * (len(read) // 4))
            self.reads.put(read)
        self.reads.put(b"")

    def _end(self):
        self.kill()
        self.process.stdin.close()
        self.process.stdout.close()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.operator.join()

    def type(self, text):
        try:
            self.process.stdin.write(text)
        except BrokenPipeError:
            pass  # it was killed just now

    def read_until(self, expected):
        """Reads until this was among it; returns all."""
        read = b""
        while expected not in read:
            some = self.reads.get(timeout=PATIENCE)
            self.test.assertNotEqual(some, b"", f"ended after {read}")
            read += some
        return read


class WithNetcat(Conversation):
    def test_a_client_of_our_node(self):
        node = self.node()
        ann = self.chat("ann")
        client = Netcat(self, "127.0.0.1", str(self.port))
        client.type(b"ping\n")
        client.read_until(b"pong\n")
        client.type(b"good morning\n")
        ann.says_until(": good morning")
        ann.type("to you, too")
        client.read_until(b"ann: to you, too\n")
        node.signal(signal.SIGKILL)
        node.ends()
        client.kill()  # netcat does not dial again

        self.node(self.port)
        ann.notes_until("link: up")
        self.in_room(ann, "ann")
        client = Netcat(self, "127.0.0.1", str(self.port))
        client.type(b"here again\n")
        ann.says_until(": here again")
        client.kill()
        ann.type("anybody?")
        self.in_room(ann, "ann")

    def test_a_server_of_our_link(self):
        port = str(free_port())
        server = Netcat(self, "-l", "127.0.0.1", port)
        client = Program(self, "ping_pong", "--node", f"tcp://127.0.0.1:{port}", "--every", "200ms")
        # It may have come before netcat listened.
        client.notes_until("link: up")
        for _ in range(5):
            server.read_until(b"ping")
        server.type(b"data\n")
        client.says_until("data")
        server.kill()
        client.notes_until(r"link: down \(.+\), retry in 3\.0 s")

        server = Netcat(self, "-l", "127.0.0.1", port)
        client.notes_until("link: up")
        server.read_until(b"ping")
        server.type(b"data again\n")
        client.says_until("data again")


if __name__ == "__main__":
    if NETCAT is None:
        skip("no netcat here; Debian has it in netcat-openbsd")
    unittest.main()
