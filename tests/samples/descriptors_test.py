#!/usr/bin/env python3
"""usage: descriptors_test.py FOLDER: each program in FOLDER with hardly a descriptor runs, or says why not in one line."""

import os
import signal
import subprocess
import threading
import unittest

from programs import FOLDER, PATIENCE, clean_environment


class Descriptors(unittest.TestCase):
    def test_few_descriptors_are_one_line(self):
        listen = ("--listen", "127.0.0.1:0")
        flags = {"chat_node": listen, "push_node": listen, "ping_pong": listen,
                 "push": ("--node", "tcp://127.0.0.1:1"), "chat": ("--node", "tcp://127.0.0.1:1", "--name", "ann")}
        for program, words in flags.items():
            refused = 0
            for most in range(5, 16):
                code, lines = self.with_descriptors(most, program, *words)
                if code == 1:
                    refused += 1
                    self.assertRegex(lines[-1], rf"^{program}: cannot (start|listen on 127\.0\.0\.1:0): the process has "
                                                r"no file descriptor left; raise the limit with ulimit -n$")
                else:  # it runs; the signal may have come before it waits for one
                    self.assertIn(code, (0, -signal.SIGTERM), (program, most, lines))
            self.assertGreater(refused, 1, program)

    @staticmethod
    def with_descriptors(most, name, *flags):
        """Code and stderr of a program that may have so many; it is asked to stop once it has said something."""
        command = ["sh", "-c", f'ulimit -n {most}; exec "$0" "$@"', os.path.join(FOLDER, name), *flags]
        with subprocess.Popen(command, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as process:
            hangs = threading.Timer(PATIENCE, process.kill)
            hangs.start()
            lines = [process.stderr.readline().rstrip("\n")]
            if "cannot" not in lines[0]:
                process.terminate()
            lines += process.stderr.read().splitlines()
            hangs.cancel()
            return process.wait(PATIENCE), lines


if __name__ == "__main__":
    unittest.main()
