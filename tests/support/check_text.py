#!/usr/bin/env python3
"""The rules about text: no unfinished work, no stray blanks, no real sleeps, no machine paths, no long
files, no names that say nothing, no words that a fuzzer drops; and documents name nothing that is not there."""

import re
import sys

import documents
import repository

CODE = (".hpp", ".cpp", ".hpp.in", ".py", ".sh", ".cmake", ".txt", "dev")
CPP = (".hpp", ".cpp", ".hpp.in")
LONGEST = 400

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}~/-])/(home|root|Users|mnt|media)/")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(")
SLEEPLESS = ("protocol/", "actors/", "tests/protocol/", "tests/actors/", "runtime/byssus/runtime/testing/")

CORPORA = "tests/fuzz/corpus/"  # bytes, some of which happen to be text
DICTIONARY_WORD = re.compile(r'"((?:\\x[0-9a-fA-F]{2}|\\.|[^"\\])*)"$')
LONGEST_WORD = 64  # bytes; libFuzzer drops longer ones and says nothing

EMPTY_NAME = re.compile(r"(?<!\w)(?:get|do|handle)_\w+|(?<!\w)\w*?(?:manager|helper|util)(?:s|ity|ities)?(?![a-zA-Z])")
# Names that other libraries ask a type to declare.
ASKED_FOR = {"get_executor": "Asio", "get_allocator": "the standard library"}


def empty_names(line):
    """Names that say nothing, where they are declared; calls into other libraries are theirs to name."""
    if line.lstrip().startswith("#") or re.search(r"\boverride\b", line):
        return
    for match in EMPTY_NAME.finditer(line):
        before = line[:match.start()].rstrip()
        if not before.endswith((".", "->", "::")) and match.group(0) not in ASKED_FOR:
            yield match.group(0)


def check_line(name, number, line, code):
    if line != line.rstrip():
        yield name, number, "blanks at the end", "delete them"
    unfinished = UNFINISHED.search(line)
    if unfinished:
        yield name, number, f"unfinished work ({unfinished.group(0)})", "finish it, or file it where work is filed"
    if MACHINE_PATH.search(line):
        yield name, number, "path of one machine", "compute it, or pass it in"
    if code is None:
        return
    if name.startswith(SLEEPLESS) and SLEEP.search(code):
        yield name, number, "real sleep", "advance the virtual time instead"
    for empty in empty_names(code):
        yield name, number, f"{empty} says nothing", "commands are verbs, queries nouns, reactions on_event"


def check_dictionary(name, lines):
    for number, line in enumerate(lines, 1):
        word = DICTIONARY_WORD.search(line)
        size = len(re.findall(r"\\x..|\\.|.", word.group(1))) if word else 0
        if size > LONGEST_WORD:
            yield name, number, f"a word of {size} bytes", f"split it: libFuzzer takes at most {LONGEST_WORD}"


def check_file(name, text, root):
    lines = text.split("\n")
    if name.endswith(CODE) and len(lines) - 1 > LONGEST:
        yield name, len(lines) - 1, f"{len(lines) - 1} lines", f"split it: at most {LONGEST}, one file one idea"
    code = repository.without_comments(text, strings_too=True).split("\n") if name.endswith(CPP) else None
    for number, line in enumerate(lines, 1):
        yield from check_line(name, number, line, code and code[number - 1])
    if name.endswith(".dict"):
        yield from check_dictionary(name, lines)
    if name.endswith(".md"):
        yield from documents.findings(name, lines, root)


def main():
    root = repository.root_from_arguments()
    findings = []
    for name in repository.files(root):
        if name.startswith(CORPORA):
            continue
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # data, as in test vectors
        findings += check_file(name, text, root)
    return repository.report(findings)


if __name__ == "__main__":
    sys.exit(main())
