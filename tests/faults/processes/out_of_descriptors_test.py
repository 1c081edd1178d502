"""25,000 clients come to a node that may have 2,000 descriptors: it takes as many as it can, turns the others away, costs
next to nothing while it is full, says so once, and takes others in when some have left. And the same with descriptors that
are gone all of a sudden, where nobody can be turned away: they wait."""

import asyncio
import resource
import sys
import time

from door import Load, Loads, descriptors_of, ended, processor_seconds
from programs import Town, fail, run
from processes import raise_descriptors  # on the path since programs

DOOR_LOAD = sys.argv.pop(2)
DESCRIPTORS = 2_000
CLIENTS = (12_500, 12_500)  # two processes: one may have 20,000 descriptors
RATE = 2_500                # that come in a second, of each
LEFT = 300                  # descriptors, in the second part
MOST_UNTOLD = 1_000         # of those turned away: 0.2 s of them. 120 are told at a time, and who comes while all of these are
                            # still there is only cut off, which happens where clients have to wait for a core
IDLE = 5.0                  # seconds of being full
MOST_LOAD = 0.05            # of a core


async def few_descriptors(folder):
    async with Town(folder) as town:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, hard))  # the node inherits it
        node = await town.node("--heartbeat", "5m")  # so that nobody is reaped meanwhile
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        loads = [await Load.start(town, DOOR_LOAD, "hello", count, RATE) for count in CLIENTS]
        now = await Loads("hello", loads).until(
            lambda now: now["begun"] == sum(CLIENTS) and now["welcomed"] + ended(now) == sum(CLIENTS))
        print(f"{now['welcomed']} welcomed with {descriptors_of(node)} descriptors; the others: {now['ended']}")
        if not 0.85 * DESCRIPTORS < now["welcomed"] < DESCRIPTORS:
            fail(f"{now['welcomed']} were welcomed, with {DESCRIPTORS} descriptors")
        untold = now["ended"].pop("none", {"count": 0})["count"]
        if now["failed"] or set(now["ended"]) != {"4006"} or untold > MOST_UNTOLD:
            fail(f"some ended otherwise than turned away, and {untold} were not told why: {now}")

        await asyncio.sleep(1)  # those who were told are gone now
        await check_idle(node)
        check_said_once(node, "turning strangers away")

        late = await town.client("late")
        await late.wait_for(late.err, r"^link: down .*(4006|overloaded)")
        await loads[0].leave()
        await late.wait_for(late.err, r"^link: up$", deadline=20.0)
        print("others are taken in when some have left")


async def lost_descriptors(folder):
    async with Town(folder) as town:
        node = await town.node("--heartbeat", "5m")
        resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE, (LEFT, LEFT))
        many = await Load.start(town, DOOR_LOAD, "hello", 2 * LEFT, 1_000)
        await node.wait_for(node.err, "cannot accept connections just now")
        more = await Load.start(town, DOOR_LOAD, "hello", LEFT // 2, 1_000)
        await more.until(lambda now: now["open"] == LEFT // 2)
        await check_idle(node)
        now = await many.report()
        print(f"{now['welcomed']} welcomed with {descriptors_of(node)} descriptors; the others wait")
        if (await more.report())["welcomed"] or now["ended"] or now["welcomed"] < LEFT // 2:
            fail(f"some were treated otherwise: {now}")
        await many.leave()
        await more.until(lambda now: now["welcomed"] == LEFT // 2)
        check_said_once(node, "cannot accept")


async def check_idle(node):
    worked, began = processor_seconds(node), time.monotonic()
    await asyncio.sleep(IDLE)
    share = (processor_seconds(node) - worked) / (time.monotonic() - began)
    print(f"full and idle: {100 * share:.1f} % of a core")
    if share >= MOST_LOAD:
        fail("a full node that has nothing to do takes too much of a core")


def check_said_once(node, what):
    said = [line for _, line in node.err if what in line]
    if len(said) != 1:
        fail(f"it should have said once that it is full: {said}")


async def test(folder):
    raise_descriptors(max(CLIENTS) + 100)
    await few_descriptors(folder)
    await lost_descriptors(folder)


run(test)
