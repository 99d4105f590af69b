# SPDX-License-Identifier: Apache-2.0
"""Reads metrics with other people's readers, and prints what they found as lines of JSON.

metrics.py prometheus FILE: reads Prometheus' text format by prometheus_client; a line a sample: name, type, labels, value.
metrics.py telemetry: reads a MetricsData in protobuf, as hexadecimal digits on stdin, by opentelemetry-proto; a line a data
point: name, kind (gauge or sum), monotonic, temporality, attributes, value, and the resource's attributes.
"""
import json
import sys


def prometheus(path):
    from prometheus_client.parser import text_string_to_metric_families

    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            yield {
                "name": sample.name,
                "type": family.type,
                "help": family.documentation,
                "labels": sample.labels,
                "value": sample.value,
            }


def attributes(list_of_pairs):
    return {pair.key: pair.value.string_value for pair in list_of_pairs}


def telemetry():
    from opentelemetry.proto.metrics.v1.metrics_pb2 import MetricsData

    data = MetricsData()
    data.ParseFromString(bytes.fromhex(sys.stdin.read()))
    for resource in data.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                kind = metric.WhichOneof("data")
                found = getattr(metric, kind)
                for point in found.data_points:
                    yield {
                        "name": metric.name,
                        "kind": kind,
                        "monotonic": kind == "sum" and found.is_monotonic,
                        "temporality": found.aggregation_temporality if kind == "sum" else 0,
                        "attributes": attributes(point.attributes),
                        "resource": attributes(resource.resource.attributes),
                        "start": point.start_time_unix_nano,
                        "time": point.time_unix_nano,
                        "value": point.as_double,
                    }


def main():
    found = prometheus(sys.argv[2]) if sys.argv[1] == "prometheus" else telemetry()
    for line in found:
        print(json.dumps(line, ensure_ascii=False))


main()
