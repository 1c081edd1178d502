#!/usr/bin/env python3
"""usage: addresses_test.py FOLDER: a node that listens on IPv6. Exit code 77: this machine has none."""

import socket
import unittest

from programs import PATIENCE, Conversation, Program
from processes import skip  # on the path since programs


class Addresses(Conversation):
    def node_on(self, host):
        node = Program(self, "chat_node", "--listen", f"{host}:0")
        self.port = int(node.notes(r".* info listening on \[[:1]+\]:(\d+)").group(1))
        return node

    def chat_at(self, host, name):
        chat = Program(self, "chat", "--node", f"tcp://{host}:{self.port}", "--name", name)
        chat.notes("link: up")
        return self.in_room(chat, name)

    def refused_as(self, node, host):
        """What the log calls somebody who comes from there and speaks TLS, which the port does not."""
        with socket.create_connection((host, self.port), PATIENCE) as stranger:
            stranger.sendall(b"\x16\x03\x01")
            port = stranger.getsockname()[1]
            line = node.notes_until(r".* warning closing .*")[-1]
        return line.split(" closing ")[1].split(": 4")[0].replace(str(port), "PORT")

    def test_a_node_on_an_ipv6_address(self):
        node = self.node_on("[::1]")
        ann, bob = self.chat_at("[::1]", "ann"), self.chat_at("[::1]", "bob")
        ann.type("by numbers of six")
        bob.says("ann: by numbers of six")
        self.assertEqual(self.refused_as(node, "::1"), "[::1]:PORT")
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def test_a_node_on_every_address_takes_ipv4_as_well(self):
        node = self.node_on("[::]")
        ann, bob = self.chat_at("[::1]", "ann"), self.chat_at("127.0.0.1", "bob")
        ann.type("hello, four")
        bob.says("ann: hello, four")
        self.assertEqual(self.refused_as(node, "::1"), "[::1]:PORT")
        self.assertEqual(self.refused_as(node, "127.0.0.1"), "127.0.0.1:PORT")


if __name__ == "__main__":
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as missing:
        skip(f"this machine has no IPv6: {missing}")
    unittest.main()
