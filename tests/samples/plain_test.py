#!/usr/bin/env python3
"""usage: plain_test.py FOLDER: the chat node as netcat sees it."""

import socket
import unittest

from programs import PATIENCE, Conversation


class Plain(Conversation):
    def stranger(self):
        connected = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.addCleanup(connected.close)
        return connected

    def reads(self, connected, expected):
        """Exactly this comes, in whatever pieces."""
        read = b""
        while len(read) < len(expected):
            some = connected.recv(4096)
            self.assertNotEqual(some, b"", f"ended after {read}")
            read += some
        self.assertEqual(read, expected)

    def test_says_lines_and_hears_the_others(self):
        self.node()
        ann = self.chat("ann")
        plain = self.stranger()
        plain.sendall(b"good morning\n")
        line = ann.next_line(ann.out, "a line of a plain client")
        self.assertRegex(line, r"^\S+: good morning$")
        ann.type("who is that?")
        self.reads(plain, b"ann: who is that?\n")

        other = self.stranger()
        other.sendall(b"me too\n")
        name = ann.next_line(ann.out, "a line of another").removesuffix(": me too")
        self.reads(plain, f"{name}: me too\n".encode())

    def test_ping_is_answered_in_its_own_form(self):
        self.node()
        for said, answer in ((b"ping", b"pong"), (b"ping\n", b"pong\n"), (b"ping\r\n", b"pong\r\n"),
                             (b"pingping", b"pongpong")):
            plain = self.stranger()
            plain.sendall(said)
            self.reads(plain, answer)

    def test_only_listens(self):
        self.node()
        ann = self.chat("ann")
        listener = self.stranger()
        # After three silent seconds he is in the room, and from then on hears all.
        heard = b""
        listener.settimeout(0.2)
        for _ in range(100):
            ann.type("anybody?")
            try:
                heard = listener.recv(4096)
                break
            except TimeoutError:
                pass
        self.assertTrue(heard.startswith(b"ann: anybody?\n"), heard)


if __name__ == "__main__":
    unittest.main()
