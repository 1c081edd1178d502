"""Programs that tests start: with which environment, on which port, and that none outlives who started it. Standard
library only."""

import os
import resource
import socket
import sys

SKIPPED = 77  # the exit code that ctest shows as skipped

LISTENS = r"info listening on \S+:(\d+)$"  # what a node logs when it is open, and its port


def skip(reason):
    """Ends the program as skipped, visibly."""
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def clean_environment():
    """This one, without what configures nodes."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BYSSUS_")}


def mortal(*command):
    """The command that runs `command`, and ends it when the thread that started it ends, however that ends."""
    return ["setpriv", "--pdeathsig", "KILL", *map(str, command)]


def free_port():
    """A port that nobody listens on just now: for who cannot take port 0 and say which one it got, or where nobody is to
    listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def raise_descriptors(needed):
    """Lets this process, and what it starts, have as many descriptors as it may; returns how many. Ends the program as
    skipped if these are fewer than needed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < needed:
        skip(f"{needed} descriptors are needed, and a process may have {hard} here (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
