# A device server in front of a pty, made of pyserial's own RFC 2217 server. Prints its TCP port, then each setting
# that a client makes. Usage: rfc2217-server.py PTY
import socket
import sys
import threading

import serial
import serial.rfc2217


class Pty(serial.Serial):
    """A pty has no modem lines: they are as on a port with nothing connected to them."""

    cts = dsr = ri = cd = False

    def _update_rts_state(self):
        pass

    def _update_dtr_state(self):
        pass


port = Pty(sys.argv[1], timeout=0.05)
listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1], flush=True)
connection, _ = listener.accept()
lock = threading.Lock()


class Writer:
    def write(self, data):
        with lock:
            connection.sendall(data)


manager = serial.rfc2217.PortManager(port, Writer())


def to_network():
    while True:
        data = port.read(1024)
        if data:
            Writer().write(b"".join(manager.escape(data)))


threading.Thread(target=to_network, daemon=True).start()
seen = None
while True:
    data = connection.recv(1024)
    if not data:
        break
    port.write(b"".join(manager.filter(data)))
    now = (port.baudrate, port.bytesize, port.parity, port.stopbits)
    if now != seen:
        seen = now
        print("set", *now, flush=True)
