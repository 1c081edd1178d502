"""What every scene needs: a rough network with a chat node at its far end, links at its near end, and what they told."""

import asyncio
import contextlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "processes"), os.path.join(HERE, "..", "..", "support", "rough_network")]

# These are found on the path above.
from programs import Program, fail  # noqa: E402
from processes import LISTENS  # noqa: E402
from rough_network import RoughNetwork  # noqa: E402

PORT = 7400
UP_WITHIN = 60.0  # seconds that a link may take to come up through a bad network
STATES = ("connecting", "up", "suspect", "down", "failed")  # what a link's lines begin with when its state has changed


def relay_in(folder):
    return os.path.join(folder, "rough_network_relay")


class Scene:
    """A network and its programs; none of them outlives the `async with`."""

    def __init__(self, folders, name, seed, heartbeat=5):
        self.programs_folder, self.tools_folder = folders
        self.name = name
        self.heartbeat = heartbeat
        self.network = RoughNetwork(relay_in(self.tools_folder), seed)
        self.running = []

    async def __aenter__(self):
        self.network.__enter__()
        try:
            await self.begin()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def begin(self):
        # A machine's own choice may be BBR, with which no stream counts as thin: 2 of 132,000 pings through 5 % loss
        # then ended in a false death, too many for a test. CUBIC may not be chosen everywhere; thin streams do not
        # tell it from Reno.
        for side in (self.network.near, self.network.far):
            side.choose("reno")
        self.node = await self.start(self.network.far, os.path.join(self.programs_folder, "chat_node"), "--listen",
                                     f"{self.network.far.address}:{PORT}", "--heartbeat", f"{self.heartbeat}s")
        await self.node.wait_for(self.node.err, LISTENS)

    async def __aexit__(self, *failure):
        for program in reversed(self.running):
            with contextlib.suppress(ProcessLookupError):
                await program.end()
        self.network.__exit__()

    async def start(self, side, *command):
        program = await Program.start(f"{self.name}: {os.path.basename(command[0])}", *side.inside(*command))
        self.running.append(program)
        return program

    async def links(self, count, *flags):
        """Starts so many links; returns when all are in their rooms."""
        program = await self.start(self.network.near, os.path.join(self.tools_folder, "rough_links"), "--node",
                                   f"tcp://{self.network.far.address}:{PORT}", "--links", count, "--heartbeat",
                                   f"{self.heartbeat}s", *flags)
        links = Links(program)
        for number in range(count):
            await program.wait_for(program.out, rf" link{number} joined$", deadline=UP_WITHIN)
        return links

    def report(self, text):
        print(f"{self.name}: {text}", flush=True)


class Links:
    """What a `rough_links` has told, by link."""

    def __init__(self, program):
        self.program = program

    async def end(self):
        self.program.process.stdin.close()
        await asyncio.wait_for(self.program.process.wait(), 20)
        await asyncio.gather(*self.program.readers)

    def told(self, what, since=0.0, who=None):
        """(seconds, link, line) of all lines from `since` on that begin with `what`, or with one of several."""
        found = []
        for _, line in self.program.out:
            at, link, text = line.split(" ", 2)
            if float(at) >= since and text.startswith(what) and who in (None, link):
                found.append((float(at), link, text))
        return found

    def state(self, who):
        """The last state that `who` has told, as one word."""
        return [text.split()[0] for _, _, text in self.told(STATES, who=who)][-1]

    async def first(self, what, since, who, deadline):
        """When `who` first told `what` from `since` on."""
        await self.until(lambda: self.told(what, since, who), f"told '{what}'", who, deadline)
        return self.told(what, since, who)[0][0]

    async def until_up(self, who, deadline):
        """It may have come up before this is called, and told it after."""
        await self.until(lambda: self.state(who) == "up", "come up", who, deadline)

    async def until(self, holds, what, who, deadline):
        end = asyncio.get_running_loop().time() + deadline
        while not holds():
            if asyncio.get_running_loop().time() > end:
                fail(f"{self.program.name}: {who} has not {what} within {deadline} s; its last words: "
                     f"{self.told('', 0.0, who)[-5:]}")
            await asyncio.sleep(0.05)
