# SPDX-License-Identifier: Apache-2.0
"""Prints a topic's records as JSON lines, partition by partition, from the first to the present end.

Bytes are base64; a null key, value or header value is null. Ends with status 1 and one line on stderr when it cannot.
"""
import argparse
import base64
import json
import sys

from confluent_kafka import Consumer, KafkaException, TopicPartition

PATIENCE = 20.0  # seconds without a record before something is wrong


def text(data):
    return None if data is None else base64.b64encode(data).decode()


def line(message):
    return json.dumps(
        {
            "partition": message.partition(),
            "offset": message.offset(),
            "timestamp": message.timestamp()[1],
            "key": text(message.key()),
            "value": text(message.value()),
            "headers": [{"name": name, "value": text(value)} for name, value in message.headers() or []],
        }
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    options = parser.parse_args()
    consumer = Consumer(
        {
            "bootstrap.servers": options.bootstrap,
            "group.id": "interoperability",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "check.crcs": True,
            "fetch.wait.max.ms": 10,
        }
    )
    metadata = consumer.list_topics(options.topic, timeout=PATIENCE).topics[options.topic]
    if metadata.error:
        raise KafkaException(metadata.error)
    ends = {}
    for partition in metadata.partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(options.topic, partition), timeout=PATIENCE)
        if high > low:
            ends[partition] = high
    consumer.assign([TopicPartition(options.topic, partition, 0) for partition in ends])
    records = {partition: [] for partition in ends}
    waiting = set(ends)
    while waiting:
        message = consumer.poll(PATIENCE)
        if message is None:
            raise TimeoutError(f"no record within {PATIENCE} s; still to come: partitions {sorted(waiting)}")
        if message.error():
            raise KafkaException(message.error())
        records[message.partition()].append(line(message))
        if message.offset() + 1 >= ends[message.partition()]:
            waiting.discard(message.partition())
    for partition in sorted(records):
        for record in records[partition]:
            print(record)
    consumer.close()


if __name__ == "__main__":
    try:
        main()
    except (KafkaException, TimeoutError, KeyError) as error:
        sys.exit(f"consume: {error!r}")
