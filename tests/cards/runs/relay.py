"""Passes connections on, after a while: what listens at one address answers at another as well.

python -m tests.cards.runs.relay 127.0.0.1 5432 10.213.0.1 5432 0.01
"""

import asyncio
import sys


async def main(host: str, port: int, to_host: str, to_port: int, latency: float) -> None:
    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            beyond_reader, beyond_writer = await asyncio.open_connection(to_host, to_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pass_on(reader, beyond_writer, latency), _pass_on(beyond_reader, writer, latency))

    server = await asyncio.start_server(accepted, host, port)
    async with server:
        await server.serve_forever()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency: float) -> None:
    try:
        while some := await reader.read(65_536):
            await asyncio.sleep(latency)
            writer.write(some)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5])))
