# SPDX-License-Identifier: Apache-2.0
"""Members of a consumer group of another implementation, which all read one topic until each record was committed.

  share   several members join one after the other, read and commit, until all records are committed. Prints a line for each
          record that was read: member, partition, offset, value; and a line for each change of a member's partitions
  die     reads some records without committing, and ends without a word, as if it was killed
  drain   one member reads all that is not committed yet, and commits it

Lines are JSON. Ends with status 1 and one line on stderr when something fails.
"""
import argparse
import json
import os
import sys
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition

PATIENCE = 60.0  # seconds


def say(**fields):
    print(json.dumps(fields), flush=True)


class Member:
    """A consumer that notes which partitions it has."""

    def __init__(self, options, number, **more):
        self.name = f"member-{number}"
        self.partitions = set()
        self.uncommitted = {}
        self.is_committing = False
        self.consumer = Consumer(
            {
                "bootstrap.servers": options.bootstrap,
                "group.id": options.group,
                "client.id": self.name,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "partition.assignment.strategy": options.strategy,
                "heartbeat.interval.ms": 100,
                "fetch.wait.max.ms": 10,
                "on_commit": self.committed,
                **({"group.instance.id": self.name} if options.static else {}),
                **more,
            }
        )
        self.is_cooperative = options.strategy == "cooperative-sticky"
        self.consumer.subscribe([options.topic], on_assign=self.assigned, on_revoke=self.revoked, on_lost=self.lost)

    def assigned(self, consumer, partitions):
        if self.is_cooperative:
            consumer.incremental_assign(partitions)
        else:
            self.partitions = set()
            consumer.assign(partitions)
        self.partitions |= {each.partition for each in partitions}
        say(member=self.name, partitions=sorted(self.partitions))

    def revoked(self, consumer, partitions):
        for each in partitions:
            self.partitions.discard(each.partition)
            self.uncommitted.pop(each.partition, None)
        if self.is_cooperative:
            consumer.incremental_unassign(partitions)
        else:
            consumer.unassign()
        say(member=self.name, partitions=sorted(self.partitions))

    def lost(self, consumer, partitions):
        self.revoked(consumer, partitions)

    def read(self, timeout=0.02):
        """One record, or None."""
        message = self.consumer.poll(timeout)
        if message is None:
            return None
        if message.error():
            raise KafkaException(message.error())
        say(member=self.name, partition=message.partition(), offset=message.offset(), value=message.value().decode())
        self.uncommitted[message.partition()] = message.offset() + 1
        return message

    def commit(self, topic):
        """Commits what was read, without waiting: the broker answers nothing on a connection on which it lets a member wait
        for others."""
        offsets = [TopicPartition(topic, number, offset) for number, offset in self.uncommitted.items()]
        if offsets and not self.is_committing:
            self.is_committing = True
            self.consumer.commit(offsets=offsets, asynchronous=True)

    def committed(self, error, partitions):
        """What is refused is tried again, or is another member's now, which reads it again."""
        self.is_committing = False
        if error is not None:
            return
        for each in partitions:
            if each.error is None and self.uncommitted.get(each.partition) == each.offset:
                del self.uncommitted[each.partition]


class Watch:
    """Sees what a group has committed, over a connection of its own."""

    def __init__(self, options):
        self.options = options
        self.consumer = Consumer({"bootstrap.servers": options.bootstrap, "group.id": options.group})

    def committed(self):
        """How many records are committed, over all partitions."""
        places = [TopicPartition(self.options.topic, number) for number in range(self.options.partitions)]
        return sum(max(place.offset, 0) for place in self.consumer.committed(places, timeout=PATIENCE))


def share(options):
    members = []
    watch = Watch(options)
    deadline = time.monotonic() + PATIENCE
    balanced = False
    while time.monotonic() < deadline:
        if len(members) < options.members:
            members.append(Member(options, len(members)))
        for member in members:
            member.read()
            # As long as not all members have something to read there is always something left.
            if balanced or watch.committed() < options.count // 2:
                member.commit(options.topic)
        balanced = len(members) == options.members and all(member.partitions for member in members)
        if balanced and watch.committed() == options.count:
            break
    else:
        raise TimeoutError("not everything was committed")
    for member in members:
        member.consumer.close()


def die(options):
    member = Member(options, 0, **{"session.timeout.ms": options.session})
    read = 0
    deadline = time.monotonic() + PATIENCE
    while read < options.count:
        if member.read() is not None:
            read += 1
        if time.monotonic() > deadline:
            raise TimeoutError("no records")
    os._exit(0)


def drain(options):
    member = Member(options, 1)
    watch = Watch(options)
    deadline = time.monotonic() + PATIENCE
    while watch.committed() < options.count:
        member.read()
        member.commit(options.topic)
        if time.monotonic() > deadline:
            raise TimeoutError("not everything was committed")
    member.consumer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["share", "die", "drain"])
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--group", default="groups")
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--members", type=int, default=3)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--session", type=int, default=6000)
    parser.add_argument("--strategy", default="range")
    parser.add_argument("--static", action="store_true")
    options = parser.parse_args()
    {"share": share, "die": die, "drain": drain}[options.what](options)


if __name__ == "__main__":
    try:
        main()
    except (KafkaException, TimeoutError) as error:
        sys.exit(f"groups: {error!r}")
