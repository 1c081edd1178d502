"""Somebody at a terminal of a repository that is built. The first two arguments of each test that uses this are SOURCE and
BUILD, the folders of either."""

import os
import pathlib
import queue
import shlex
import signal
import subprocess
import sys
import threading
import time

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from processes import mortal  # noqa: E402

PATIENCE = 30  # seconds for anything to happen; sanitized builds are slow to start


class Terminal:
    """One terminal in which a command was typed; what it prints, stdout and stderr, is read as it comes."""

    def __init__(self, command, *more):
        self.command = command
        environment = {"HOME": "/", "BYSSUS_BUILD_FOLDER": str(BUILD), "PATH": os.environ["PATH"]}
        if counts := os.environ.get("LLVM_PROFILE_FILE"):  # else ./dev coverage finds them in the sources
            environment["LLVM_PROFILE_FILE"] = counts
        self.process = subprocess.Popen(mortal(*shlex.split(command), *more), cwd=SOURCE, env=environment, text=True,
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
