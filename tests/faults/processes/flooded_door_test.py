"""Ten thousand connections that send the first byte of a hello and wait, ten thousand that send nothing, and a flood of
pings, together, each kind from a process of its own. Others go on talking; memory stays small; and each stranger is
closed at his deadline, with his code, but for the capped number of plain listeners."""

import asyncio
import statistics
import sys
import time

from door import Load, memory_of, write_samples
from programs import Town, fail, run

DOOR_LOAD = sys.argv.pop(2)
STRANGERS = 10_000       # of either kind
RATE = 2_000             # that come in a second, of either kind
PINGERS = 20             # at a time; each says 200 pings at once, is closed, and comes again
FLOODS = 1_000           # such closed ones in a second, at most: 200,000 pings
LISTENERS = 1_024        # the node's default
HELLO_DEADLINE = 5.0     # seconds; the node's default
SILENCE = 3.0            # seconds after which a silent one is a listener, or one too many
LATE = 4.0               # seconds that a stranger may be closed too late, as he sees it with both cores taken
LINES = 200              # in the quiet, to learn the usual latency
GAP = 0.025              # seconds between two lines
MOST_BYTES = 1_024       # of the node's memory for each silent connection


async def talk(speaker, listener, lines, numbers):
    """Says `lines` lines, one at a time; how long each took from here to there and back, in milliseconds."""
    took = []
    for _ in range(lines):
        line = f"line {next(numbers)}"
        mark, said = len(listener.out), time.monotonic()
        speaker.type(line)
        _, heard, _ = await listener.wait_for(listener.out, f"^{speaker.name}: {line}$", mark)
        took.append((heard - said) * 1000)
        await asyncio.sleep(GAP)
    return took


async def both_in_the_room(asker):
    for _ in range(100):
        mark = len(asker.out)
        asker.type("/who")
        _, _, match = await asker.wait_for(asker.out, r"^(\d+) in garden", mark)
        if match.group(1) == "2":
            return
        await asyncio.sleep(0.05)
    fail("not both came into the room")


async def settled(load, ended):
    """Waits until so many of a load have ended, and tells what has become of all."""
    for _ in range(300):
        now = await load.report()
        if sum(each["count"] for each in now["ended"].values()) >= ended:
            return now
        await asyncio.sleep(0.1)
    fail(f"{load.name}: not all were closed: {now}")


def check_deadline(name, ended, code, count, deadline):
    closed = ended.pop(code, {"count": 0})
    if closed["count"] != count or ended:
        fail(f"{name}: {count} should have been closed with {code}: {closed}, others {ended}")
    if closed["least"] < deadline - 0.1 or closed["most"] > deadline + LATE:
        fail(f"{name}: closed after {closed['least']} to {closed['most']} s instead of {deadline} s")
    return f"{closed['least']:.2f} to {closed['most']:.2f} s"


async def test(folder):
    async with Town(folder) as town:
        node = await town.node()
        ann = await town.client("ann", "--room", "garden")
        bob = await town.client("bob", "--room", "garden")
        await ann.wait_for(ann.err, r"^link: up$")
        await bob.wait_for(bob.err, r"^link: up$")
        numbers = iter(range(1_000_000))
        await both_in_the_room(ann)
        await talk(ann, bob, 20, numbers)  # warm
        usual = await talk(ann, bob, LINES, numbers)

        flood = await Load.start(town, DOOR_LOAD, "flood", PINGERS, FLOODS)
        flooded_lines = await talk(ann, bob, 40, numbers)
        before = memory_of(node)
        byte = await Load.start(town, DOOR_LOAD, "byte", STRANGERS, RATE)
        silent = await Load.start(town, DOOR_LOAD, "silent", STRANGERS, RATE)
        samples = []
        watching = asyncio.create_task(write_samples(node, (byte, silent), samples))
        while (await byte.report())["begun"] + (await silent.report())["begun"] < 2 * STRANGERS:
            flooded_lines += await talk(ann, bob, 10, numbers)
        flooded_lines += await talk(ann, bob, 40, numbers)  # while the last ones are being closed
        watching.cancel()

        of_byte = await settled(byte, STRANGERS)
        of_silent = await settled(silent, STRANGERS - LISTENERS)
        of_flood = await flood.report()
        print("hello_timeout:", check_deadline("byte", of_byte["ended"], "4003", STRANGERS, HELLO_DEADLINE))
        print("overloaded:", check_deadline("silent", of_silent["ended"], "4006", STRANGERS - LISTENERS, SILENCE))
        if of_byte["failed"] or of_silent["failed"] or of_silent["open"] != LISTENERS:
            fail(f"byte {of_byte}, silent {of_silent}")
        floods = of_flood["ended"].get("4512", {"count": 0})["count"]
        if floods < 100:
            fail(f"hardly a flood: {of_flood}")
        print("ping floods that were ended:", floods)

        check_memory(before, samples)
        check_latency(usual, flooded_lines)


def check_memory(before, samples):
    """What was taken for a moment is kept by the process, so the most of either belong together."""
    most, held = (max(of) for of in zip(*samples))
    each = (most - before) / held
    print(f"memory: {before / 1e6:.1f} MB, and {most / 1e6:.1f} MB with up to {held} silent: {each:.0f} bytes each")
    if each >= MOST_BYTES:
        fail(f"a silent connection takes {each:.0f} bytes")


def check_latency(usual, flooded_lines):
    """The median, and the 95th percentile: with 200 lines, the 99th is two of them."""
    for name, of in (("median", statistics.median), ("95th percentile", lambda all: statistics.quantiles(all, n=20)[18])):
        print(f"{name}: {of(usual):.2f} ms as usual, {of(flooded_lines):.2f} ms under the flood "
              f"({len(flooded_lines)} lines)")
        if of(flooded_lines) > 3 * of(usual):
            fail(f"the {name} of the latency is {of(flooded_lines):.2f} ms, usual is {of(usual):.2f} ms")


run(test)
