"""Stands before a node and counts who knocks: passes bytes on both ways, and reads the client's name out of its hello."""

import asyncio
import contextlib
import json
from collections import Counter

PREFACE_BYTES = 8
HEADER_BYTES = 6


class CountingRelay:
    def __init__(self, node_port):
        self.node_port = node_port
        self.port = None
        self._knocks = Counter()
        self._tasks = set()

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=256)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *failure):
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def forget(self):
        self._knocks.clear()

    def attempts(self, name):
        return self._knocks[name]

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            greeting = await reader.readexactly(PREFACE_BYTES + HEADER_BYTES)
            hello = await reader.readexactly(int.from_bytes(greeting[PREFACE_BYTES:PREFACE_BYTES + 4], "big"))
            self._knocks[json.loads(hello)["name"]] += 1
            await self._pass_on(greeting + hello, reader, writer)
        writer.close()
        self._tasks.discard(task)

    async def _pass_on(self, first, reader, writer):
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.node_port)
        up_writer.write(first)
        ways = [asyncio.create_task(self._pump(reader, up_writer)),
                asyncio.create_task(self._pump(up_reader, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        up_writer.close()

    @staticmethod
    async def _pump(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
