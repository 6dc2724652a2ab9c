"""Times readers from PyPI on the frames of host-test/bench, from bytes to their values, each by its own loop. Argument: the
file with the inputs. Prints one JSON line a reader and frame: microseconds (median) and how many values it found."""

import json
import statistics
import sys
import time

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from dlms_cosem.protocol.xdlms import DataNotification, GeneralGlobalCipher
from dlms_cosem.utils import parse_as_dlms_data
from dsmr_parser import telegram_specifications
from dsmr_parser.clients.telegram_buffer import TelegramBuffer
from dsmr_parser.parsers import TelegramParser
from han import kamstrup
from han.autodecoder import AutoDecoder
from han.dlde import ModeDReader
from han.hdlc import HdlcFrameReader
from pykmp.client import ClientCodec, EncodedClientResponse
from pykmp.codec import FloatCodec
from pykmp.messages import GetRegisterRequest

MBUS_HEAD = 9
FIRST_BLOCK = (2).to_bytes(4, "big")
LLC = bytes.fromhex("E6E700")
PIECE = 120
SECONDS = 0.3
FEWEST = 10


def pieces(data):
    return [data[at : at + PIECE] for at in range(0, len(data), PIECE)]


def dsmr(specification):
    parser = TelegramParser(getattr(telegram_specifications, specification))

    def make(data, _):
        texts = [piece.decode("ascii") for piece in pieces(data)]

        def run():
            buffer = TelegramBuffer()
            for text in texts:
                buffer.append(text)
            return sum(1 for telegram in buffer.get_all() for _ in parser.parse(telegram))

        return run

    return make


def amshan(reader):
    def make(data, _):
        parts = pieces(data)
        decoder = AutoDecoder()
        source = reader()

        def run():
            found = 0
            for part in parts:
                for message in source.read(part):
                    found += len((message.is_valid and decoder.decode_message(message)) or {})
            return found

        return run

    return make


def hdlc():
    return HdlcFrameReader(use_octet_stuffing=False, use_abort_sequence=True)


def joined_frames(data):
    """The APDU in M-Bus long frames: head, LENGTH and checksum of each are taken off."""
    apdu = b""
    while data:
        end = 4 + data[1]
        apdu += data[MBUS_HEAD:end]
        data = data[end + 2 :]
    return apdu


def dlms_without_frames(data, settings):
    """Without frames and their checksums, which the library has not; it verifies no tag, there is none."""
    apdu = joined_frames(data)
    encryption = bytes.fromhex(settings["encryptionKey"])

    def run():
        cipher = GeneralGlobalCipher.from_bytes(apdu)
        counter = cipher.system_title + cipher.invocation_counter.to_bytes(4, "big") + FIRST_BLOCK
        decryptor = Cipher(algorithms.AES(encryption), modes.CTR(counter)).decryptor()
        plain = decryptor.update(cipher.ciphered_text) + decryptor.finalize()
        return len(parse_as_dlms_data(DataNotification.from_bytes(plain).body))

    return run


def amshan_and_dlms(data, settings):
    """amshan's frames and lists, dlms-cosem's cipher between them."""
    source = hdlc()
    parts = pieces(data)
    encryption, authentication = (bytes.fromhex(settings[key]) for key in ("encryptionKey", "authenticationKey"))

    def run():
        for part in parts:
            for frame in source.read(part):
                if frame.is_valid:
                    cipher = GeneralGlobalCipher.from_bytes(frame.payload.removeprefix(LLC))
                    plain = cipher.to_plain_apdu(encryption, authentication)
                    body = kamstrup.NotificationBody.parse(DataNotification.from_bytes(plain).body)
                    return len(body.list_items)
        return 0

    return run


def kmp(data, _):
    codec = ClientCodec()

    def run():
        reply = codec.decode(frame=EncodedClientResponse(physical_bytes=data, request_cls=GetRegisterRequest))
        return len([FloatCodec.decode(register.value) for register in reply.registers.values()])

    return run


READERS = {
    "Kamstrup list, every 10 s": [("amshan", amshan(hdlc))],
    "Kamstrup list, hourly": [("amshan", amshan(hdlc))],
    "Kamstrup list, encrypted": [("amshan and dlms-cosem", amshan_and_dlms)],
    "Austrian push, two M-Bus frames": [("dlms-cosem, without frames", dlms_without_frames)],
    "P1, 0.4 KB": [("dsmr-parser", dsmr("V2_2"))],
    "P1, 1.0 KB": [("dsmr-parser", dsmr("V5")), ("amshan", amshan(ModeDReader))],
    "P1, 2.5 KB": [("dsmr-parser", dsmr("V5")), ("amshan", amshan(ModeDReader))],
    "KMP, 8 registers": [("PyKMP", kmp)],
}


def measured(run):
    found = run()
    times = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(times) < FEWEST:
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return found, statistics.median(times) * 1e6


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        inputs = json.load(file)
    for case in inputs:
        for peer, make in READERS.get(case["name"], []) if case["do"] == "decode" else []:
            found, microseconds = measured(make(bytes.fromhex(case["frame"]), case.get("settings", {})))
            print(json.dumps({"name": case["name"], "peer": peer, "us": microseconds, "result": found}), flush=True)


main()
