"""Asks a meter with PyKMP for type, serial number and registers, and prints the answers as JSON. Arguments: URL, registers."""

import json
import sys

from pykmp.client import PySerialClientCommunicator
from pykmp.codec import FloatCodec
from pykmp.constants import UNITS_NAMES
from pykmp.messages import GetRegisterRequest, GetSerialRequest, GetTypeRequest


def main():
    meter = PySerialClientCommunicator(serial_device=sys.argv[1])
    kind = meter.send_request(message=GetTypeRequest())
    serial = meter.send_request(message=GetSerialRequest())
    asked = [int(register) for register in sys.argv[2:]]
    reply = meter.send_request(message=GetRegisterRequest(registers=asked))
    registers = {
        int(number): {"value": str(FloatCodec.decode(data.value)), "unit": UNITS_NAMES[data.unit]}
        for number, data in reply.registers.items()
    }
    print(
        json.dumps(
            {
                "type": kind.meter_type_bytes.hex(),
                "software": kind.software_revision,
                "serial": serial.serial,
                "registers": registers,
            }
        )
    )


main()
