"""Reads an encrypted push: amshan's HDLC reader and list parser, dlms-cosem's cipher between them. Prints the list's
objects as JSON, OBIS code to value. Arguments: host, port, encryption key, authentication key."""

import json
import socket
import sys

from dlms_cosem.protocol.xdlms import DataNotification, GeneralGlobalCipher
from han import kamstrup
from han.hdlc import HdlcFrameReader

LLC = bytes.fromhex("E6E700")


def first_frame(host, port):
    reader = HdlcFrameReader(use_octet_stuffing=False, use_abort_sequence=True)
    with socket.create_connection((host, port)) as line:
        while data := line.recv(256):
            for frame in reader.read(data):
                if frame.is_valid:
                    return frame.payload
    raise EOFError("the line ended")


def main():
    host, port, encryption, authentication = sys.argv[1:]
    payload = first_frame(host, int(port))
    cipher = GeneralGlobalCipher.from_bytes(payload.removeprefix(LLC))
    plain = cipher.to_plain_apdu(bytes.fromhex(encryption), bytes.fromhex(authentication))
    body = kamstrup.NotificationBody.parse(DataNotification.from_bytes(plain).body)
    found = {item.obis or "list": item.value for item in body.list_items}
    found["items"] = body.length
    print(json.dumps(found, default=str))


main()
