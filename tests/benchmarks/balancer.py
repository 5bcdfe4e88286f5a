"""Balancer of connections, as nginx would be: `python -m tests.benchmarks.balancer PORT FIRST SECOND …`.

Connections go to the ports in turn. One that does not answer is passed over; a connection that breaks off is closed.
"""

import asyncio
import sys
from itertools import cycle

TRIES = 4


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, until the end."""
    try:
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main(port: int, others: list[int]) -> None:
    """Balance until the process ends."""
    turn = cycle(others)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(TRIES):
            try:
                theirs, to_them = await asyncio.open_connection("127.0.0.1", next(turn))
            except OSError:
                continue
            await asyncio.gather(copy(reader, to_them), copy(theirs, writer))
            return
        writer.close()

    serving = await asyncio.start_server(take, "127.0.0.1", port, backlog=1024)
    async with serving:
        await serving.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), [*map(int, sys.argv[2:])]))
