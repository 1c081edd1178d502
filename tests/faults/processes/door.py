"""A load of strangers in a process of its own, and what a node takes while they are there."""

import asyncio
import json
import os


class Load:
    """`door_load`, which answers each line with what has become of its strangers."""

    def __init__(self, name, program):
        self.name = name
        self.program = program

    @classmethod
    async def start(cls, town, path, kind, count, rate):
        return cls(kind, await town.start(kind, path, str(town.port), kind, str(count), str(rate)))

    async def report(self):
        mark = len(self.program.out)
        self.program.type("?")
        number, _, _ = await self.program.wait_for(self.program.out, r"^\{", mark)
        return json.loads(self.program.out[number][1])

    async def leave(self):
        """Ends it, and all of its connections."""
        return await self.program.end()


def memory_of(program):
    """Resident bytes."""
    with open(f"/proc/{program.process.pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def processor_seconds(program):
    """Of user and system, since it began."""
    with open(f"/proc/{program.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors_of(program):
    return len(os.listdir(f"/proc/{program.process.pid}/fd"))


async def write_samples(program, loads, samples):
    """Until it is cancelled: (resident bytes, connections of these loads that are open), ten times a second."""
    while True:
        reports = [await load.report() for load in loads]
        samples.append((memory_of(program), sum(report["open"] for report in reports)))
        await asyncio.sleep(0.1)
