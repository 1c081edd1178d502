"""A name that is looked up for ever: the link says so at its deadline, and the process stops at once all the same."""

import asyncio
import os
import signal
import sys
import time

from programs import Town, fail, run

LIBRARY = sys.argv.pop(2)
MOST = 2.0  # seconds that a stop may take


async def test(folder):
    async with Town(folder) as town:
        await town.node()
        os.environ["LD_PRELOAD"] = LIBRARY
        try:
            lost = await town.client("lost", host="chat.example")
            numeric = await town.client("numeric")
        finally:
            del os.environ["LD_PRELOAD"]
        # A numeric address asks nobody.
        await numeric.wait_for(numeric.err, r"^link: up$", deadline=3.0)
        await lost.wait_for(lost.err, r"^link: down .*retry in", deadline=10.0)
        await asyncio.sleep(0.5)  # it tries again, and hangs again
        for client in (lost, numeric):
            asked = time.monotonic()
            client.send(signal.SIGINT)
            code = await asyncio.wait_for(client.process.wait(), 10)
            took = time.monotonic() - asked
            if took > MOST or code != 0:
                fail(f"{client.name}: took {took:.2f} s to stop, exit code {code}")
            print(f"{client.name}: stopped in {took:.2f} s")


run(test)
