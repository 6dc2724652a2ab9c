"""Reads messages with amshan and prints what each held as JSON, one a line. Arguments: host, port, how many."""

import asyncio
import json
import sys

from han.autodecoder import AutoDecoder
from han.tcp_connection_factory import create_tcp_message_connection


async def main():
    host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    messages = asyncio.Queue()
    decoder = AutoDecoder()
    await create_tcp_message_connection(messages, asyncio.get_running_loop(), None, host=host, port=port)
    for _ in range(count):
        message = await messages.get()
        decoded = decoder.decode_message(message) or {}
        print(json.dumps({"valid": message.is_valid, **decoded}, default=lambda value: value.isoformat()), flush=True)


asyncio.run(main())
