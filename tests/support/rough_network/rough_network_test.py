"""The relay keeps its promises on real sockets, and leaves nothing behind: rough_network_test.py RELAY"""

import os
import signal
import subprocess
import sys
import time
import unittest

from rough_network import RoughNetwork, or_skip

RELAY = os.path.abspath(sys.argv.pop(1))

# Echoes datagrams, on both families.
ECHO = """
import socket
here = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
here.bind(("::", 7))
print("ready", flush=True)
while True:
    data, where = here.recvfrom(2048)
    here.sendto(data, where)
"""

# Sends COUNT datagrams EVERY milliseconds, and prints for each echo its number and how long it took in milliseconds;
# ends when nothing has come for PATIENCE.
ASK = """
import socket, sys, time
host, count, every, patience = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]) / 1000, float(sys.argv[4]) / 1000
here = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
begin, sent = time.monotonic(), {}
while True:
    if len(sent) < count and time.monotonic() >= begin + len(sent) * every:
        sent[len(sent)] = time.monotonic()
        try:
            here.sendto(str(len(sent) - 1).encode(), (host, 7))
        except OSError:  # a limit's queue is full
            pass
    here.settimeout(patience if len(sent) == count else max(0.0001, begin + len(sent) * every - time.monotonic()))
    try:
        number = int(here.recv(2048))
        print(number, (time.monotonic() - sent[number]) * 1000)
    except TimeoutError:
        if len(sent) == count:
            break
"""


class Relay(unittest.TestCase):
    def network(self, seed=1):
        network = RoughNetwork(RELAY, seed)
        network.__enter__()
        self.addCleanup(network.__exit__)
        echo = subprocess.Popen(network.far.command(sys.executable, "-c", ECHO), stdout=subprocess.PIPE, text=True)
        self.addCleanup(echo.stdout.close)
        self.addCleanup(echo.wait)
        self.addCleanup(echo.kill)
        self.assertEqual(echo.stdout.readline(), "ready\n")
        return network

    @staticmethod
    def ask(network, count, every=1, patience=400, host=None):
        lines = network.near.run(sys.executable, "-c", ASK, host or network.far.address, count, every, patience)
        return {int(number): float(took) for number, took in map(str.split, lines.splitlines())}

    def test_fair_weather_passes_all_of_both_families(self):
        network = self.network()
        for host in (network.far.address, network.far.address6):
            self.assertEqual(len(self.ask(network, 50, host=host)), 50)

    def test_as_many_are_lost_as_asked_on_each_way(self):
        network = self.network()
        before = network.counts()
        network.set("there", loss=0.2)
        answers = self.ask(network, 2000, every=0.5)
        after = network.counts()
        lost = after["there"]["lost"] - before["there"]["lost"]
        self.assertLess(abs(lost - 400), 4 * 18)  # 18: the standard deviation
        self.assertEqual(after["back"]["lost"], 0)
        self.assertEqual(len(answers), 2000 - lost)

    def test_delay_is_as_asked_never_less(self):
        network = self.network()
        network.set("both", delay=50, jitter=25)
        # So far apart that none waits behind a late one.
        took = sorted(self.ask(network, 40, every=60).values())
        self.assertEqual(len(took), 40)
        self.assertGreaterEqual(took[0], 50)
        self.assertLess(took[0], 80)  # one in five, or more on a busy machine

    def test_silence_and_cut_and_heal(self):
        network = self.network()
        for silent in ("there", "back"):
            network.silence(silent)
            self.assertEqual(self.ask(network, 20, patience=50), {})
            self.assertGreaterEqual(network.counts()[silent]["cut"], 20)
            network.heal()
            self.assertEqual(len(self.ask(network, 20)), 20)
        network.cut()
        self.assertEqual(self.ask(network, 20, patience=50), {})
        network.heal()
        self.assertEqual(len(self.ask(network, 20)), 20)

    def test_a_limit_is_kept(self):
        network = self.network()
        network.limit(100_000, queue_milliseconds=300)
        # A thousand datagrams of 31 bytes or so in 100 ms: the queue takes 300 ms of them, the others are lost.
        took = self.ask(network, 1000, every=0.1, patience=800)
        self.assertLess(len(took), 1000)
        self.assertGreater(max(took.values()), 200)
        self.assertLess(max(took.values()), 1000)

    def test_what_cannot_be_meant_is_refused(self):
        network = self.network()
        for wrong in ({"loss": 2}, {"wind": 1}, {"jitter": 5}):
            with self.assertRaises(ValueError):
                network.set("both", **wrong)
        with self.assertRaises(ValueError):
            network.set("up", loss=0)

    def test_nothing_is_left_even_after_a_kill(self):
        victim = subprocess.Popen(
            [sys.executable, "-B", "-c", "import subprocess, sys, time; from rough_network import RoughNetwork\n"
             f"with RoughNetwork({RELAY!r}, 1) as network:\n"
             "  inside = subprocess.Popen(network.far.command('cat'), stdin=subprocess.PIPE)\n"
             "  print(network.process.pid, inside.pid, flush=True)\n  time.sleep(60)"],
            cwd=os.path.dirname(os.path.abspath(__file__)), stdout=subprocess.PIPE, text=True)
        self.addCleanup(victim.stdout.close)
        inside = [int(pid) for pid in victim.stdout.readline().split()]
        self.assertEqual(len(inside), 2)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        end = time.monotonic() + 10
        while any(map(is_running, inside)) and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual([pid for pid in inside if is_running(pid)], [])


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


or_skip(RELAY)
unittest.main()
