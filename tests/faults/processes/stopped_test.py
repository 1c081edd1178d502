"""A node that stands still is found dead, and a client that stood still is none the worse for it."""

import asyncio
import re
import signal
import time

from programs import Town, fail, run

INTERVAL = 2.0  # seconds between pings


async def stopped_node(folder):
    async with Town(folder) as town:
        node = await town.node("--heartbeat", f"{INTERVAL}s")
        client = await town.client("ann", "--heartbeat", f"{INTERVAL}s")
        await client.wait_for(client.err, r"^link: up$")
        await asyncio.sleep(INTERVAL + 0.5)  # a round trip has been measured
        mark = len(client.err)
        node.send(signal.SIGSTOP)
        stopped = time.monotonic()
        suspect, at_suspect, _ = await client.wait_for(client.err, r"^link: suspect$", mark)
        _, at_down, _ = await client.wait_for(client.err, r"^link: down .*retry in", suspect)
        found = at_down - stopped
        if found > INTERVAL + 3.0:
            fail(f"the stopped node was found dead after {found:.2f} s, {INTERVAL + 3.0} s are allowed")
        node.send(signal.SIGCONT)
        await client.wait_for(client.err, r"^link: up$", suspect)
        print(f"stopped node: suspect after {at_suspect - stopped:.2f} s, down after {found:.2f} s "
              f"(interval {INTERVAL} s), up again")


async def stopped_client(folder):
    async with Town(folder) as town:
        await town.node()
        ann = await town.client("ann")
        bob = await town.client("bob")
        for client in (ann, bob):
            await client.wait_for(client.err, r"^link: up$")
        await asyncio.sleep(1.0)
        mark = len(ann.err)
        ann.send(signal.SIGSTOP)
        await asyncio.sleep(10.0)
        ann.send(signal.SIGCONT)
        await asyncio.sleep(8.0)  # longer than a false verdict would take
        if ann.process.returncode is not None:
            fail("the client died of being stopped")
        states = [line for _, line in ann.err[mark:]]
        downs = sum(1 for line in states if re.match("link: down", line))
        if downs > 1:
            fail(f"the client reconnected {downs} times after it was stopped: {states}")
        heard = len(ann.out)
        bob.type("still there?")
        await ann.wait_for(ann.out, r"^bob: still there\?$", heard)
        print(f"stopped client: {downs} reconnections, states {states}")


async def test(folder):
    await stopped_node(folder)
    await stopped_client(folder)


run(test)
