# SPDX-License-Identifier: Apache-2.0
"""The part of Scripts/benchmark for formats: what it costs to read records out of JSON, CSV and layouts, and to write receipts."""
import json
import os
import shutil

from runs import cost, timed
from shapes import Cluster, in_turn

VALUE = 100
TIME = 1795249145728
# Million records a second and CPU seconds per million that each format has to reach; None for no bound.
BOUNDS = {
    "json": (2.0, 0.6),
    "resend": (2.0, 0.6),
    "csv": (1.5, None),
    "layout": (1.5, None),
    "paths": (1.5, None),
}
# CPU seconds per million that receipts may add.
RECEIPTS_BOUND = 0.2


def values(count):
    for number in range(count):
        yield "k%d" % (number % 1000), ("record %07d " % number).ljust(VALUE, "x")


def letter(number, key, value):
    """A dead letter as kafka-producer writes it."""
    return json.dumps(
        {
            "file": "in.txt", "line": number + 1, "byteOffset": number * 101, "error": "UNKNOWN_TOPIC_OR_PARTITION",
            "message": "plain-1 at 127.0.0.1:9092: This server does not host this topic-partition", "attempts": 1,
            "time": "2026-11-21T08:19:06.695Z", "topic": "plain", "partition": None, "explicitPartition": False,
            "timestamp": TIME, "key": key, "value": value, "headers": [],
        },
        separators=(",", ":"),
    )


def envelope(key, value):
    record = {"topic": "plain", "partition": 3, "offset": 7, "timestamp": TIME, "key": key, "value": value, "headers": []}
    return json.dumps(record, separators=(",", ":"))


def written(folder, count):
    """The same records in each format: the path of each file."""
    paths = {name: os.path.join(folder, "format-" + name) for name in ("keyed", "json", "csv", "paths", "resend")}
    files = {name: open(path, "w", encoding="utf-8") for name, path in paths.items()}
    files["csv"].write("id,text\n")
    for number, (key, value) in enumerate(values(count)):
        files["keyed"].write("%s\t%s\n" % (key, value))
        files["csv"].write("%s,%s\n" % (key, value))
        files["paths"].write('{"user":{"id":"%s"},"text":"%s"}\n' % (key, value))
        files["json"].write(envelope(key, value) + "\n")
        files["resend"].write(letter(number, key, value) + "\n")
    for file in files.values():
        file.close()
    return paths


def formats(bench):
    """Records with keys and values of 100 bytes in each format, into the embedded broker."""
    count = bench.count(VALUE)
    paths = written(bench.folder, count)
    receipts = os.path.join(bench.folder, "receipts")
    send = ["send", "-q", "-b", "{bootstrap}", "--topic", "plain"]
    rows = {
        "keyed": ("lines with keys, `-K '\\t'`", send + ["-K", "\\t", paths["keyed"]]),
        "receipts": ("the same with `--receipts FILE`", send + ["-K", "\\t", "--receipts", receipts, paths["keyed"]]),
        "json": ("`--input json`, an object a line", send + ["--input", "json", paths["json"]]),
        "resend": ("`resend`, dead letters", ["resend", "-q", "--again", "-b", "{bootstrap}", paths["resend"]]),
        "csv": ("`--input csv --columns key=id`", send + ["--input", "csv", "--columns", "key=id", paths["csv"]]),
        "layout": ("`-f '%k\\t%v\\n'`", send + ["-f", "%k\\t%v\\n", paths["keyed"]]),
        "paths": ("`--key-path .user.id`", send + ["--key-path", ".user.id", paths["paths"]]),
    }
    kcat = shutil.which("kcat")
    calls = {name: [bench.options.ours, *words] for name, (_, words) in rows.items()}
    if kcat:
        rows["kcat"] = ("kcat, lines with keys", None)
        calls["kcat"] = [kcat, "-P", "-b", "{bootstrap}", "-t", "plain", "-K", "\\t", "-l", paths["keyed"]]

    def run(words):
        def once():
            if os.path.exists(receipts):
                os.remove(receipts)
            with Cluster([bench.options.ours, "broker", "--port", "0", "--topic", "plain:8"]) as cluster:
                return timed([word.replace("{bootstrap}", cluster.bootstrap) for word in words])

        return once

    runs = dict(zip(calls, in_turn(bench.options.rounds, [run(words) for words in calls.values()])))
    yield "| format | CPU s per million, records a second | bound |"
    yield "|---|---|---|"
    for name, (title, _) in rows.items():
        yield "| %s | %s | %s |" % (title, cost(runs[name], count), bound(name, runs, count))


def bound(name, runs, count):
    """What a row has to reach, and whether it does."""
    cpu, rate = runs[name].cpu / count * 1e6, count / runs[name].wall / 1e6
    if name == "receipts":
        more = cpu - runs["keyed"].cpu / count * 1e6
        return "%.2f more: %s %s" % (more, "within" if more <= RECEIPTS_BOUND else "BEYOND", RECEIPTS_BOUND)
    least, most = BOUNDS.get(name, (None, None))
    if least is None:
        return "-"
    words = "%s M/s" % least + (", %s s" % most if most else "")
    return ("within " if rate >= least and (most is None or cpu <= most) else "BEYOND ") + words
