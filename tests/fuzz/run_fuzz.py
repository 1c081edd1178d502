#!/usr/bin/env python3
"""Runs fuzz targets for a while, so many at a time, and tells what came of it; see ./dev fuzz --help.

usage: run_fuzz.py BUILD_FOLDER [--seconds N] [--jobs N] [--keep] TARGET…

New inputs are kept in BUILD_FOLDER/corpus, findings in BUILD_FOLDER/findings. The committed corpus is read;
only --keep writes into it: the fewest and smallest of all inputs that reach what all of them reach, and each that
somebody gave a name, as in finding-…, whether it reaches anything or not.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
LIMITS = ["-timeout=60", "-rss_limit_mb=2048", "-malloc_limit_mb=256", "-max_len=4096"]
NAMED_BY_LIBFUZZER = re.compile(r"[0-9a-f]{40}")
# Of a play what counts is how long it goes on, and libFuzzer lengthens its inputs only while nothing short is new.
LENGTHENED = {"world": "-len_control=0"}
WHAT_IS_WRONG = re.compile(r"broken promise: .*|runtime error: .*|ERROR: (?:AddressSanitizer|LeakSanitizer|libFuzzer): "
                           r"(?!deadly signal).*")


class Target:
    """One fuzz target: its program, its folders, and what its last run said."""

    def __init__(self, build, name):
        self.name = name
        self.program = build / "tests" / "bin" / f"fuzz_{name}"
        self.committed = HERE / "corpus" / name
        self.corpus = build / "corpus" / name
        self.findings = build / "findings"
        for folder in (self.committed, self.corpus, self.findings):
            folder.mkdir(parents=True, exist_ok=True)
        self.log = ""
        self.failed = False

    def command(self, *words):
        return [str(self.program), *LIMITS, LENGTHENED.get(self.name, "-len_control=10"),
                f"-dict={HERE / 'dictionaries' / self.name}.dict", *map(str, words)]

    def run(self, seconds):
        """What counts is the time on a core: on a busy machine it is far less than the seconds that passed."""
        started = time.monotonic()
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            child = subprocess.Popen(
                self.command(f"-max_total_time={seconds}", "-print_final_stats=1",
                             f"-artifact_prefix={self.findings}/{self.name}-", self.corpus, self.committed),
                stdout=subprocess.DEVNULL, stderr=output, env={"ASAN_OPTIONS": "quarantine_size_mb=32", **os.environ})
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            self.log = output.read()
        self.failed = child.returncode != 0
        self.seconds = time.monotonic() - started
        self.core_seconds = max(used.ru_utime + used.ru_stime, 0.001)
        return self

    def figure(self, name):
        found = re.search(rf"^stat::{name}:\s*(\d+)", self.log, re.M)
        return int(found.group(1)) if found else 0

    def row(self):
        executions = self.figure("number_of_executed_units")
        return (f"{self.name:12} {self.seconds:6.0f} s, {self.core_seconds:6.0f} s on a core {executions:12,} executions "
                f"{executions / self.core_seconds:8,.0f} a core second {self.figure('new_units_added'):6,} new inputs")

    def finding(self):
        """What is wrong, and the command that shows it again."""
        wrong = WHAT_IS_WRONG.search(self.log)
        lines = [f"{self.name}: FINDING: {wrong.group(0) if wrong else 'see its output below'}"]
        written = re.search(r"Test unit written to (\S+)", self.log)
        if written:
            lines.append(f"  the input: {written.group(1)}\n  again:     {self.program} {written.group(1)}")
        if not wrong or not written:
            lines.append("\n".join(self.log.splitlines()[-40:]))
        return "\n".join(lines)

    def keep(self):
        """Replaces the committed corpus by the fewest inputs, of it and of those found since; what has a name stays."""
        with tempfile.TemporaryDirectory(dir=self.corpus.parent) as fewest:
            for file in self.committed.iterdir():
                if not NAMED_BY_LIBFUZZER.fullmatch(file.name):
                    shutil.copy(file, fewest)
            subprocess.run(self.command("-set_cover_merge=1", fewest, self.committed, self.corpus),
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            shutil.rmtree(self.committed)
            shutil.copytree(fewest, self.committed)
        sizes = [file.stat().st_size for file in self.committed.iterdir()]
        return f"{self.name:12} keeps {len(sizes):,} inputs, {sum(sizes):,} bytes"


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--keep", action="store_true")
    options.add_argument("targets", nargs="+")
    given = options.parse_args()
    targets = [Target(given.build.resolve(), name) for name in given.targets]
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(each.run, given.seconds) for each in targets]):
            print(done.result().row(), flush=True)
            if done.result().failed:
                print(done.result().finding(), flush=True)
        if given.keep and not any(each.failed for each in targets):
            for line in pool.map(Target.keep, targets):
                print(line, flush=True)
    return 1 if any(each.failed for each in targets) else 0


if __name__ == "__main__":
    sys.exit(main())
