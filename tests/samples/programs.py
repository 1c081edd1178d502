"""Starts the sample programs, and reads what they print with a deadline."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from processes import LISTENS, clean_environment, mortal  # noqa: E402

FOLDER = sys.argv.pop(1) if len(sys.argv) > 1 else "."
PATIENCE = 20  # seconds; only a failing test waits so long


def run(name, *flags, **environment):
    """Runs a program to its end."""
    return subprocess.run(mortal(os.path.join(FOLDER, name), *flags), env={**clean_environment(), **environment},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False)


class Program:
    """A program that runs, with its lines in two queues."""

    def __init__(self, test, name, *flags):
        self.test = test
        self.process = subprocess.Popen(mortal(os.path.join(FOLDER, name), *flags), env=clean_environment(),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, bufsize=1)
        self.out, self.err = queue.Queue(), queue.Queue()
        self.readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                        for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for reader in self.readers:
            reader.start()
        test.addCleanup(self._end)

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.put(line.rstrip("\n"))
        lines.put(None)

    def _end(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()
        for reader in self.readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def next_line(self, lines, what):
        """The next of `self.out` or `self.err`; None at its end."""
        try:
            return lines.get(timeout=PATIENCE)
        except queue.Empty:
            self.test.fail(f"waited in vain for {what}")

    def says(self, line):
        """The next line of stdout is this one."""
        self.test.assertEqual(self.next_line(self.out, line), line)

    def says_until(self, *parts):
        """Reads stdout until each of the parts was in some line."""
        wanted = set(parts)
        while wanted:
            line = self.next_line(self.out, wanted)
            if line is None:
                self.test.fail(f"ended without {wanted}")
            wanted = {part for part in wanted if part not in line}

    def notes(self, pattern):
        """The next line of stderr matches this."""
        line = self.next_line(self.err, pattern)
        self.test.assertRegex(line or "the end of stderr", f"^{pattern}$")
        return re.fullmatch(pattern, line)

    def notes_until(self, pattern):
        """Lines of stderr up to the first that matches, that one included."""
        lines = []
        while not lines or not re.fullmatch(pattern, lines[-1]):
            line = self.next_line(self.err, pattern)
            if line is None:
                self.test.fail(f"ended without {pattern}: {lines}")
            lines.append(line)
        return lines

    def ends(self, within=PATIENCE):
        return self.process.wait(within)

    def signal(self, number):
        self.process.send_signal(number)

    def freeze(self):
        """Stops it; when this returns, it does nothing any more."""
        self.signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)


class Conversation(unittest.TestCase):
    """A test with a chat node of its own."""

    def node(self, port=0, *flags):
        node = Program(self, "chat_node", "--listen", f"127.0.0.1:{port}", *flags)
        self.port = self.port_of(node)
        return node

    @staticmethod
    def port_of(node):
        return int(node.notes(".* " + LISTENS).group(1))

    def chat(self, name, *flags):
        """A client that is up, and in its room as the node sees it."""
        chat = Program(self, "chat", "--node", f"tcp://127.0.0.1:{self.port}", "--name", name, *flags)
        chat.notes("link: up")
        return self.in_room(chat, name)

    @staticmethod
    def in_room(chat, name):
        """The join left before any `/who` that is typed now, so its answer follows the join."""
        chat.type("/who")
        line = chat.next_line(chat.out, "/who")
        chat.test.assertRegex(line, rf"\d+ in \S+:.* {name}\b")
        return chat
