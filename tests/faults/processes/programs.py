"""The sample programs as processes: start, type, read with a deadline, kill. Standard library only."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

from processes import LISTENS, clean_environment, mortal  # noqa: E402

DEADLINE = 30.0  # seconds that anything may take which a test waits for


def fail(what):
    raise AssertionError(what)


class Program:
    """A running program whose lines are kept with the time at which they came."""

    def __init__(self, name, process):
        self.name = name
        self.process = process
        self.out = []  # (monotonic seconds, line) of stdout
        self.err = []  # the same of stderr
        self.news = asyncio.Condition()
        self.readers = [
            asyncio.create_task(self._collect(process.stdout, self.out)),
            asyncio.create_task(self._collect(process.stderr, self.err)),
        ]

    @classmethod
    async def start(cls, name, *command):
        process = await asyncio.create_subprocess_exec(
            *mortal(*command), env=clean_environment(), stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        return cls(name, process)

    async def _collect(self, stream, lines):
        while line := await stream.readline():
            lines.append((time.monotonic(), line.decode(errors="replace").rstrip("\n")))
            async with self.news:
                self.news.notify_all()
        async with self.news:
            self.news.notify_all()

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")

    async def wait_for(self, lines, pattern, since=0, deadline=DEADLINE):
        """The first line from number `since` on that matches, as (number, time, match)."""
        wanted = re.compile(pattern)
        end = time.monotonic() + deadline
        while True:
            for number in range(since, len(lines)):
                if match := wanted.search(lines[number][1]):
                    return number, lines[number][0], match
            since = max(since, len(lines))
            left = end - time.monotonic()
            ended = all(reader.done() for reader in self.readers)
            if left <= 0 or ended:
                fail(f"{self.name}: {'ended without a' if ended else f'in {deadline} s no'} line like '{pattern}'; stdout "
                     f"{[l for _, l in self.out][-5:]}, stderr {[l for _, l in self.err][-5:]}")
            async with self.news:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self.news.wait(), min(left, 1.0))

    def send(self, which):
        os.kill(self.process.pid, which)

    async def end(self, which=signal.SIGKILL):
        if self.process.returncode is None:
            self.send(which)
        await asyncio.wait_for(self.process.wait(), DEADLINE)
        await asyncio.gather(*self.readers)
        return self.process.returncode


class Town:
    """A chat node and its clients; whatever happens, none of them outlives the `async with`."""

    def __init__(self, folder):
        self.folder = folder
        self.port = 0  # the first node finds one, and those after it take the same
        self.programs = []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *failure):
        for program in self.programs:
            if program.process.returncode is None:
                program.send(signal.SIGCONT)
                await program.end()

    async def start(self, name, *command):
        program = await Program.start(name, *command)
        self.programs.append(program)
        return program

    async def node(self, *flags):
        node = await self.start("chat_node", f"{self.folder}/chat_node", "--listen",
                                 f"127.0.0.1:{self.port}", *flags)
        _, _, open_on = await node.wait_for(node.err, LISTENS)
        self.port = int(open_on.group(1))
        return node

    async def client(self, name, *flags, port=None, host="127.0.0.1"):
        return await self.start(name, f"{self.folder}/chat", "--node",
                                 f"tcp://{host}:{port or self.port}", "--name", name, *flags)


def seconds(text):
    """Reads `0.4 s`, as in `retry in 0.4 s`."""
    return float(text)


def run(test):
    """Runs the coroutine function with the folder of the programs, which is the only argument."""
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        sys.exit(f"usage: {sys.argv[0]} FOLDER-OF-THE-PROGRAMS")
    asyncio.run(test(sys.argv[1]))
    print("held")
