"""Ten thousand connections that send the first byte of a hello and wait, ten thousand that send nothing, and a flood of
pings, together, each kind from processes of its own. Others go on talking; memory stays small; and each stranger is closed
at his deadline, with his code, but for the capped number of plain listeners."""

import asyncio
import statistics
import sys
import time

from door import Load, Loads, ended, statistics_of
from programs import Town, fail, run
from processes import raise_descriptors  # on the path since programs

DOOR_LOAD = sys.argv.pop(2)
STRANGERS = 10_000       # of either kind
LEAST_AT_ONCE = 0.9      # of those for whom there is room; on record nearly all
KEPT = 400               # descriptors of the node that are not for strangers, 64 + 256 of them by its own choice
RATE = 4_200             # that come in a second, one kind after the other: all are there before the first leave
PINGERS = 20             # at a time; each says 200 pings at once, is closed, and comes again
FLOODS = 1_000           # such closed ones in a second, at most: 200,000 pings
LEAST_FLOODS = 250       # in a second, with all the others at the door, on two cores
LISTENERS = 1_024        # the node's default
HELLO_DEADLINE = 5.0     # seconds; the node's default
SILENCE = 3.0            # seconds after which a silent one is a listener, or one too many
LATE = 1.5               # seconds that a stranger may be closed too late, as he sees it with both cores taken
USUAL = 10.0             # seconds of talk in the quiet, to learn the usual latency
GAP = 0.025              # seconds between two lines
STATS = "100ms"          # how often the node tells its memory and sockets
MOST_BYTES = 1_024       # of the node's memory for each silent connection
# Milliseconds. One line may take three times as long as the longest usual one, and that is taken for no shorter than this:
# a line passes five programs, each of which may have to wait for three busy ones on its core, 3 ms each.
LEAST_WORST = 45.0


async def latencies(speaker, listener, word, meanwhile):
    """Says a line every GAP while `meanwhile` runs, whatever has become of those before, and returns how long after it was
    due the listener printed each, in milliseconds."""
    due_at, mark = {}, len(listener.out)
    waited = asyncio.ensure_future(meanwhile)
    due = time.monotonic()
    while not waited.done():
        due += GAP
        while (left := due - time.monotonic()) > 0:
            await asyncio.sleep(max(0.0, left - 0.001))  # it takes up to 1 ms longer
        line = f"{word} {len(due_at)}"
        due_at[f"{speaker.name}: {line}"] = due
        speaker.type(line)
    await waited  # if it has failed, so has the test
    await listener.wait_for(listener.out, f"^{list(due_at)[-1]}$", mark)
    heard = {line: at for at, line in listener.out[mark:]}
    if set(heard) != set(due_at):
        fail(f"{listener.name} heard {len(heard)} of {len(due_at)} lines")
    return [(heard[line] - due) * 1000 for line, due in due_at.items()]


async def both_in_the_room(asker):
    for _ in range(100):
        mark = len(asker.out)
        asker.type("/who")
        _, _, match = await asker.wait_for(asker.out, r"^(\d+) in garden", mark)
        if match.group(1) == "2":
            return
        await asyncio.sleep(0.05)
    fail("not both came into the room")


class Siege:
    """The strangers, who come, wait and are closed."""

    def __init__(self, town, descriptors):
        self.town = town
        # As many silent ones at a time as there is room for beside those with a byte; the others when these leave.
        self.late = max(0, 2 * STRANGERS + KEPT - descriptors)
        self.silent = Loads("silent", [])
        self.of_byte = self.of_silent = self.of_flood = None  # the last reports

    async def load(self, kind, count, rate):
        return await Load.start(self.town, DOOR_LOAD, kind, count, rate)

    async def flood_the_node(self):
        """Returns when the flood is at its height."""
        self.flood = await self.load("flood", PINGERS, FLOODS)
        await self.flood.until(lambda now: ended(now) >= 4 * PINGERS)

    async def come(self):
        """Returns when strangers come."""
        self.byte = await self.load("byte", STRANGERS, RATE)
        await self.byte.until(lambda now: now["begun"] > 0)

    async def run_its_course(self):
        """Returns when all are closed who are to be."""
        before, began = await self.flood.report(), time.monotonic()
        await self.byte.until(lambda now: now["begun"] >= 0.98 * STRANGERS)
        self.silent.parts.append(await self.load("silent", STRANGERS - self.late, RATE))
        if self.late:
            await self.byte.until(lambda now: ended(now) >= self.late)
            self.silent.parts.append(await self.load("silent", self.late, RATE))
        self.of_byte = await self.byte.until(lambda now: ended(now) >= STRANGERS)
        self.of_silent = await self.silent.until(lambda now: ended(now) >= STRANGERS - LISTENERS)
        self.of_flood = await self.flood.report()
        self.floods_a_second = (ended(self.of_flood) - ended(before)) / (time.monotonic() - began)

    def judge(self, verdict):
        check_deadline(verdict, "byte", self.of_byte["ended"], "4003", STRANGERS, HELLO_DEADLINE)
        check_deadline(verdict, "silent", self.of_silent["ended"], "4006", STRANGERS - LISTENERS, SILENCE)
        verdict.require(self.of_byte["failed"] + self.of_silent["failed"] == 0 and self.of_silent["open"] == LISTENERS,
                        f"byte {self.of_byte}, silent {self.of_silent}")
        print(f"flood: {self.floods_a_second:.0f} a second were ended")
        verdict.require(self.floods_a_second >= LEAST_FLOODS, "that was no flood")
        verdict.require(set(self.of_flood["ended"]) == {"4512"}, f"it was ended otherwise: {self.of_flood}")


class Verdict:
    """So long a test tells all that it has found before it fails."""

    def __init__(self):
        self.faults = []

    def require(self, holds, fault):
        if not holds:
            self.faults.append(fault)

    def pronounce(self):
        if self.faults:
            fail("; ".join(self.faults))


def check_deadline(verdict, name, all_ended, code, count, deadline):
    closed = all_ended.get(code, {"count": 0, "least": 0.0, "most": 0.0})
    print(f"{name}: {closed['count']} closed with {code} after {closed['least']:.2f} to {closed['most']:.2f} s")
    verdict.require(closed["count"] == count and len(all_ended) == 1,
                    f"{name}: {count} should have been closed with {code}: {all_ended}")
    verdict.require(deadline - 0.1 <= closed["least"] and closed["most"] <= deadline + LATE,
                    f"{name}: closed after {closed['least']} to {closed['most']} s instead of {deadline} s")


def check_memory(verdict, before, during, descriptors):
    """What was taken for a moment is kept by the process, so the most of either belong together."""
    most, held = (max(now[key] for now in during) for key in ("resident_bytes", "sockets"))
    held -= before["sockets"]
    each = (most - before["resident_bytes"]) / held
    print(f"memory: {before['resident_bytes'] / 1e6:.1f} MB, and {most / 1e6:.1f} MB with up to {held} silent, as the node "
          f"counts them: {each:.0f} bytes each")
    room = min(2 * STRANGERS, descriptors - KEPT)
    verdict.require(held >= LEAST_AT_ONCE * room, f"only {held} of {room} were there at one time")
    verdict.require(each < MOST_BYTES, f"a silent connection takes {each:.0f} bytes")


def check_latency(verdict, usual, flooded):
    """The median, the 95th percentile (of 300 lines, the 99th is three), and the worst."""
    for name, of, least in (("median", statistics.median, 0),
                            ("95th percentile", lambda each: statistics.quantiles(each, n=20)[18], 0),
                            ("worst", max, LEAST_WORST)):
        print(f"{name}: {of(usual):.2f} ms as usual ({len(usual)} lines), {of(flooded):.2f} ms under the flood "
              f"({len(flooded)} lines)")
        verdict.require(of(flooded) <= 3 * max(of(usual), least),
                        f"the {name} of the latency is {of(flooded):.2f} ms, usual is {of(usual):.2f} ms")


async def test(folder):
    descriptors = raise_descriptors(2 * STRANGERS)
    async with Town(folder) as town:
        node = await town.node("--stats", STATS)
        ann = await town.client("ann", "--room", "garden")
        bob = await town.client("bob", "--room", "garden")
        await ann.wait_for(ann.err, r"^link: up$")
        await bob.wait_for(bob.err, r"^link: up$")
        await both_in_the_room(ann)
        await latencies(ann, bob, "warm", asyncio.sleep(1))
        usual = await latencies(ann, bob, "usual", asyncio.sleep(USUAL))

        siege = Siege(town, descriptors)
        await siege.flood_the_node()
        came = time.monotonic()
        before = statistics_of(node)[-1]
        await siege.come()
        flooded = await latencies(ann, bob, "flooded", siege.run_its_course())

        verdict = Verdict()
        siege.judge(verdict)
        check_memory(verdict, before, statistics_of(node, came), descriptors)
        check_latency(verdict, usual, flooded)
        verdict.pronounce()


run(test)
