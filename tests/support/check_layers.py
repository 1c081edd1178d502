#!/usr/bin/env python3
"""protocol <- actors <- runtime <- samples: who may include what.

In the distribution all headers share one folder, so a link target alone keeps nobody from including
upward. This reads every #include instead.
"""

import re
import sys

import repository

STANDARD = r"[a-z_]+"
POSIX = r"(sys/|netinet/|arpa/|linux/|net/)?\w+\.h"
CONCURRENT = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "stop_token", "semaphore"}

# Folder (the first that fits): what it may include, as patterns, and what to do otherwise.
LAYERS = [
    ("protocol/", [STANDARD, r"nlohmann/.*", r"byssus/protocol/.*"],
     "protocol is sans-IO: std, nlohmann and byssus/protocol alone"),
    ("actors/", [STANDARD, r"caf/(?!io/|openssl/).*", r"byssus/(protocol|actors)/.*"],
     "actors know std, CAF's core, byssus/protocol and byssus/actors alone; what is real is a port"),
    ("runtime/byssus/runtime/testing/",
     [STANDARD, r"caf/(?!io/|openssl/).*", r"byssus/(protocol|actors)/.*", r"byssus/runtime/testing/.*"],
     "the test kit stands on actors alone"),
    ("runtime/", [STANDARD, POSIX, r"caf/(?!io/|openssl/).*", r"nlohmann/.*", r"(boost|openssl|spdlog|CLI|prometheus)/.*",
                  r"byssus/.*"],
     "runtime uses protocol, actors and the libraries that the design names"),
    ("samples/", [STANDARD, POSIX, r"caf/(?!io/|openssl/).*", r"\w+\.hpp", r"byssus/(?!.*detail/).*"],
     "a sample uses the installed public headers alone"),
]

# What the layers without threads or clocks may not say.
QUIET = ("protocol/", "actors/", "runtime/byssus/runtime/testing/")
LOUD = [
    (r"\b\w*_clock::now\s*\(", "a clock read", "take the time from the reactor port"),
    (r"\bstd::(this_thread|jthread|thread|mutex|condition_variable)\b", "a thread or lock",
     "this layer has none: send a message or use a port"),
]


def check_file(name, text):
    layer = next((layer for layer in LAYERS if name.startswith(layer[0])), None)
    if layer is None:
        return []
    _, allowed, remedy = layer
    quiet = name.startswith(QUIET)
    findings = []
    for number, line in enumerate(repository.without_comments(text).splitlines(), 1):
        include = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if include:
            header = include.group(1)
            if not any(re.fullmatch(pattern, header) for pattern in allowed):
                findings.append((name, number, f"may not include {header}", remedy))
            elif quiet and header in CONCURRENT:
                findings.append((name, number, f"may not include {header}", LOUD[1][2]))
        elif quiet:
            findings += [(name, number, what, todo) for pattern, what, todo in LOUD if re.search(pattern, line)]
    return findings


def main():
    root = repository.root_from_arguments()
    findings = []
    for name in repository.files(root):
        if name.endswith((".hpp", ".cpp", ".hpp.in")):
            findings += check_file(name, (root / name).read_text(encoding="utf-8"))
    return repository.report(findings)


if __name__ == "__main__":
    sys.exit(main())
