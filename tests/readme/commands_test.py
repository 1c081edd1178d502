#!/usr/bin/env python3
"""usage: commands_test.py SOURCE BUILD

Types every shell command of README.md, in its words, and looks for what the README says happens; then runs
the README's program. Only the ports (free ones instead of 7400 to 7402) and the build folder are replaced in what is
typed. A command that no step here types is an error: the README may not promise what nothing tries.
"""

import contextlib
import os
import pathlib
import queue
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time

from extract import blocks

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
PATIENCE = 30  # seconds for anything to happen; sanitized builds are slow to start


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Terminal:
    """One terminal in which a command was typed; what it prints, stdout and stderr, is read as it comes."""

    def __init__(self, command, *more):
        self.command = command
        environment = {"HOME": "/", "BYSSUS_BUILD_FOLDER": str(BUILD), "PATH": os.environ["PATH"]}
        self.process = subprocess.Popen([*shlex.split(command), *more], cwd=SOURCE, env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        self.lines = queue.Queue()
        self.seen = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def expect(self, part):
        """Reads on until a line holds this part."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"{self.command}: no '{part}' in\n  " + "\n  ".join(self.seen))
            self.seen.append(line)
            if part in line:
                return line

    def stop(self, with_signal=signal.SIGTERM):
        """Ends it as a person does; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.wait(timeout=PATIENCE)

    def close(self):
        """Ends whatever is left of it, also what it started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


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

    def run_program(self):
        """The program is compiled as it stands, with port 7400 in it; where that is taken it is not run."""
        for port in (7400, 7401):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    print(f"README.md: port {port} is taken here, so its program was compiled, not run")
                    return
        self.terminals.append(Terminal("./dev run"))
        program = Terminal(str(BUILD / "tests" / "bin" / "readme_program"))
        self.terminals.append(program)
        program.expect("link: up")
        program.expect("lobby has publish 1 at offset")
        assert program.stop() == 0, "the README's program did not stop cleanly on SIGTERM"
        program.expect("hello")

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
        readme.run_program()
    finally:
        for terminal in readme.terminals:
            terminal.close()
    print(f"README.md: {len(readme.commands)} commands typed, and what it says of them holds")


if __name__ == "__main__":
    main()
