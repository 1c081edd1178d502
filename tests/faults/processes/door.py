"""Loads of strangers in processes of their own, and what a node takes while they are there."""

import asyncio
import json
import os
import re
import time

from programs import fail


def ended(report):
    """How many connections of a report have ended, however."""
    return sum(each["count"] for each in report["ended"].values())


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

    async def until(self, holds, deadline=60.0):
        """Waits until the report is as wanted, and returns it."""
        end = time.monotonic() + deadline
        while not holds(now := await self.report()):
            if time.monotonic() > end:
                fail(f"{self.name}: waited in vain: {now}")
            await asyncio.sleep(0.05)
        return now

    async def leave(self):
        """Ends it, and all of its connections."""
        return await self.program.end()


class Loads(Load):
    """Several as if they were one."""

    def __init__(self, name, parts):
        super().__init__(name, None)
        self.parts = parts

    async def report(self):
        reports = [await part.report() for part in self.parts]
        all_of_them = {key: sum(report[key] for report in reports) for key in ("begun", "failed", "open", "welcomed")}
        all_of_them["ended"] = {}
        for report in reports:
            for code, one in report["ended"].items():
                before = all_of_them["ended"].get(code, {"count": 0, "least": one["least"], "most": one["most"]})
                all_of_them["ended"][code] = {"count": before["count"] + one["count"],
                                              "least": min(before["least"], one["least"]),
                                              "most": max(before["most"], one["most"])}
        return all_of_them

    async def leave(self):
        for part in self.parts:
            await part.leave()


def statistics_of(node, since=0.0):
    """What a node with `--stats` has logged from then on: a dictionary for each line."""
    lines = (line.partition(" info stats ")[2] for at, line in node.err if at >= since)
    return [{key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line)} for line in lines if line]


def processor_seconds(program):
    """Of user and system, since it began."""
    with open(f"/proc/{program.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors_of(program):
    return len(os.listdir(f"/proc/{program.process.pid}/fd"))
