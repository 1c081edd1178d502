"""Links through bad networks, all scenes at the same time: rough_scenes_test.py FOLDER-OF-THE-PROGRAMS FOLDER-OF-THE-TOOLS
[--minutes N] [SCENE…]"""

import argparse
import asyncio
import random
import sys
import time

from scenes import Scene, fail, relay_in
from rough_network import or_skip

LINKS = 20
WRITERS = 3
LINE = 1_000_000   # bits a second
BULK = 10_000_000  # bytes that each of them writes
TAIL = 0.1         # seconds by which a busy machine may tell of a death later
FRESH = 2.0        # seconds; a writer that has told nothing for so long is none
FULL = 0.75        # of the line that has to be what links write; the rest is headers, acknowledgements and pings

# Where links are cut off: milliseconds, and bits a second.
DELAY, JITTER, QUEUE, RATE = 20, 10, 100, 10_000_000
# Seconds. No deadline D may be longer there: it is three times the first round trip (RFC 6298, section 2.2), and that takes
# twice the longest way and twice the longest queue, 0.26 s; every later sample like it makes D shorter.
MOST_DEADLINE = 3 * 2 * (DELAY + JITTER + QUEUE) / 1000


FALSE_DEATHS = ("down (pings were not answered", "down (the other side closed the connection: 4002 heartbeat_timeout")


def deaths(links, since):
    """Times at which one end took the other for dead; who cuts nothing has only false ones."""
    return [line for which in FALSE_DEATHS for line in links.told(which, since)]


async def endure(scene, minutes, **weather):
    """Links, half of which say a line now and then, for so long in such weather. Returns them, and when it began."""
    links = await scene.links(LINKS, "--talkers", LINKS // 2, "--every", "20s")
    scene.network.set("both", **weather)
    begun = time.monotonic()
    await asyncio.sleep(minutes * 60)
    return links, begun


async def lossy(folders, minutes):
    """5 % lost and 100 ± 50 ms, both ways: nobody is taken for dead, and nobody connects again."""
    async with Scene(folders, "5 % lost", seed=11) as scene:
        links, begun = await endure(scene, minutes, loss=0.05, delay=100, jitter=50)
        ways = scene.network.counts().values()
        lost = sum(way["lost"] for way in ways) / sum(way["came"] for way in ways)
        suspects = len(links.told("suspect", begun))
        scene.report(f"{LINKS} links, {minutes:g} min, {lost:.1%} were lost: {suspects} times suspect, "
                     f"{len(links.told('down'))} times down")
        if links.told("down"):
            fail(f"{scene.name}: {links.told('down')}")
        if not 0.03 < lost < 0.07 or suspects == 0:
            fail("that was no rough network")


async def awful(folders, minutes):
    """20 % lost and 200 ± 100 ms, both ways: how many are taken for dead is measured, and all come back."""
    async with Scene(folders, "20 % lost", seed=13) as scene:
        links, begun = await endure(scene, minutes, loss=0.2, delay=200, jitter=100)
        dead, hours = len(deaths(links, begun)), LINKS * minutes / 60
        scene.report(f"{LINKS} links, {minutes:g} min: {len(links.told('suspect', begun))} times suspect, {dead} false "
                     f"deaths, which is {dead / hours:.2f} for each link and hour; "
                     f"{len(links.told('down', begun)) - dead} times down for other reasons")
        scene.network.set("both", loss=0.0)
        for number in range(LINKS):
            await links.until_up(f"link{number}", 40)


async def cut_while_writing(folders, which):
    """A way falls silent, or the cable is pulled, while 10 MB are written: it is known in time."""
    chance = random.Random(which)
    async with Scene(folders, f"writing, {which} cut", seed=17) as scene:
        scene.network.set("both", delay=DELAY, jitter=JITTER)
        scene.network.limit(RATE, queue_milliseconds=QUEUE)
        for _ in range(5):
            links = await scene.links(WRITERS, "--bulk", BULK)
            await asyncio.sleep(6 + chance.uniform(0, scene.heartbeat))
            cut = time.monotonic()
            if which == "cable":
                scene.network.cut()
            else:
                scene.network.silence(which)
            for number in range(WRITERS):
                await found_in_time(scene, links, f"link{number}", cut)
            scene.network.heal()
            for number in range(WRITERS):
                await links.until_up(f"link{number}", 40)
            await links.end()


async def found_in_time(scene, links, who, cut):
    """The bound is computed from the deadline D that the link had: its looks come D after the ping, 2 D after that, and
    the last one 4 D after that, or W = 2.5 s after the ping if that is later (see `liveness`). So what lies between its
    being suspect and its being down is 6 D; or 2.5 s - D, which is 2.3 s at most, and then a sixth of it is more than D but
    so little that the bound is that of 3 s all the same. Since this takes the link's own word for D, what D can be in this
    network is bounded, too."""
    down = await links.first("down", cut, who, 60)
    early = [line for line in links.told("down", who=who) if line[0] < cut]
    written = links.told("written", who=who)
    last = [line for line in written if line[0] < cut][-1:]
    if early or not last or cut - last[0][0] > FRESH or int(written[-1][2].split()[1]) >= BULK:
        fail(f"{scene.name}: {who} was not writing when it was cut off: {links.told('', who=who)}")
    suspect = links.told("suspect", cut - scene.heartbeat, who)[-1][0]
    deadline = (down - suspect) / 6
    if deadline > MOST_DEADLINE:
        fail(f"{scene.name}: {who} was suspect for {down - suspect:.2f} s: its deadline would have been {deadline:.2f} s, "
             f"which this network does not explain")
    bound = scene.heartbeat + max(3.0, 7 * deadline)
    scene.report(f"{who} suspect after {suspect - cut:.2f} s, found after {down - cut:.2f} s, allowed are {bound:.2f}")
    if down - cut > bound + TAIL:
        fail(f"{scene.name}: {who} was found dead after {down - cut:.2f} s, allowed are {bound:.2f}")


async def saturated(folders, minutes, piece):
    """A line of 1 Mbit/s, full of what we write: nobody is taken for dead."""
    async with Scene(folders, f"1 Mbit/s full of {piece} B", seed=19) as scene:
        scene.network.limit(LINE)
        links = await scene.links(2, "--bulk", 10 * BULK, "--piece", piece, "--under-way", 4)
        await asyncio.sleep(minutes * 60)
        written = sum(int(links.told("written", who=who)[-1][2].split()[1]) for who in ("link0", "link1"))
        full = written * 8 / (minutes * 60 * LINE)
        scene.report(f"{minutes:g} min, {full:.0%} of the line: {len(links.told('suspect'))} times suspect, "
                     f"{len(links.told('down'))} times down")
        if links.told("down"):
            fail(f"{scene.name}: {links.told('down')}")
        if full < FULL:
            fail(f"{scene.name}: the line was not full: {written} bytes")


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("tools")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("scenes", nargs="*")
    wanted = parser.parse_intermixed_args()
    or_skip(relay_in(wanted.tools))
    folders = (wanted.programs, wanted.tools)
    scenes = {
        "lossy": lambda: lossy(folders, wanted.minutes),
        "awful": lambda: awful(folders, wanted.minutes),
        "there": lambda: cut_while_writing(folders, "there"),
        "back": lambda: cut_while_writing(folders, "back"),
        "cable": lambda: cut_while_writing(folders, "cable"),
        "small": lambda: saturated(folders, wanted.minutes * 0.4, 1024),
        "large": lambda: saturated(folders, wanted.minutes * 0.4, 200 * 1024),
    }
    results = await asyncio.gather(*(scenes[name]() for name in wanted.scenes or scenes), return_exceptions=True)
    for name, result in zip(wanted.scenes or scenes, results):
        if result is not None:
            print(f"{name}: {result!r}", file=sys.stderr)
    sys.exit(any(result is not None for result in results))


asyncio.run(main())
