"""Reads one telegram with dsmr-parser and prints its values as JSON. Arguments: URL, specification, line settings,
and where the meter encrypts, the key."""

import json
import sys
from decimal import Decimal

from dsmr_parser import telegram_specifications
from dsmr_parser.clients import settings
from dsmr_parser.clients.serial_ import SerialReader


def printed(value):
    """Numbers as their exact digits, times in ISO 8601."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def fields(obis_object):
    """Value, unit and, where it has one, time of a telegram's object."""
    found = {"value": printed(getattr(obis_object, "value", None)), "unit": getattr(obis_object, "unit", None)}
    moment = getattr(obis_object, "datetime", None)
    if moment is not None:
        found["time"] = moment.isoformat()
    return found


def main():
    url, specification, line, *key = sys.argv[1:]
    reader = SerialReader(
        url, dict(getattr(settings, line)), getattr(telegram_specifications, specification), *key
    )
    telegram = next(reader.read())
    values = {name: fields(value) for name, value in telegram if not isinstance(value, list)}
    devices = [
        {name: fields(value) for name, value in device} for device in getattr(telegram, "MBUS_DEVICES", [])
    ]
    print(json.dumps({"values": values, "devices": devices}, default=printed))


main()
