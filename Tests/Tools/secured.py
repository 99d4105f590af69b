# SPDX-License-Identifier: Apache-2.0
"""Sends records over a secured connection and reads them back, by confluent-kafka.

Prints the values in the order of their offsets, a line each. The values are sent one after the other, each after the one
before it is acknowledged, with a pause between them. With --token the login is by OAUTHBEARER: each time that a token is
wanted, the next subject or the last one is put into an unsecured token that lives for so many seconds.
Ends with status 1 and one line on stderr when the login is refused or anything else fails for good.
"""
import argparse
import base64
import json
import sys
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

PATIENCE = 20.0  # seconds without an answer before something is wrong


def token(subject, lifetime):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    now = time.time()
    expiry = now + lifetime
    return f"{part({'alg': 'none'})}.{part({'sub': subject, 'iat': int(now), 'exp': expiry})}.", expiry


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0)
    parser.add_argument("--token", nargs=2, metavar=("SUBJECT", "SECONDS"))
    parser.add_argument("-X", dest="settings", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    refusals = []

    def failed(error):
        if error.code() in (KafkaError._AUTHENTICATION, KafkaError._SSL):
            refusals.append(error)

    settings = {"bootstrap.servers": options.bootstrap, "error_cb": failed}
    settings.update(setting.split("=", 1) for setting in options.settings)
    if options.token:
        subject, lifetime = options.token
        settings["oauth_cb"] = lambda _: token(subject, float(lifetime))
    producer = Producer({"message.timeout.ms": 20000, "linger.ms": 0, **settings})
    for number in range(options.count):
        reports = []
        value = f"value {number}".encode()
        producer.produce(options.topic, value=value, on_delivery=lambda error, _: reports.append(error))
        end = time.monotonic() + PATIENCE
        while not reports:
            producer.poll(0.05)
            if refusals:
                sys.exit(f"secured: refused: {refusals[0].str()}")
            if time.monotonic() > end:
                sys.exit("secured: no delivery report")
        if reports[0] is not None:
            sys.exit(f"secured: {reports[0].str()}")
        time.sleep(options.pause)
    consumer = Consumer({**settings, "group.id": "secured", "enable.auto.commit": False, "fetch.wait.max.ms": 10})
    consumer.assign([TopicPartition(options.topic, 0, 0)])
    for _ in range(options.count):
        message = consumer.poll(PATIENCE)
        if message is None or message.error():
            sys.exit(f"secured: not read: {message and message.error()}")
        print(message.value().decode())
    consumer.close()


if __name__ == "__main__":
    try:
        main()
    except KafkaException as error:
        sys.exit(f"secured: {error}")
