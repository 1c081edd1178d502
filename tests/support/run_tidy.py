#!/usr/bin/env python3
"""usage: run_tidy.py BUILD_FOLDER [--all]

Runs clang-tidy over the C++ sources that differ from the upstream branch (or, where there is none or
it is the same, from the commit before), or over all. A changed header is read through the source beside
it, or else through the first source that includes it.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

import repository


def changed():
    """Files that differ from where this work started; all of them when git cannot say."""
    for base in ("@{upstream}", "origin/HEAD", "HEAD~1", "HEAD"):
        start = repository.git("merge-base", base, "HEAD")
        committed = start and repository.git("diff", "--name-only", start[0])
        untracked = repository.git("ls-files", "--others", "--exclude-standard") or []
        if committed is not None and committed + untracked:
            return set(committed + untracked)
    return set(repository.files())


def reading(header, sources):
    """The source through which a header is checked, or None."""
    beside = re.sub(r"\.hpp$", ".cpp", header)
    if beside in sources:
        return beside
    spelled = '"' + header[header.find("byssus/"):] + '"'
    return next((name for name in sources
                 if spelled in (repository.ROOT / name).read_text(encoding="utf-8")), None)


def tidy(build, name):
    done = subprocess.run(["clang-tidy", "--quiet", "-p", build, name], cwd=repository.ROOT,
                          capture_output=True, text=True, check=False)
    # "note:" lines and code excerpts explain, but a finding is one line.
    found = re.findall(r"^(\S+?):(\d+):\d+: (?:warning|error): (.*) \[([\w.-]+)[\w.,-]*\]$", done.stdout, re.M)
    if done.returncode != 0 and not found:
        return [(name, 1, "clang-tidy failed", (done.stderr or done.stdout).strip().replace("\n", " | "))]
    # What is found in the headers of others is not ours to change.
    ours = [(os.path.relpath(path, repository.ROOT), *rest) for path, *rest in found]
    return [(path, int(line), what, f"change it ({check})")
            for path, line, what, check in ours if not path.startswith("..")]


def main():
    build, everything = sys.argv[1], "--all" in sys.argv
    compiled = {str(pathlib.Path(entry["file"]).relative_to(repository.ROOT))
                for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
                if pathlib.Path(entry["file"]).is_relative_to(repository.ROOT)}
    sources = sorted(name for name in compiled if not name.startswith("build/"))
    wanted = set(sources)
    if not everything:
        names = changed()
        headers = {reading(name, sources) for name in names if name.endswith(".hpp")}
        wanted &= names | headers
    print(f"clang-tidy: {len(wanted)} of {len(sources)} sources", flush=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [finding for findings in pool.map(lambda name: tidy(build, name), sorted(wanted))
                 for finding in findings]
    return repository.report(sorted(set(found)))


if __name__ == "__main__":
    sys.exit(main())
