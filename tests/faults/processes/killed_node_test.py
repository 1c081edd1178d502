"""Fifty clients, a node that is killed and started again after two seconds: each client comes back when it said it
would, none knocks more often than its policy allows, and what one types the other forty-nine print."""

import asyncio
import contextlib
import signal
import time

from counting_relay import CountingRelay
from programs import Town, fail, run, seconds

CLIENTS = 50
AWAY = 2.0          # seconds that the node is gone
GRACE = 0.5         # how much later than announced a client may be back
BASE, CAP = 0.2, 2.0  # the default policy in the first minute of an outage


def most_attempts(span):
    """The most attempts that the default policy allows in `span` seconds: the first may come at once, and each later
    one no sooner than a quarter of min(CAP, BASE * 2^n) after the one before."""
    attempts, at, doublings = 1, 0.0, 0
    while True:
        at += min(CAP, BASE * 2 ** doublings) / 4
        if at > span:
            return attempts
        attempts += 1
        doublings += 1


async def all_up(clients, marks):
    await asyncio.gather(*(c.wait_for(c.err, r"^link: up$", marks[c.name]) for c in clients))


async def talk(clients, speaker, line):
    marks = {c.name: len(c.out) for c in clients}
    speaker.type(line)
    others = [c for c in clients if c is not speaker]
    await asyncio.gather(*(c.wait_for(c.out, f"^{speaker.name}: {line}$", marks[c.name]) for c in others))


def check_return(client, mark):
    """From the kill on: the `retry in` that came last before `link: up` was kept."""
    promised = None
    for at, line in client.err[mark:]:
        if line.startswith("link: down") and "retry in " in line:
            promised = at + seconds(line.split("retry in ")[1].split()[0])
        if line == "link: up":
            if promised is None:
                fail(f"{client.name}: was up again without having been down")
            late = at - promised
            if late > GRACE:
                fail(f"{client.name}: came back {late:.2f} s after it said it would")
            return late
    fail(f"{client.name}: did not come back")


async def test(folder):
    async with contextlib.AsyncExitStack() as all_of_it:
        town = await all_of_it.enter_async_context(Town(folder))
        node = await town.node()
        relay = await all_of_it.enter_async_context(CountingRelay(town.port))
        clients = [await town.client(f"c{i:02}", port=relay.port) for i in range(CLIENTS)]
        await all_up(clients, {c.name: 0 for c in clients})
        # A client that joins is in the room when the node has confirmed it, and `/who` says so.
        await settled(clients)
        await talk(clients, clients[0], "before the storm")

        marks = {c.name: len(c.err) for c in clients}
        relay.forget()
        killed = time.monotonic()
        await node.end(signal.SIGKILL)
        await asyncio.sleep(AWAY)
        await town.node()
        await all_up(clients, marks)
        back = time.monotonic()

        lates = [check_return(c, marks[c.name]) for c in clients]
        allowed = most_attempts(back - killed)
        knocks = {c.name: relay.attempts(c.name) for c in clients}
        for name, count in knocks.items():
            if not 1 <= count <= allowed:
                fail(f"{name}: knocked {count} times in {back - killed:.1f} s, allowed are 1 to {allowed}")
        await settled(clients)
        await talk(clients, clients[7], "and after it")
        print(f"{CLIENTS} clients back after {AWAY} s: at most {max(lates):.2f} s later than announced; "
              f"{max(knocks.values())} attempts at most, {allowed} allowed")


async def settled(clients):
    """Waits until the node counts everybody in the room, as `/who` prints it."""
    asker = clients[0]
    for _ in range(100):
        mark = len(asker.out)
        asker.type("/who")
        _, _, match = await asker.wait_for(asker.out, r"^(\d+) in lobby", mark)
        if int(match.group(1)) == len(clients):
            return
        await asyncio.sleep(0.1)
    fail("not everybody came into the room")


run(test)
