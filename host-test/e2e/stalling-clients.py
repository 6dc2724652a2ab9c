"""Clients that ask for events and read none of them: stalling-clients.py PORT COUNT. Their sockets hold as little as the
kernel allows (Node cannot ask for that), so that the gateway sees in seconds what a radio link would show it."""

import base64
import socket
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
clients = []
for index in range(count):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    # Addresses of four computers: the gateway gives one of them five connections.
    client.bind((f"127.0.0.{20 + index % 4}", 0))
    try:
        client.connect(("127.0.0.1", port))
        key = base64.b64encode(bytes([index]) * 16).decode()
        request = [
            f"GET /api/v1/ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}",
            "GET /api/v1/events HTTP/1.1",
        ][index % 2]
        client.sendall(f"{request}\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    except OSError:
        pass
    clients.append(client)
print("listening to nothing", flush=True)
sys.stdin.read()
