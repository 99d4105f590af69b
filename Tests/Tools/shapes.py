# SPDX-License-Identifier: Apache-2.0
"""Parts of Scripts/benchmark for other shapes of clusters: many partitions and brokers, and brokers that are far away."""
import json
import re
import subprocess
import sys

from runs import cost, median, ratio, timed

# What the same lines may cost with so many partitions, as a multiple of what they cost with 12.
PARTITION_BOUNDS = {1000: 1.5, 5000: 4.0}
FAR_LINES = 200000


class Cluster:
    """A cluster in a process of its own, whose first line of output ends in its address."""

    def __init__(self, command, *commands):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        if not line:
            sys.exit("%s did not start" % command[0])
        self.bootstrap = line.split()[-1]
        for words in commands:
            self.process.stdin.write((words + "\n").encode())
            self.process.stdin.flush()
            answer = self.process.stdout.readline().decode().strip()
            if answer != "ok":
                sys.exit("%s: %s: %s" % (command[0], words, answer))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait()


def in_turn(rounds, programs):
    """The medians of programs that take turns; each is called with nothing and returns a run."""
    runs = [[] for _ in programs]
    for _ in range(rounds):
        for program, some in zip(programs, runs):
            some.append(program())
    return [median(some) for some in runs]


def partitions(bench):
    """Keyed lines into the embedded broker with more and more partitions, with no setting at all."""
    yield "| partitions | brokers | kafka-producer | wall s | peak MiB | / 12 partitions | kcat | wall s | CPU / ours |"
    yield "|---|---|---|---|---|---|---|---|---|"
    lines = bench.lines(100, "keyed")
    count = bench.count(100)
    least = None
    beyond = []
    for number, brokers in ((12, 1), (100, 1), (1000, 1), (5000, 1), (5000, 50)):
        if not re.search(bench.options.rows, "%d | %d" % (number, brokers)):
            continue
        words = [bench.options.ours, "broker", "--port", "0", "--brokers", str(brokers), "--topic", "many:%d" % number]

        def ours():
            with Cluster(words) as cluster:
                first = cluster.bootstrap.split(",")[0]
                return timed([bench.options.ours, "send", "-q", "-b", first, "--topic", "many", "-K", "\\t", lines])

        def kcat():
            with Cluster(words) as cluster:
                first = cluster.bootstrap.split(",")[0]
                return timed([bench.kcat, "-P", "-b", first, "-t", "many", "-K", "\t", "-l", lines])

        run, *others = in_turn(bench.options.rounds, [ours] + ([kcat] if bench.kcat else []))
        least = least or run
        other = others[0] if others else None
        multiple = run.cpu / least.cpu
        if brokers == 1 and multiple > PARTITION_BOUNDS.get(number, multiple):
            beyond.append("%d partitions cost %.1f times 12" % (number, multiple))
        cells = [number, brokers, cost(run, count), "%.2f" % run.wall, "%.0f" % run.peak, "%.1f" % multiple]
        cells += [cost(other, count), "%.2f" % other.wall, ratio(other, run)] if other else ["-", "-", "-"]
        yield "| %s |" % " | ".join(str(cell) for cell in cells)
    yield ""
    yield "Bounds: 1,000 partitions 1.5, 5,000 partitions 4.0 times the CPU at 12. %s." % (
        "; ".join("BEYOND: " + text for text in beyond) or "Within"
    )
    yield ""
    yield from topics(bench)


def topics(bench):
    """Lines of JSON that name their topic, into one topic and into 20 of 12 partitions each."""
    yield "| topics of 12 partitions, `--topic-path .t` | kafka-producer | wall s | peak MiB | / 1 topic |"
    yield "|---|---|---|---|---|"
    count, least = bench.count(100), None
    for number in (1, 20):
        lines = bench.lines(100, "plain") + "-topics-%d" % number
        with open(bench.lines(100, "plain"), encoding="utf-8") as source, open(lines, "w", encoding="utf-8") as output:
            for index, line in enumerate(source):
                output.write('{"t":"many%d","v":%s}\n' % (index % number, json.dumps(line.rstrip("\n"))))
        words = [bench.options.ours, "broker", "--port", "0"]
        words += [word for index in range(number) for word in ("--topic", "many%d:12" % index)]

        def ours():
            with Cluster(words) as cluster:
                return timed([bench.options.ours, "send", "-q", "-b", cluster.bootstrap, "--topic-path", ".t", lines])

        run = in_turn(bench.options.rounds, [ours])[0]
        least = least or run
        cells = ["%d" % number, cost(run, count), "%.2f" % run.wall, "%.0f" % run.peak, "%.1f" % (run.cpu / least.cpu)]
        yield "| %s |" % " | ".join(cells)


def far(bench):
    """How long a load takes over a path of so many milliseconds, with no setting at all."""
    yield "| round trip ms | brokers | partitions | codec | kafka-producer, wall s | peak MiB | kcat, wall s | kcat / ours |"
    yield "|---|---|---|---|---|---|---|---|"
    with open(bench.lines(100, "plain"), "rb") as source:
        text = source.read(101 * FAR_LINES)
    lines = bench.lines(100, "plain") + "-far"
    with open(lines, "wb") as output:
        output.write(text[: text.rindex(b"\n") + 1])
    slower = []
    for rtt in (0, 5, 50, 200):
        for brokers in (1, 3):
            for number in (1, 12, 100):
                for codec in ("none", "lz4"):
                    cells = ["%d" % rtt, "%d" % brokers, "%d" % number, codec]
                    if not re.search(bench.options.rows, " | ".join(cells)):
                        continue
                    ours, kcat = far_row(bench, lines, rtt, brokers, number, codec)
                    if kcat and kcat.wall < ours.wall:
                        slower.append(" ".join(cells))
                    other = ["%.2f" % kcat.wall, "%.1f" % (kcat.wall / ours.wall)] if kcat else ["-", "-"]
                    yield "| %s |" % " | ".join(cells + ["%.2f" % ours.wall, "%.0f" % ours.peak] + other)
    yield ""
    yield "%d lines of 100 bytes. Bound: kcat's wall time. %s." % (
        FAR_LINES,
        "Within" if not slower else "BEYOND with (round trip, brokers, partitions, codec): " + "; ".join(slower),
    )


def far_row(bench, lines, rtt, brokers, number, codec):
    words = [bench.tool("mock-cluster"), "--brokers", str(brokers), "--topic", "far:%d" % number]

    def run(command):
        with Cluster(words, "rtt -1 %d" % rtt) as cluster:
            return timed([word.replace("BOOTSTRAP", cluster.bootstrap) for word in command])

    ours = [bench.options.ours, "send", "-q", "-b", "BOOTSTRAP", "--topic", "far", "-z", codec, lines]
    kcat = [bench.kcat, "-P", "-b", "BOOTSTRAP", "-t", "far", "-z", codec, "-l", lines]
    programs = [lambda: run(ours)] + ([lambda: run(kcat)] if bench.kcat else [])
    medians = in_turn(bench.options.rounds, programs)
    return medians[0], medians[1] if len(medians) > 1 else None
