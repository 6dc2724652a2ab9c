"""Renders templates as Home Assistant does: Jinja2's immutable sandbox, the payload as `value_json`. Reads the file of its
argument, a JSON list of [template, payload, state before], and prints the results as one JSON list."""

import json
import sys
from types import SimpleNamespace

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

# Stricter than Home Assistant, which logs a warning for whatever is undefined.
environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
compiled = {}
payloads = {}


def rendered(template, payload, state):
    if template not in compiled:
        compiled[template] = environment.from_string(template)
    if payload not in payloads:
        payloads[payload] = json.loads(payload)
    this = SimpleNamespace(state=state)
    return compiled[template].render(value=payload, value_json=payloads[payload], this=this).strip()


with open(sys.argv[1], encoding="utf-8") as file:
    jobs = json.load(file)
print(json.dumps([rendered(*job) for job in jobs]))
