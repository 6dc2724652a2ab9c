# Reads line protocol with a parser that is not ours (line-protocol-parser): one JSON object a line of standard input.
import json
import sys

from line_protocol_parser import parse_line

for line in sys.stdin.buffer.read().decode("utf-8").split("\n"):
    if line:
        print(json.dumps(parse_line(line)))
