# SPDX-License-Identifier: Apache-2.0
"""A transactional client of another implementation: writes transactions, or reads what was committed.

  write   random transactions of several producers; prints each record that was committed
  read    prints the records of a partition from an offset on, as a reader of committed ones gets them
  copy    reads a topic, writes what it read to another one, and commits its place in the same transactions; every other one
          is aborted and done again. Prints the committed place
  fence   two producers with one transactional id; prints the error of the first one

Records are JSON lines. Ends with status 1 and one line on stderr when something fails.
"""
import argparse
import json
import random
import sys

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

PATIENCE = 60.0  # seconds


def producer(options, name):
    made = Producer({"bootstrap.servers": options.bootstrap, "transactional.id": name, "linger.ms": 0})
    made.init_transactions(PATIENCE)
    return made


def consumer(options, **more):
    return Consumer(
        {
            "bootstrap.servers": options.bootstrap,
            "group.id": options.group,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
            "fetch.wait.max.ms": 10,
            **more,
        }
    )


def line(partition, offset, value):
    return json.dumps({"partition": partition, "offset": offset, "value": value.decode()})


def write(options):
    dice = random.Random(options.seed)
    producers = [producer(options, f"{options.group}-{number}") for number in range(3)]
    open_records = [None for _ in producers]
    committed = []
    for step in range(options.count):
        number = dice.randrange(len(producers))
        own = producers[number]
        if open_records[number] is None:
            own.begin_transaction()
            open_records[number] = []
        if dice.random() < 0.3:
            own.flush(PATIENCE)
            if dice.random() < 0.5:
                own.commit_transaction(PATIENCE)
                committed += open_records[number]
            else:
                own.abort_transaction(PATIENCE)
            open_records[number] = None
            continue
        records = open_records[number]

        def delivered(error, message, records=records):
            if error is None:
                records.append((message.partition(), message.offset(), message.value()))

        partition = dice.randrange(options.partitions)
        own.produce(options.topic, f"{step}".encode(), partition=partition, on_delivery=delivered)
        own.poll(0)
    for number, own in enumerate(producers):
        if open_records[number] is not None:
            own.abort_transaction(PATIENCE)
    for record in sorted(committed):
        print(line(*record))


def read(options):
    reader = consumer(options)
    reader.assign([TopicPartition(options.topic, options.partition, options.offset)])
    while True:
        message = reader.poll(PATIENCE)
        if message is None:
            raise TimeoutError("no record and no end")
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                break
            raise KafkaException(message.error())
        print(line(message.partition(), message.offset(), message.value()))
    reader.close()


def copy(options):
    own = producer(options, options.group)
    reader = consumer(options)
    place = TopicPartition(options.topic, 0, 0)
    reader.assign([place])
    attempt = 0
    records = []
    while True:
        message = reader.poll(PATIENCE)
        if message is None:
            raise TimeoutError("no record and no end")
        if message.error():
            break
        records.append(message)
    start = 0
    while start < len(records):
        part = records[start : start + options.count]
        own.begin_transaction()
        for message in part:
            own.produce(options.topic + "-copy", message.value(), partition=0)
        own.send_offsets_to_transaction(
            [TopicPartition(options.topic, 0, part[-1].offset() + 1)], reader.consumer_group_metadata(), PATIENCE
        )
        attempt += 1
        if attempt % 2 == 0:
            own.commit_transaction(PATIENCE)
            start += len(part)
        else:
            own.flush(PATIENCE)
            own.abort_transaction(PATIENCE)
    found = reader.committed([TopicPartition(options.topic, 0)], timeout=PATIENCE)
    print(line(0, found[0].offset, b"committed"))
    reader.close()


def fence(options):
    first = producer(options, options.group)
    first.begin_transaction()
    first.produce(options.topic, b"lost", partition=0)
    first.flush(PATIENCE)
    second = producer(options, options.group)
    second.begin_transaction()
    second.produce(options.topic, b"kept", partition=0)
    second.commit_transaction(PATIENCE)
    try:
        first.commit_transaction(PATIENCE)
        print(line(0, 0, b"committed"))
    except KafkaException as error:
        print(line(0, 0, error.args[0].name().encode()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["write", "read", "copy", "fence"])
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--group", default="transactions")
    parser.add_argument("--partitions", type=int, default=2)
    parser.add_argument("--partition", type=int, default=0)
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    {"write": write, "read": read, "copy": copy, "fence": fence}[options.what](options)


if __name__ == "__main__":
    try:
        main()
    except (KafkaException, TimeoutError, KeyError) as error:
        sys.exit(f"transactions: {error!r}")
