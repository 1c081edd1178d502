#!/usr/bin/env python3
"""usage: flags_test.py FOLDER: --help, --version and every kind of mistake, of each program in FOLDER."""

import socket
import unittest

from programs import run

CHAT = ("--node", "tcp://127.0.0.1:1", "--name", "ann")


class Flags(unittest.TestCase):
    def test_help_names_every_flag(self):
        flags = {"chat_node": ("--listen", "--reactors", "--heartbeat", "--log-level", "--workers",
                               "--stats", "--most-connections", "--most-per-address", "--most-listeners",
                               "--accept-rate", "--hello-deadline", "--most-hello-bytes", "--config",
                               "--check-config", "BYSSUS_CONFIG"),
                 "chat": ("--node", "--name", "--room", "--heartbeat", "--log-level", "/who", "/quit"),
                 "push_node": ("--listen", "--topic", "--every", "--heartbeat", "--log-level"),
                 "push": ("--node", "--topic", "--heartbeat", "--log-level"),
                 "ping_pong": ("--listen", "--node", "--every", "--log-level")}
        for program, expected in flags.items():
            help_text = run(program, "--help")
            self.assertEqual(help_text.returncode, 0)
            self.assertEqual(help_text.stderr, "")
            for flag in expected + ("--help", "--version", "BYSSUS_LOG_LEVEL"):
                self.assertIn(flag, help_text.stdout, program)

    def test_version(self):
        for program in ("chat_node", "chat", "push_node", "push", "ping_pong"):
            version = run(program, "--version")
            self.assertEqual(version.returncode, 0)
            self.assertRegex(version.stdout, rf"^{program} \(Byssus \d+\.\d+\.\d+\)\n$")

    def mistake(self, key, program, *flags, **environment):
        ended = run(program, *flags, **environment)
        self.assertEqual(ended.returncode, 2, flags)
        self.assertEqual(ended.stdout, "")
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        self.assertIn(f"{program}: ", ended.stderr)
        self.assertIn(key, ended.stderr)

    def test_a_mistake_is_one_line_that_names_the_key(self):
        self.mistake("--bogus", "chat_node", "--bogus")
        self.mistake("--listen 7400: must be HOST:PORT", "chat_node", "--listen", "7400")
        self.mistake("--heartbeat 5: must be a time from 10ms to 1h", "chat_node", "--heartbeat", "5")
        self.mistake("--reactors 0: must be a number from 1 to 256", "chat_node", "--reactors", "0")
        self.mistake("BYSSUS_LISTEN=here: must be HOST:PORT", "chat_node", BYSSUS_LISTEN="here")
        self.mistake("--name NAME is missing", "chat", "--node", "tcp://127.0.0.1:1")
        self.mistake("--node tcp://HOST:PORT is missing", "chat", "--name", "ann")
        self.mistake("--node http://x:1: must be tcp://HOST:PORT", "chat", "--node", "http://x:1", "--name", "ann")
        self.mistake("--room : must be 1 to 255 bytes", "chat", *CHAT, "--room", "")
        self.mistake("--every 0s: must be a time from 1ms to 24h", "push_node", "--every", "0s")
        self.mistake("--topic : must be 1 to 255 bytes", "push_node", "--topic", "")
        self.mistake("--bogus", "push_node", "--bogus")
        self.mistake("--node tcp://HOST:PORT is missing", "push")
        self.mistake("--topic : must be 1 to 255 bytes", "push", "--node", "tcp://127.0.0.1:1", "--topic", "")
        self.mistake("--bogus", "push", "--node", "tcp://127.0.0.1:1", "--bogus")
        self.mistake("--every 5: must be a time from 10ms to 1h", "ping_pong", "--every", "5")
        self.mistake("--listen here: must be HOST:PORT", "ping_pong", "--listen", "here")
        self.mistake("give one of --listen HOST:PORT and --node tcp://HOST:PORT", "ping_pong")
        self.mistake("give one of", "ping_pong", "--listen", "127.0.0.1:0", "--node", "tcp://127.0.0.1:1")
        self.mistake("not both (BYSSUS_LISTEN and BYSSUS_NODE count, too)", "ping_pong", "--node",
                     "tcp://127.0.0.1:1", BYSSUS_LISTEN="127.0.0.1:0")
        self.mistake("--bogus", "ping_pong", "--bogus")

    def test_a_taken_port_is_one_line(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            where = f"127.0.0.1:{taken.getsockname()[1]}"
            for program in ("chat_node", "push_node", "ping_pong"):
                ended = run(program, "--listen", where)
                self.assertEqual(ended.returncode, 1)
                self.assertEqual(ended.stderr, f"{program}: cannot listen on {where}: another program listens on that "
                                               "port; stop it or choose another with --listen\n")


if __name__ == "__main__":
    unittest.main()
