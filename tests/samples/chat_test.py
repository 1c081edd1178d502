#!/usr/bin/env python3
"""usage: chat_test.py FOLDER: conversations between the programs in FOLDER, through pipes."""

import os
import pty
import signal
import subprocess
import unittest

from programs import FOLDER, Conversation, Program
from processes import mortal  # on the path since programs

DOWN = r"link: down \(.+\), retry in (\d+\.\d) s"


class Chat(Conversation):
    def test_each_prints_what_the_others_say(self):
        self.node()
        ann, bob, eve = (self.chat(name) for name in ("ann", "bob", "eve"))
        ann.type("good morning")
        for other in (bob, eve):
            other.says("ann: good morning")
        bob.type("and to you")
        for other in (ann, eve):
            other.says("bob: and to you")  # so ann did not print her own line

    def test_rooms_keep_apart(self):
        self.node()
        ann, bob, eve = self.chat("ann"), self.chat("bob", "--room", "garden"), self.chat("eve", "--room", "garden")
        ann.type("in the lobby")
        bob.type("in the garden")
        eve.says("bob: in the garden")
        eve.type("/who")
        eve.says("2 in garden: bob eve")

    def test_nothing_that_is_sent_reaches_the_terminal_as_a_control(self):
        self.node()
        ann, bob = self.chat("ann"), self.chat("bob")
        ann.type("\x1b[2J\x07gone\rbob: forged")
        bob.says("ann:  [2J gone bob: forged")

    def test_quit_and_signals_end_it_in_good_order(self):
        self.node()
        ann, bob, eve = (self.chat(name) for name in ("ann", "bob", "eve"))
        ann.type("farewell")
        ann.type("/quit")
        for other in (bob, eve):
            other.says("ann: farewell")
        bob.signal(signal.SIGINT)
        eve.signal(signal.SIGTERM)
        for each in (ann, bob, eve):
            self.assertEqual(each.ends(), 0)
            self.assertIsNone(each.err.get(timeout=5))  # and nothing more was said

    def test_the_end_of_a_pipe_ends_nothing_the_end_of_a_terminal_does(self):
        self.node()
        bob = self.chat("bob")
        piped = self.chat("ann")
        piped.process.stdin.close()
        bob.type("still there?")
        piped.says("bob: still there?")

        ours, theirs = pty.openpty()
        terminal = subprocess.Popen(mortal(os.path.join(FOLDER, "chat"), "--node", f"tcp://127.0.0.1:{self.port}",
                                           "--name", "eve"), stdin=theirs, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)
        self.addCleanup(terminal.kill)
        os.close(theirs)
        self.assertEqual(terminal.stderr.readline(), "link: up\n")
        os.write(ours, b"hello\n\x04")
        bob.says("eve: hello")
        self.assertEqual(terminal.wait(20), 0)
        os.close(ours)
        terminal.stdout.close()
        terminal.stderr.close()

    def test_a_node_that_is_killed_and_started_again_finds_its_clients_back(self):
        node = self.node()
        ann, bob = self.chat("ann"), self.chat("bob")
        node.signal(signal.SIGKILL)
        node.ends()
        for each in (ann, bob):
            each.notes(DOWN)
        ann.type("anybody?")
        ann.notes_until(r"not sent: anybody\? \(the link is not up\)")

        self.node(self.port)
        for each, name in ((ann, "ann"), (bob, "bob")):
            lines = each.notes_until("link: up")
            for line in lines[:-1]:
                self.assertRegex(line, DOWN)
            self.in_room(each, name)
        ann.type("here again")
        bob.says("ann: here again")

    def test_a_node_that_stops_says_so(self):
        node = self.node()
        ann = self.chat("ann")
        node.signal(signal.SIGTERM)
        self.assertEqual(node.ends(), 0)
        ann.notes(DOWN)

    def test_a_silent_node_is_suspect_then_down(self):
        node = self.node(0, "--heartbeat", "500ms")
        ann = self.chat("ann", "--heartbeat", "500ms")
        node.freeze()
        ann.notes("link: suspect")
        ann.notes(DOWN)

    def test_a_second_signal_ends_it_at_once(self):
        node = self.node()
        ann = self.chat("ann")
        node.freeze()  # so that nobody answers ann's goodbye
        ann.signal(signal.SIGTERM)
        with self.assertRaises(subprocess.TimeoutExpired):
            ann.ends(within=0.3)
        ann.signal(signal.SIGTERM)
        self.assertEqual(ann.ends(within=1), 128 + signal.SIGTERM)

    def test_a_client_waits_for_a_node_that_is_not_there_yet(self):
        first = self.node()
        first.signal(signal.SIGTERM)
        first.ends()
        ann = Program(self, "chat", "--node", f"tcp://127.0.0.1:{self.port}", "--name", "ann")
        ann.notes(r"link: down \(nobody listens on that port.*\), retry in \d+\.\d s")
        self.node(self.port)
        ann.notes_until("link: up")


if __name__ == "__main__":
    unittest.main()
