# The servers that outputs push to, on Python's standard library: dsmr-reader's API as its documentation describes it,
# InfluxDB's write address and UDP, a webhook that checks its signature; and how such a server misbehaves. Prints its ports.
import hashlib
import hmac
import json
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from line_protocol_parser import parse_line

TOKEN, INFLUX_TOKEN, SECRET = "key-of-reader", "token-of-influx", b"secret-of-webhook"
lock = threading.Lock()
counts, problems, mode = Counter(), [], "ok"
last_time = {}


def told(problem):
    with lock:
        problems.append(problem)


def crc16(data):
    """DSMR 5.0.2, 6.2: x16+x15+x2+1, least significant bit first, from the slash to the exclamation mark."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


def take_telegram(headers, body):
    if headers["Authorization"] != f"Token {TOKEN}":
        return 403
    if headers["Content-Type"] != "application/x-www-form-urlencoded":
        return 415
    form = parse_qs(body.decode("ascii"), strict_parsing=True)
    if list(form) != ["telegram"]:
        return 400
    telegram = form["telegram"][0].encode("latin-1")
    end = telegram.index(b"!") + 1
    if not telegram.startswith(b"/") or telegram[end : end + 4] != b"%04X" % crc16(telegram[:end]):
        told(f"telegram with a wrong CRC: {telegram!r}")
        return 400
    with lock:
        counts["telegrams"] += 1
    return 201


def take_lines(headers, body, query=None):
    if query is not None:
        if headers["Authorization"] != f"Token {INFLUX_TOKEN}":
            return 401
        if query != {"bucket": ["my bucket"], "org": ["home"], "precision": ["ns"]}:
            told(f"query {query}")
    text = body.decode("utf-8")
    if not text.endswith("\n"):
        told("no line feed at the end")
    for line in text.splitlines():
        try:
            point = parse_line(line)
        except Exception as error:
            told(f"{error}: {line}")
            return 400
        way = "udp" if query is None else "http"
        series = (way, json.dumps(point["tags"], sort_keys=True))
        with lock:
            if point["time"] < last_time.get(series, 0):
                problems.append(f"out of order: {line}")
            last_time[series] = point["time"]
            counts[f"{way} points"] += 1
            counts[f"{way} values"] += len(point["fields"])
    return 204


def take_hook(headers, body):
    stamp = headers["X-Meterling-Timestamp"] or ""
    expected = hmac.new(SECRET, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(headers["X-Meterling-Signature"] or "", f"sha256={expected}"):
        told("a wrong signature")
        return 401
    if abs(time.time() - int(stamp)) > 30:
        told(f"signed at {stamp}")
    reading = json.loads(body)
    if not isinstance(reading["quantities"]["power_import"]["value"], int) or headers["X-Custom"] != "yes":
        told("not what was asked for")
    with lock:
        counts["hooks"] += 1
        counts["late hooks"] += headers["X-Meterling-Late"] == "1"
    return 200


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        global mode
        url = urlsplit(self.path)
        if url.path == "/mode":
            mode = url.query
        with lock:
            text = json.dumps({"counts": counts, "problems": problems}).encode()
        self.answer(200, text)

    def do_POST(self):
        now, (path, query) = mode, urlsplit(self.path)[2:4]
        length = int(self.headers["Content-Length"])
        body = b""
        while len(body) < length:
            body += self.rfile.read(min(256 if now == "slow" else 65536, length - len(body)))
            if now == "slow":
                time.sleep(0.05)
        with lock:
            counts[f"requests while {now}"] += 1
        if now == "500":
            return self.answer(500, b"from inside")
        if now == "hang":
            while mode == "hang":
                time.sleep(0.05)
            return
        if now == "cut":
            self.wfile.write(b"HTTP/1.1 20")
            return
        if path.endswith("/dsmrreading"):
            status = take_telegram(self.headers, body)
        elif path.endswith("/write"):
            status = take_lines(self.headers, body, parse_qs(query, strict_parsing=True))
        else:
            status = take_hook(self.headers, body)
        if now == "big" and status != 204:
            try:
                return self.answer(status, b"x" * 1_000_000)
            except OSError:
                return
        self.answer(status, b"" if status == 204 else b"{}")

    def answer(self, status, body):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(certificate=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
print(json.dumps({"http": serve(), "https": serve(sys.argv[1]), "udp": udp.getsockname()[1]}), flush=True)
while True:
    datagram = udp.recv(65536)
    if len(datagram) > 1472:
        told(f"a datagram of {len(datagram)} bytes")
    take_lines({}, datagram)
