"""Subscribes to everything at a broker with Eclipse Paho and prints a JSON line for each message, until standard input ends.

Usage: mqtt_observer.py PORT [USER PASSWORD]
"""

import json
import sys

import paho.mqtt.client as mqtt


def connected(client, _userdata, _flags, reason, _properties):
    print(json.dumps({"connected": str(reason)}), flush=True)
    client.subscribe("#", qos=2)


def received(_client, _userdata, message):
    print(
        json.dumps(
            {
                "topic": message.topic,
                "text": message.payload.decode(),
                "qos": message.qos,
                "retain": bool(message.retain),
            }
        ),
        flush=True,
    )


def subscribed(*_):
    print(json.dumps({"subscribed": True}), flush=True)


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.on_connect = connected
client.on_message = received
client.on_subscribe = subscribed
if len(sys.argv) > 3:
    client.username_pw_set(sys.argv[2], sys.argv[3])
client.reconnect_delay_set(1, 1)
client.connect("127.0.0.1", int(sys.argv[1]))
client.loop_start()
sys.stdin.read()
client.loop_stop()
