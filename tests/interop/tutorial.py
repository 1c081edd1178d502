#!/usr/bin/env python3
"""The program of `tutorial/main.go` with Python's `socket`, to the letter of what it prints.

usage: tutorial.py client|server ADDRESS INTERVAL
"""

import json
import socket
import sys
import threading
import time

TRIES, WAIT = 5, 3.0  # dials in a row that may fail, and seconds between two


def say(*words):
    print(*words, flush=True)


def parse_interval(text):
    return float(text.removesuffix("ms")) / 1000 if text.endswith("ms") else float(text.removesuffix("s"))


def dial(address):
    for _ in range(TRIES):
        try:
            return socket.create_connection(address)
        except OSError as refused:
            say("dial failed:", refused)
            time.sleep(WAIT)
    sys.exit("tutorial: no server")


def read_loop(connection, on_read):
    """Hands each read on until the connection ends."""
    while True:
        try:
            read = connection.recv(1024)
        except OSError:
            return
        if not read:
            return
        say("read", json.dumps(read.decode(errors="replace")))
        on_read(read)


def write_every(connection, interval, done, following):
    """Writes what `following` returns at every tick, until `done` is set or a write fails."""
    while not done.wait(interval):
        try:
            connection.sendall(following())
        except OSError:
            return


def client(address, interval):
    while True:
        with dial(address) as connection:
            say("connected")
            done = threading.Event()
            ticker = threading.Thread(target=write_every, args=(connection, interval, done, lambda: b"ping"))
            ticker.start()
            read_loop(connection, lambda read: None)
            done.set()
            ticker.join()
        say("lost")


def serve(connection, interval):
    say("connected")
    done = threading.Event()
    number = 0

    def data():
        nonlocal number
        number += 1
        return f"data {number}\n".encode()

    with connection:
        ticker = threading.Thread(target=write_every, args=(connection, interval, done, data))
        ticker.start()
        read_loop(connection, lambda read: connection.sendall(b"pong") if read == b"ping" else None)
        done.set()
        ticker.join()
    say("lost")


def server(address, interval):
    with socket.create_server(address) as listener:
        say("listening")
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, interval), daemon=True).start()


def main():
    role, address, interval = sys.argv[1:4]
    host, port = address.rsplit(":", 1)
    {"client": client, "server": server}[role]((host, int(port)), parse_interval(interval))


if __name__ == "__main__":
    main()
