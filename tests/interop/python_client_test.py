"""The second implementation against a real node: python_client_test.py FOLDER-OF-THE-PROGRAMS"""

import os
import re
import subprocess
import sys
import unittest

from byssus_wire import Client

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from processes import LISTENS, clean_environment, mortal  # noqa: E402

FOLDER = sys.argv.pop(1) if len(sys.argv) > 1 else "."


class PythonClient(unittest.TestCase):
    def setUp(self):
        self.node = subprocess.Popen(mortal(os.path.join(FOLDER, "chat_node"), "--listen", "127.0.0.1:0"),
                                     env=clean_environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.port = int(re.search(LISTENS, self.node.stderr.readline()).group(1))

    def tearDown(self):
        self.node.kill()
        self.node.wait()
        self.node.stderr.close()

    def client(self, name):
        client = Client("127.0.0.1", self.port, name)
        self.addCleanup(client.socket.close)
        return client

    def test_what_one_publishes_all_receive_once_and_in_order(self):
        ann, bob = self.client("ann"), self.client("bob")
        start = ann.subscribe("lobby")
        bob.subscribe("lobby")
        for number in range(1, 201):  # more than one acknowledgement's worth
            receipt = ann.publish("lobby", f"line {number}")
            self.assertEqual(receipt["number"], number)
        for client in (ann, bob):
            for number in range(1, 201):
                message = client.expect("message")
                self.assertEqual(message["offset"], start["offset"] + number)
                self.assertEqual(bytes.fromhex(message["payload"]).decode(), f"line {number}")
                self.assertEqual(message["sender"], "ann")

    def test_a_ping_is_answered(self):
        self.assertLess(self.client("ann").ping(), 5.0)

    def test_a_pong_that_nobody_asked_for_does_no_harm(self):
        ann = self.client("ann")
        ann.send("pong", nonce=1, received=0)
        self.assertLess(ann.ping(), 5.0)

    def test_presence_names_who_is_there(self):
        ann, bob = self.client("ann"), self.client("bob")
        ann.subscribe("lobby")
        bob.subscribe("lobby")
        ann.send("presence", room="lobby")
        self.assertEqual(ann.expect("presence")["names"], ["ann", "bob"])

    def test_garbage_after_welcome_is_answered_with_its_close_code(self):
        ann = self.client("ann")
        ann.socket.sendall(b"\xff" * 64)
        kind, fields = ann.receive()
        while kind != "close":
            kind, fields = ann.receive()
        self.assertEqual(fields["code"], 4502)


if __name__ == "__main__":
    unittest.main()
