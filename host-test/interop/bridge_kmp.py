"""Asks a meter with PyKMP again and again, and prints each answer's registers as JSON. Arguments: URL, rounds, pause in
seconds, registers."""

import json
import sys
import time

from pykmp.client import PySerialClientCommunicator
from pykmp.codec import FloatCodec
from pykmp.messages import GetRegisterRequest, GetSerialRequest


def main():
    meter = PySerialClientCommunicator(serial_device=sys.argv[1])
    asked = [int(register) for register in sys.argv[4:]]
    for _ in range(int(sys.argv[2])):
        serial = meter.send_request(message=GetSerialRequest()).serial
        reply = meter.send_request(message=GetRegisterRequest(registers=asked))
        registers = {int(number): str(FloatCodec.decode(data.value)) for number, data in reply.registers.items()}
        print(json.dumps({"serial": serial, "registers": registers}), flush=True)
        time.sleep(float(sys.argv[3]))


main()
