# SPDX-License-Identifier: Apache-2.0
"""Sends records, JSON lines on stdin, and prints what each delivery report says, in the order in which they were sent.

A line has value, and perhaps key, partition, timestamp and headers [{name, value}]; bytes are base64, null is null.
Ends with status 1 and one line on stderr when any record failed.
"""
import argparse
import base64
import json
import sys

from confluent_kafka import KafkaException, Producer


def data(text):
    return None if text is None else base64.b64decode(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("-X", dest="settings", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    settings = {"bootstrap.servers": options.bootstrap, "linger.ms": 5, "message.timeout.ms": 20000}
    settings.update(setting.split("=", 1) for setting in options.settings)
    producer = Producer(settings)
    reports = []

    def send(record):
        index = len(reports)
        reports.append(None)

        def done(error, message):
            reports[index] = (error, message)

        extra = {}
        if record.get("partition") is not None:
            extra["partition"] = record["partition"]
        if record.get("timestamp") is not None:
            extra["timestamp"] = record["timestamp"]
        headers = [(header["name"], data(header.get("value"))) for header in record.get("headers", [])]
        producer.produce(
            options.topic,
            value=data(record.get("value")),
            key=data(record.get("key")),
            headers=headers or None,
            on_delivery=done,
            **extra,
        )

    for line in sys.stdin:
        send(json.loads(line))
        producer.poll(0)
    producer.flush(30)
    for index, report in enumerate(reports):
        if report is None:
            sys.exit(f"produce: no delivery report for record {index}")
        error, message = report
        if error is not None:
            sys.exit(f"produce: record {index}: {error}")
        record = {"partition": message.partition(), "offset": message.offset(), "timestamp": message.timestamp()[1]}
        print(json.dumps({**record, "headers": []}))


if __name__ == "__main__":
    try:
        main()
    except KafkaException as error:
        sys.exit(f"produce: {error}")
