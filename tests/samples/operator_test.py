#!/usr/bin/env python3
"""usage: operator_test.py FOLDER: what somebody sees who runs a node: its statistics in the log."""

import unittest

from programs import Conversation

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

    def test_without_the_flag_no_line_comes(self):
        node = self.node()
        self.chat("ann")
        node.process.terminate()
        self.assertEqual(node.ends(), 0)
        while (line := node.err.get(timeout=5)) is not None:
            self.assertNotIn("stats", line)


if __name__ == "__main__":
    unittest.main()
