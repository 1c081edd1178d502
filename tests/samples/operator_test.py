#!/usr/bin/env python3
"""usage: operator_test.py FOLDER: what somebody does who runs a node: reads its statistics in the log, writes a
configuration file."""

import os
import tempfile
import unittest

from programs import Conversation, Program, run

KEYS = ("sockets", "strangers", "listeners", "timers", "actors", "frames", "descriptors", "resident_bytes",
        "accepted", "admitted", "plain", "refused")


class Statistics(Conversation):
    def stats(self, node):
        """The next line of statistics, as a dictionary."""
        line = node.notes_until(r".* info stats .*")[-1]
        pairs = dict(pair.split("=") for pair in line.split(" info stats ")[1].split())
        self.assertEqual(tuple(pairs), KEYS)
        return {key: int(value) for key, value in pairs.items()}

    def until(self, node, holds):
        """Reads lines until one holds; one that never does ends with the patience of `notes_until`."""
        while not holds(now := self.stats(node)):
            pass
        return now

    def test_a_line_comes_each_time_and_counts_who_is_there(self):
        node = self.node(0, "--stats", "100ms")
        empty = self.stats(node)
        self.assertEqual(empty["sockets"], 0)
        self.assertGreater(empty["resident_bytes"], 1_000_000)
        ann = self.chat("ann")
        now = self.until(node, lambda now: now["sockets"] == 1)
        self.assertEqual((now["accepted"], now["admitted"], now["plain"], now["refused"]), (1, 1, 0, 0))
        self.assertGreater(now["actors"], empty["actors"])
        self.assertGreater(now["descriptors"], empty["descriptors"])
        ann.type("/quit")
        gone = self.until(node, lambda now: now["sockets"] == 0)
        self.assertEqual(gone["actors"], empty["actors"])
        self.assertEqual(gone["descriptors"], empty["descriptors"])

    def test_who_asks_for_them_sees_them_at_any_log_level(self):
        self.node()
        ann = self.chat("ann", "--stats", "100ms", "--log-level", "error")
        self.assertGreater(self.stats(ann)["timers"], 0)

    def test_without_the_flag_no_line_comes(self):
        node = self.node()
        self.chat("ann")
        node.process.terminate()
        self.assertEqual(node.ends(), 0)
        while (line := node.err.get(timeout=5)) is not None:
            self.assertNotIn("stats", line)


EXAMPLE = os.path.join(os.path.dirname(__file__), "..", "..", "samples", "chat_node.toml")


class Configuration(Conversation):
    def file(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".toml", delete=False) as written:
            written.write(text)
        self.addCleanup(os.unlink, written.name)
        return written.name

    def test_the_example_is_right_and_a_node_runs_with_it(self):
        checked = run("chat_node", "--config", EXAMPLE, "--check-config")
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        self.assertIn('listen = "[::]:7400"  # ' + EXAMPLE, checked.stdout)
        self.assertIn('most-connections = "10000"  # ' + EXAMPLE, checked.stdout)
        self.assertIn('most-hello-bytes = "16384"  # default\n', checked.stdout)
        self.node(0, "--config", EXAMPLE)
        self.chat("ann")

    def test_a_mistake_is_one_line_with_file_line_and_key(self):
        name = self.file("heartbeat = 5s\n# fast\naccept-rate = fast\n")
        for more in ((), ("--check-config",)):
            ended = run("chat_node", "--config", name, *more)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""))
            self.assertEqual(ended.stderr, f"chat_node: {name}:3: accept-rate = fast: must be a number from 0 to "
                                           "1000000; see chat_node --help\n")

    def test_the_environment_may_name_the_file(self):
        name = self.file("log-level = debug\n")
        checked = run("chat_node", "--check-config", BYSSUS_CONFIG=name)
        self.assertIn(f'log-level = "debug"  # {name}:1\n', checked.stdout)

    def test_more_connections_than_descriptors_are_warned_of(self):
        node = Program(self, "chat_node", "--listen", "127.0.0.1:0", "--most-connections", "1000000")
        line = node.notes_until(r".* warning this process may have .*")[-1]
        self.assertRegex(line, r"may have \d+ descriptors, which is enough for \d+ connections, not for 1000000; "
                               r"raise it with ulimit -n$")

    def test_a_node_says_how_many_it_has_room_for(self):
        node = self.node(0, "--most-connections", "7")
        node.notes(r".* info takes up to 7 connections at a time")

    def test_an_address_has_no_more_connections_than_configured(self):
        node = self.node(0, "--most-per-address", "1")
        self.chat("ann")
        second = Program(self, "chat", "--node", f"tcp://127.0.0.1:{self.port}", "--name", "bob")
        second.notes_until(r"link: down .*connections from this address.*")
        node.notes_until(r".* warning turning strangers away: 127\.0\.0\.1 has as many connections as the node "
                         r"allows one address, 1")


if __name__ == "__main__":
    unittest.main()
