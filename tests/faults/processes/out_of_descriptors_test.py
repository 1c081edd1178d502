"""25,000 clients come to a node that may have 2,000 descriptors: it takes as many as it can, turns the others away, costs
next to nothing while it is full, says so once, and takes others in when some have left."""

import asyncio
import resource
import sys
import time

from door import Load, descriptors_of, processor_seconds
from programs import Town, fail, run

DOOR_LOAD = sys.argv.pop(2)
DESCRIPTORS = 2_000
CLIENTS = (12_500, 12_500)  # two processes: one may have 20,000 descriptors
RATE = 2_500                # that come in a second, of each
IDLE = 5.0                  # seconds of being full
MOST_LOAD = 0.05            # of a core


async def counts(loads):
    return [await load.report() for load in loads]


async def all_judged(loads):
    """Waits until each client is welcome, or was sent away."""
    for _ in range(600):
        now = await counts(loads)
        ended = sum(each["count"] for load in now for each in load["ended"].values())
        welcomed = sum(load["welcomed"] for load in now)
        if sum(load["begun"] for load in now) == sum(CLIENTS) and ended + welcomed == sum(CLIENTS):
            return now, welcomed
        await asyncio.sleep(0.1)
    fail(f"not all were judged: {now}")


async def test(folder):
    async with Town(folder) as town:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, hard))  # the node inherits it
        node = await town.node("--heartbeat", "5m")  # so that nobody is reaped meanwhile
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        loads = [await Load.start(town, DOOR_LOAD, "hello", count, RATE) for count in CLIENTS]
        now, welcomed = await all_judged(loads)
        print(f"{welcomed} welcomed with {descriptors_of(node)} descriptors; the others: {[load['ended'] for load in now]}")
        if not 0.85 * DESCRIPTORS < welcomed < DESCRIPTORS:
            fail(f"{welcomed} were welcomed, with {DESCRIPTORS} descriptors")
        for load in now:
            if load["failed"] or not set(load["ended"]) <= {"4006", "none"}:
                fail(f"some ended otherwise than turned away: {load}")

        await asyncio.sleep(1)  # those who were told are gone now
        worked, began = processor_seconds(node), time.monotonic()
        await asyncio.sleep(IDLE)
        share = (processor_seconds(node) - worked) / (time.monotonic() - began)
        print(f"full and idle: {100 * share:.1f} % of a core")
        if share >= MOST_LOAD:
            fail("a full node that has nothing to do takes too much of a core")
        said = [line for _, line in node.err if "turning strangers away" in line]
        if len(said) != 1:
            fail(f"it should have said once that it is full: {said}")

        late = await town.client("late")
        await late.wait_for(late.err, r"^link: down .*(4006|overloaded)")
        await loads[0].leave()
        await late.wait_for(late.err, r"^link: up$", deadline=20.0)
        print("others are taken in when some have left")


run(test)
