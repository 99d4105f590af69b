# SPDX-License-Identifier: Apache-2.0
"""Administrates a cluster by another implementation: administer.py BOOTSTRAP. Prints what it sees, a step a line."""
import sys

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)


def outcome(futures):
    """What became of the only call of these."""
    try:
        return next(iter(futures.values())).result()
    except KafkaException as error:
        return error.args[0].name()


def main():
    admin = AdminClient({"bootstrap.servers": sys.argv[1]})
    topic = NewTopic("made", num_partitions=2, replication_factor=1, config={"retention.ms": "1000"})
    print("created", outcome(admin.create_topics([topic])))
    print("again", outcome(admin.create_topics([topic])))
    print("partitions", outcome(admin.create_partitions([NewPartitions("made", 3)])))
    print("metadata", len(admin.list_topics("made", timeout=10).topics["made"].partitions))
    wanted = ConfigResource(ConfigResource.Type.TOPIC, "made", set_config={"segment.bytes": "2000"})
    print("altered", outcome(admin.alter_configs([wanted])))
    found = outcome(admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, "made")]))
    print("configs", found["segment.bytes"].value, found["retention.ms"].value, found["retention.ms"].is_default)
    broker = outcome(admin.describe_configs([ConfigResource(ConfigResource.Type.BROKER, "1")]))
    print("broker", broker["log.retention.ms"].value)
    rule = AclBinding(
        ResourceType.GROUP, "g", ResourcePatternType.LITERAL, "User:a", "*", AclOperation.READ, AclPermissionType.ALLOW
    )
    print("rule", outcome(admin.create_acls([rule])))
    every = AclBindingFilter(
        ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY
    )
    print("rules", [each.principal for each in admin.describe_acls(every).result()])
    print("gone", len(outcome(admin.delete_acls([every]))))
    print("groups", len(admin.list_consumer_groups().result().valid))
    print("cluster", len(admin.describe_cluster().result().nodes))
    if hasattr(admin, "delete_records"):
        print("records", outcome(admin.delete_records([TopicPartition("made", 0, 0)])).low_watermark)
    print("deleted", outcome(admin.delete_topics(["made"])))
    print("deleted again", outcome(admin.delete_topics(["made"])))


if __name__ == "__main__":
    main()
