#!/usr/bin/env python3
"""usage: chat_test.py FOLDER: conversations between the programs in FOLDER, through pipes."""

import fcntl
import os
import pty
import signal
import subprocess
import termios
import unittest

from programs import FOLDER, PATIENCE, Conversation, Program
from processes import free_port, mortal  # on the path since programs

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

    def test_what_comes_through_a_pipe_is_said_before_the_end(self):
        self.node()
        bob = self.chat("bob")
        for number in range(10):
            ended = subprocess.run([os.path.join(FOLDER, "chat"), "--node", f"tcp://127.0.0.1:{self.port}", "--name",
                                    "ann"], input=f"number\n\n{number}\n/who\n/quit\n", capture_output=True, text=True,
                                   timeout=PATIENCE, check=False)
            self.assertEqual((ended.returncode, ended.stderr), (0, "link: up\n"))
            self.assertRegex(ended.stdout, r"^\d in lobby:.* ann\b.*\n$")
            bob.says("ann: number")
            bob.says(f"ann: {number}")

    def test_who_waits_for_a_node_can_leave(self):
        flags = ("--node", f"tcp://127.0.0.1:{free_port()}", "--name", "ann")
        quits, ended = Program(self, "chat", *flags), Program(self, "chat", *flags)
        for each in (quits, ended):
            each.notes(DOWN)
        quits.type("/quit")
        self.assertEqual(quits.ends(), 0)
        ended.type("a line that waits for the node")
        while any(fcntl.ioctl(ended.process.stdin, termios.FIONREAD, bytes(4))):
            ended.notes(DOWN)  # until it has read the line, which is soon
        ended.signal(signal.SIGTERM)
        self.assertEqual(ended.ends(), 1)  # for it was not sent

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
        for each, code in ((ann, 1), (bob, 0)):
            each.type("/quit")
            self.assertEqual(each.ends(), code)  # one line of ann's was not sent

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
