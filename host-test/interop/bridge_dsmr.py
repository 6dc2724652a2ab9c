"""Reads telegrams over TCP with the reader that Home Assistant's dsmr integration uses, and prints each as JSON.
Arguments: host, port, how many."""

import asyncio
import json
import sys
from decimal import Decimal

from dsmr_parser.clients.protocol import create_tcp_dsmr_reader


def printed(value):
    return str(value) if isinstance(value, Decimal) else value.isoformat() if hasattr(value, "isoformat") else value


def fields(obis_object):
    found = {"value": printed(getattr(obis_object, "value", None)), "unit": getattr(obis_object, "unit", None)}
    moment = getattr(obis_object, "datetime", None)
    if moment is not None:
        found["time"] = moment.isoformat()
    return found


async def main():
    host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    loop = asyncio.get_running_loop()
    telegrams = asyncio.Queue()
    transport, _protocol = await create_tcp_dsmr_reader(host, port, "5", telegrams.put_nowait, loop=loop)
    for _ in range(count):
        telegram = await asyncio.wait_for(telegrams.get(), 30)
        values = {name: fields(value) for name, value in telegram if not isinstance(value, list)}
        devices = [
            {name: fields(value) for name, value in device} for device in getattr(telegram, "MBUS_DEVICES", [])
        ]
        print(json.dumps({"values": values, "devices": devices}, default=printed), flush=True)
    transport.close()


asyncio.run(main())
