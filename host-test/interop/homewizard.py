"""Reads a gateway's HomeWizard-compatible API with python-homewizard-energy, as Home Assistant does, and its telegram
with dsmr-parser. Argument: host and port. Prints one JSON object."""

import asyncio
import json
import sys

from dsmr_parser import telegram_specifications
from dsmr_parser.parsers import TelegramParser
from homewizard_energy import errors

try:
    from homewizard_energy import HomeWizardEnergyV1 as HomeWizardEnergy
except ImportError:
    from homewizard_energy import HomeWizardEnergy


def plain(value):
    """Models as what they hold, without what is not known; enumerations as their names, times in ISO 8601."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "name"):
        return value.name
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if hasattr(value, "__dict__"):
        return {key: plain(each) for key, each in vars(value).items() if each is not None}
    return value


async def call(function):
    try:
        return await function()
    except (errors.UnsupportedError, errors.NotFoundError):
        return "unsupported"


async def main():
    async with HomeWizardEnergy(sys.argv[1], timeout=5) as api:
        device = await api.device()
        measurement = await (api.measurement() if hasattr(api, "measurement") else api.data())
        system = await api.system()
        telegram = await (api.telegram() if hasattr(api, "telegram") else api.request("api/v1/telegram"))
        parser = TelegramParser(telegram_specifications.V5, apply_checksum_validation=True)
        parsed = parser.parse(telegram)
        values = {name: str(getattr(item, "value", "")) for name, item in parsed}
        print(
            json.dumps(
                {
                    "device": plain(device),
                    "data": plain(measurement),
                    "system": plain(system),
                    "identify": await call(api.identify),
                    "telegram": {name: value for name, value in values.items() if name != "MBUS_DEVICES"},
                },
                default=str,
            )
        )


asyncio.run(main())
