"""Two hosts with a bad network between them: two network namespaces, and a relay that loses, delays and cuts.

    with RoughNetwork("build/tests/bin/rough_network_relay", seed=7) as network:
        network.set("both", loss=0.05, delay=100, jitter=50)
        server = subprocess.Popen(network.far.command("chat_node", "--listen", f"{network.far.address}:7400"))
        …
        network.cut()       # a pulled cable
        network.silence("back")  # the far side is not heard any more
        network.heal()

The namespaces have no name and live as long as the relay and what runs in them; all of these end with this process,
however it ends. Needs root, iproute2 and /dev/net/tun; `or_skip` ends a test that lacks them visibly."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from processes import SKIPPED, mortal, skip  # noqa: E402


def or_skip(relay):
    """Ends the program as skipped where there can be no rough network."""
    for tool in ("ip", "tc"):
        if shutil.which(tool) is None:
            skip(f"a rough network needs {tool}; Debian has it in iproute2")
    trial = subprocess.run([relay, "0"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if trial.returncode == SKIPPED:
        skip(f"a rough network needs root and /dev/net/tun: {trial.stderr}")


class Side:
    """One of the two hosts. `address` and `address6` are where the other one reaches it."""

    def __init__(self, space, number):
        self.space = space
        self.address = f"10.77.0.{number}"
        self.address6 = f"fd77::{number}"

    def inside(self, *command):
        """The command that runs `command` on this host."""
        return ["nsenter", f"--net={self.space}", *map(str, command)]

    def command(self, *command):
        """The same, which ends with who started it."""
        return mortal(*self.inside(*command))

    def run(self, *command):
        return subprocess.run(self.command(*command), check=True, stdout=subprocess.PIPE, text=True).stdout

    def limit(self, bits_per_second, queue_milliseconds):
        """Lets no more out than this (the kernel's token bucket filter); what would wait longer is dropped."""
        self.run("tc", "qdisc", "replace", "dev", "rough", "root", "tbf", "rate", f"{bits_per_second}bit",
                 "burst", "3000", "latency", f"{queue_milliseconds}ms")

    def choose(self, congestion_control):
        """What new sockets of this host use; "reno" is there on every machine."""
        self.run("sh", "-c", f"echo {congestion_control} >/proc/sys/net/ipv4/tcp_congestion_control")

    def begin(self):
        for arguments in (f"addr add {self.address}/24 dev rough", f"addr add {self.address6}/64 dev rough nodad",
                          "link set lo up", "link set rough up"):
            self.run("ip", *arguments.split())


class RoughNetwork:
    def __init__(self, relay, seed):
        self.process = subprocess.Popen([relay, str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        bufsize=1)
        words = self.process.stdout.readline().split()
        if len(words) != 4:
            raise RuntimeError(f"the relay ended with code {self.process.wait()}")
        self.near, self.far = Side(words[1], 1), Side(words[3], 2)

    def __enter__(self):
        try:
            self.near.begin()
            self.far.begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def _ask(self, line):
        self.process.stdin.write(line + "\n")
        return self.process.stdout.readline().strip()

    def set(self, which, **weather):
        """Changes the way "there" (from near to far), "back", or "both". Of `weather` (loss, 0 to 1; delay and jitter
        in milliseconds; reorder, cut) what is not named stays."""
        words = " ".join(f"{name} {('off', 'on')[value] if isinstance(value, bool) else value}"
                         for name, value in weather.items())
        answer = self._ask(f"{which} {words}")
        if answer != "ok":
            raise ValueError(answer or "the relay has ended")

    def cut(self):
        self.set("both", cut=True)

    def silence(self, which):
        self.set(which, cut=True)

    def heal(self):
        self.set("both", cut=False)

    def limit(self, bits_per_second, queue_milliseconds=200):
        self.near.limit(bits_per_second, queue_milliseconds)
        self.far.limit(bits_per_second, queue_milliseconds)

    def counts(self):
        """For each way, what has become of its packets."""
        words = self._ask("counts").split()
        names = ("came", "lost", "cut", "overflowed", "arrived")
        return {words[i]: dict(zip(names, map(int, words[i + 1:i + 6]))) for i in (0, 6)}
