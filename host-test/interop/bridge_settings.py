"""Opens a serial port over RFC 2217 with pyserial, sets it three times, and prints the settings that the other end
agreed to: pyserial raises where an answer differs. Argument: URL."""

import json
import sys

import serial


def main():
    with serial.serial_for_url(sys.argv[1], baudrate=300, bytesize=7, parity="E", stopbits=1, timeout=3) as port:
        for baud, size, parity, stop in ((300, 7, "E", 1), (9600, 8, "N", 1), (1200, 8, "N", 2)):
            port.baudrate = baud
            port.bytesize = size
            port.parity = parity
            port.stopbits = stop
            port.reset_input_buffer()
            print(json.dumps([port.baudrate, port.bytesize, port.parity, port.stopbits]), flush=True)


main()
