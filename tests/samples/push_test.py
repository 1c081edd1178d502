#!/usr/bin/env python3
"""usage: push_test.py FOLDER: the feed and who listens to it."""

import re
import signal
import socket
import unittest

from programs import PATIENCE, Conversation, Program
from processes import free_port  # on the path since programs

FIGURES = r"load \d+\.\d+ \d+\.\d+ \d+\.\d+, tasks \d+/\d+, memory \d+ % used"


class Patient(Conversation):
    @staticmethod
    def waits(program):
        """A tenth of a second, or until it has said something."""
        with program.out.not_empty:
            if not program.out.queue:
                program.out.not_empty.wait(0.1)


class Push(Patient):
    def feed(self, port=0, topic="load", every="50ms"):
        feed = Program(self, "push_node", "--listen", f"127.0.0.1:{port}", "--topic", topic, "--every", every)
        self.port = self.port_of(feed)
        return feed

    def push(self, *flags):
        push = Program(self, "push", "--node", f"tcp://127.0.0.1:{self.port}", *flags)
        push.notes("link: up")
        return push

    def figures(self, push, count):
        for _ in range(count):
            self.assertRegex(push.next_line(push.out, "figures"), f"^{FIGURES}$")

    def test_all_who_listen_get_the_figures(self):
        self.feed()
        for each in [self.push() for _ in range(3)]:
            self.figures(each, 5)

    def test_lines_that_are_typed_are_pushed_in_their_order(self):
        feed = self.feed(every="24h")
        push = self.push()
        typed = [f"line {number}" for number in range(100)]
        first = typed[0]
        while push.out.empty():  # it may still be on its way into the room
            feed.type(first)
            self.waits(push)
        for line in typed[1:]:
            feed.type("")  # no line
            feed.type(line)
        heard = []
        while not heard or heard[-1] != typed[-1]:
            heard.append(push.next_line(push.out, typed[-1]))
        self.assertEqual([line for line in heard if line != first], typed[1:])

    def test_topics_keep_apart(self):
        self.feed(topic="weather")
        deaf, push = self.push(), self.push("--topic", "weather")
        self.figures(push, 10)
        self.assertTrue(deaf.out.empty())

    def test_nothing_that_is_pushed_reaches_the_terminal_as_a_control(self):
        feed = self.feed()
        push = self.push()
        self.figures(push, 1)
        feed.type("\x1b[2J\x07gone")
        push.says_until(" [2J gone")

    def test_plain_listeners_hear_the_lobby(self):
        self.feed(topic="lobby")
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as plain:
            plain.sendall(b"ping\n")
            read = b""
            while read.count(b"\n") < 5:
                some = plain.recv(4096)
                self.assertNotEqual(some, b"")
                read += some
        for line in read.decode().split("\n")[:-1]:
            self.assertRegex(line, f"^(pong|{FIGURES})$")

    def test_a_feed_that_is_killed_and_started_again_is_heard_again(self):
        feed = self.feed()
        push = self.push()
        self.figures(push, 1)
        feed.signal(signal.SIGKILL)
        feed.ends()
        push.notes(r"link: down \(.+\), retry in \d+\.\d s")
        while not push.out.empty():
            self.figures(push, 1)
        self.feed(self.port)
        push.notes_until("link: up")
        self.figures(push, 5)

    def test_both_end_cleanly_on_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            feed = self.feed()
            push = self.push()
            self.figures(push, 1)
            push.signal(number)
            self.assertEqual(push.ends(), 0)
            self.assertIsNone(push.err.get(timeout=PATIENCE))  # and nothing more was said
            feed.signal(number)
            self.assertEqual(feed.ends(), 0)

    def test_the_end_of_the_input_ends_nothing(self):
        feed = self.feed()
        feed.process.stdin.close()
        self.figures(self.push(), 5)

    def test_who_chats_with_a_feed_sees_it_without_a_name(self):
        feed = self.feed(topic="lobby", every="24h")
        ann = self.chat("ann")
        feed.type("by hand")
        ann.says("by hand")


class PingPong(Patient):
    def test_its_halves_fit(self):
        server = Program(self, "ping_pong", "--listen", "127.0.0.1:0", "--every", "100ms")
        port = self.port_of(server)
        client = Program(self, "ping_pong", "--node", f"tcp://127.0.0.1:{port}", "--every", "100ms")
        client.notes("link: up")
        other = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.addCleanup(other.close)
        while client.out.empty():  # a client is in the lobby from its first ping on
            other.sendall(b"hello\n")
            self.waits(client)
        self.assertRegex(client.next_line(client.out, "a line of another"), r"^\S+: hello( \S+: hello)*$")

        server.signal(signal.SIGKILL)
        server.ends()
        client.notes_until(r"link: down \(.+\), retry in 3\.0 s")
        server = Program(self, "ping_pong", "--listen", f"127.0.0.1:{port}", "--every", "100ms")
        client.notes_until("link: up")
        for each in (client, server):
            each.signal(signal.SIGINT)
            self.assertEqual(each.ends(), 0)

    def test_gives_up_after_five_tries(self):
        client = Program(self, "ping_pong", "--node", f"tcp://127.0.0.1:{free_port()}")
        lines = client.notes_until(r"link: failed \(.+\)")
        self.assertEqual(sum(bool(re.match(r"link: down .*retry in 3\.0 s", line)) for line in lines), 5)
        self.assertEqual(client.ends(), 1)


if __name__ == "__main__":
    unittest.main()
