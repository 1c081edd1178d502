#!/usr/bin/env python3
"""usage: program_test.py SOURCE BUILD

Runs the README's program, which was compiled as it stands, with port 7400 in it. Exit code 77: a port that it needs is taken.
"""

import socket

from terminal import BUILD, Terminal
from processes import skip  # on the path since terminal


def needs(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            skip(f"port {port}: {taken}")


def main():
    needs(7400)
    needs(7401)
    node, program = Terminal("./dev run"), None
    try:
        node.expect("Starting a chat node on 127.0.0.1:7400")
        program = Terminal(str(BUILD / "tests" / "bin" / "readme_program"))
        program.expect("link: up")
        program.expect("lobby has publish 1 at offset")
        assert program.stop() == 0, "the README's program did not stop cleanly on SIGTERM"
        program.expect("hello")
    finally:
        for terminal in filter(None, (node, program)):
            terminal.close()
    print("README.md: its program does what it says")


if __name__ == "__main__":
    main()
