#!/usr/bin/env python3
"""usage: coverage.py BUILD_FOLDER [--lines]

Reads what the tests of an instrumented build have left in BUILD_FOLDER/profiles, and prints for each layer how
many of its lines they ran. Exits with 1 if that is less than the layer's limit. --lines prints instead which
lines of protocol/ nobody ran.
"""

import os
import pathlib
import subprocess
import sys

import repository

# What counts as which layer, the more special path first, and how much of it has to run.
LAYERS = [("protocol", "protocol/", 90), ("actors", "actors/", 90),
          ("testing", "runtime/byssus/runtime/testing/", 80), ("runtime", "runtime/", 80)]


def programs(build):
    for folder in (build / "bin", build / "tests" / "bin"):
        yield from (file for file in sorted(folder.iterdir()) if file.is_file() and os.access(file, os.X_OK))


def lcov(build):
    """What llvm-cov has to say about all programs together, line by line."""
    profile = build / "profiles" / "all.profdata"
    raw = [str(file) for file in (build / "profiles").glob("*.profraw")]
    if not raw:
        sys.exit("coverage: no test has left a profile")
    subprocess.run(["llvm-profdata", "merge", "-sparse", "-o", profile, "-f", "/dev/stdin"],
                   input="\n".join(raw), text=True, check=True)
    first, *others = programs(build)
    return subprocess.run(
        ["llvm-cov", "export", "-format=lcov", f"-instr-profile={profile}", first,
         *(word for other in others for word in ("-object", other)),
         *(repository.ROOT / layer for layer in ("protocol", "actors", "runtime"))],
        stdout=subprocess.PIPE, text=True, check=True).stdout


def written_by_compiler(name):
    """Lines whose code the compiler writes; clang 14 counts some of them in programs that never use them."""
    text = (repository.ROOT / name).read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(text, 1) if line.endswith("= default;")}


def runs_of_lines(report):
    """{file: {line: runs}} of the sources of the layers."""
    files, here = {}, None
    for line in report.splitlines():
        kind, _, rest = line.partition(":")
        if kind == "SF":
            name = os.path.relpath(os.path.realpath(rest), repository.ROOT)
            here = files.setdefault(name, {})
        elif kind == "DA":
            number, runs = rest.split(",")[:2]
            here[int(number)] = here.get(int(number), 0) + int(runs)
    for name, lines in files.items():
        for line in written_by_compiler(name) & lines.keys():
            del lines[line]
    return files


def layer_of(name):
    return next((layer for layer, path, _ in LAYERS if name.startswith(path)), None)


def print_table(files):
    """Prints the table; returns whether every layer reaches its limit."""
    kept = True
    print(f"{'layer':10} {'files':>6} {'lines':>7} {'run':>7} {'':>7} {'limit':>6}")
    for layer, _, limit in LAYERS:
        lines = [runs for name, of_file in files.items() if layer_of(name) == layer for runs in of_file.values()]
        count = sum(1 for name in files if layer_of(name) == layer)
        run = sum(1 for runs in lines if runs)
        share = 100 * run / max(len(lines), 1)
        verdict = "" if share >= limit else "  too little"
        kept = kept and not verdict
        print(f"{layer:10} {count:6} {len(lines):7,} {run:7,} {share:6.1f}% {limit:5}%{verdict}")
    return kept


def print_lines(files):
    for name in sorted(name for name in files if layer_of(name) == "protocol"):
        text = (repository.ROOT / name).read_text(encoding="utf-8").splitlines()
        for line, runs in sorted(files[name].items()):
            if not runs:
                print(f"{name}:{line}: {text[line - 1].strip()}")


def main():
    words = [word for word in sys.argv[1:] if word != "--lines"]
    files = runs_of_lines(lcov(pathlib.Path(words[0]).resolve()))
    if "--lines" in sys.argv:
        print_lines(files)
    return 0 if print_table(files) else 1


if __name__ == "__main__":
    sys.exit(main())
