#!/usr/bin/env python3
"""usage: commands_test.py SOURCE BUILD

Types every shell command of README.md, in its words, and looks for what the README says happens. Only the ports (free
ones instead of 7400 to 7402) and the build folder are replaced in what is typed. A command that no step here types is an
error: the README may not promise what nothing tries.
"""

import contextlib
import queue
import re
import signal
import socket
import time

from extract import blocks
from terminal import BUILD, PATIENCE, SOURCE, Terminal
from processes import free_port  # on the path since terminal


class Readme:
    def __init__(self):
        self.ports = {written: free_port() for written in (7400, 7401, 7402)}
        self.port, self.feed = self.ports[7400], self.ports[7401]
        self.commands = [line for _, text in blocks(SOURCE / "README.md", "sh")
                         for line in text.splitlines() if line.strip()]
        self.untyped = list(self.commands)
        self.terminals = []

    def here(self, command):
        """The command as it must be typed in this build folder, for these ports."""
        build = BUILD.relative_to(SOURCE) if BUILD.is_relative_to(SOURCE) else BUILD
        command = re.sub(r"\b740[0-2]\b", lambda written: str(self.ports[int(written.group())]), command)
        return command.replace("build/", f"{build}/")

    def where(self):
        return ("--listen", f"127.0.0.1:{self.port}", "--feed", f"127.0.0.1:{self.feed}")

    def type(self, beginning, *more):
        """Opens a terminal with the README's first command that begins so and was not typed yet."""
        command = next((line for line in self.untyped if line.startswith(beginning)), None)
        assert command, f"README.md has no (further) command '{beginning}…'"
        self.untyped.remove(command)
        self.terminals.append(Terminal(self.here(command), *more))
        return self.terminals[-1]

    def start_node(self):
        node = Terminal("./dev run", *self.where())
        self.terminals.append(node)
        return node

    def follow(self):
        node = self.type("./dev run", *self.where())
        hinted = [self.here(line) for line in self.commands if not line.startswith("./dev") and "--listen" not in line]
        for command in hinted:
            node.expect(command)
        self.wait_for_port()

        ann, bob = self.type("build/bin/chat"), self.type("build/bin/chat")
        ann.expect("link: up")
        bob.expect("link: up")
        plain = self.type("nc")
        self.talk(ann, bob, plain)

        push = self.type("build/bin/push")
        push.expect("link: up")
        push.expect("% used")
        ping_pong = self.type("build/bin/ping_pong --node")
        ping_pong.expect("link: up")

        assert node.stop() == 0, "./dev run: the nodes did not stop cleanly on SIGTERM"
        self.nobody_listens()
        assert "retry in" in ann.expect("link: down"), "chat does not say when it tries again"
        for each in (bob, push, ping_pong):
            each.expect("link: down")
        node = self.start_node()
        for each in (ann, bob, push, ping_pong):
            each.expect("link: up")
        push.expect("% used")
        self.talk(bob, ann)

        self.type("build/bin/ping_pong --listen").expect("listening on")
        self.ping(self.ports[7402])
        # As Ctrl-C does it; and a kill that leaves the script no time.
        assert node.stop(signal.SIGINT) == 0, "./dev run: the nodes did not stop cleanly on SIGINT"
        self.nobody_listens()
        node = self.start_node()
        ann.expect("link: up")
        node.stop(signal.SIGKILL)
        self.nobody_listens()

        listing = self.type("./dev test", "-N")
        assert "Total Tests: 0" not in listing.expect("Total Tests: ")
        assert not self.untyped, f"README.md says {self.untyped}, which nothing here types"

    @staticmethod
    def ping(port):
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.sendall(b"ping")
            assert client.recv(16) == b"pong", "ping_pong --listen does not answer"

    def nobody_listens(self):
        """Both nodes are gone, whoever started them."""
        deadline = time.monotonic() + PATIENCE
        for port in (self.port, self.feed):
            with contextlib.suppress(ConnectionRefusedError):
                while time.monotonic() < deadline:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    time.sleep(0.05)
                raise AssertionError(f"./dev run: somebody listens on {port} still")

    def talk(self, speaker, *hearers):
        """Whatever one types, the others print. Repeated, since a hearer may still be on the way into the room."""
        for number, hearer in enumerate(hearers):
            line = f"is anybody there, {number}"
            self.repeat(lambda: speaker.type(line), hearer, line)

    @staticmethod
    def repeat(say, hearer, line):
        deadline = time.monotonic() + PATIENCE
        while True:
            say()
            try:
                heard = hearer.lines.get(timeout=1)
                hearer.seen.append(str(heard))
                if heard and line in heard:
                    return
            except queue.Empty:
                pass
            assert time.monotonic() < deadline, f"{hearer.command}: did not hear '{line}' in\n  " + "\n  ".join(hearer.seen)

    def wait_for_port(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"./dev run: nothing listens on {self.port}:\n  " + "\n  ".join(self.terminals[0].seen))


def main():
    readme = Readme()
    try:
        readme.follow()
    finally:
        for terminal in readme.terminals:
            terminal.close()
    print(f"README.md: {len(readme.commands)} commands typed, and what it says of them holds")


if __name__ == "__main__":
    main()
