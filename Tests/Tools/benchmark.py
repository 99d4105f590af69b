# SPDX-License-Identifier: Apache-2.0
"""The runs of Scripts/benchmark, and its tables."""
import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import formats
import secured_broker
import shapes
import transactional
from runs import cost, first_acknowledgement, median, ratio, said_by, timed

CODECS = ["none", "lz4", "zstd", "snappy", "gzip"]
LARGE = 1 << 20
# librdkafka's mock brokers answer newer ApiVersions requests with what the Java client and franz-go cannot read.
API_VERSIONS = ["-a", "2"]
PARTITIONS = {"plain": 8, "keyed": 12}
# What TLS may cost, as a multiple of the CPU that the same lines take without it and that the cipher takes for them.
TLS_BOUND = 1.25
# Milliseconds until one record is acknowledged over SASL_SSL.
START_BOUND = 80
PARTS = ["table", "tls", "partitions", "far", "transactions", "formats", "latency", "start", "memory"]


class Case:
    """One row: the same lines for everybody."""

    def __init__(self, codec, size, kind, batches):
        self.codec, self.size, self.kind, self.batches = codec, size, kind, batches

    def batch_settings(self):
        return ["-X", "batch.size=%d" % LARGE, "-X", "linger.ms=5"] if self.batches == "1 MiB" else []


class Peer:
    """Another producer: the name of its column, its version, and how to call it.

    `keys` is for lines with keys, `batches` for those of 1 MiB beside what everybody gets, and `target` tells where to
    send. Who is not given the lines there reads them from stdin.
    """

    def __init__(self, name, version, command, keys=("-k",), batches=(), target=("{bootstrap}", "{topic}")):
        self.name, self.version, self.command = name, version, command
        self.keys, self.batches, self.target = keys, batches, target

    def call(self, case, bootstrap, lines):
        settings = ["-X", "compression.type=" + case.codec, *case.batch_settings()]
        if case.kind == "keyed":
            settings += self.keys
        if case.batches == "1 MiB":
            settings += self.batches
        target = [word.format(bootstrap=bootstrap, topic=case.kind, lines=lines) for word in self.target]
        with open(lines, "rb") as stdin:
            return timed(self.command + settings + target, stdin)


def peers(options):
    """The other producers that are here."""
    kcat = shutil.which("kcat")
    if kcat:
        keys = ["-K", "\\t", "-X", "topic.partitioner=murmur2_random"]
        target = ["-b", "{bootstrap}", "-t", "{topic}", "-l", "{lines}"]
        yield Peer("kcat", "kcat", [kcat, "-P"], keys, target=target)
    version = "librdkafka " + said_by("pkg-config", "--modversion", "rdkafka")
    yield Peer("librdkafka", version, [os.path.join(options.tools, "rdkafka-producer")])
    if options.java_classpath:
        command = ["java", "-cp", options.java_classpath, "JavaLineProducer"]
        yield Peer("Java", "Java client " + said_by(*command, "--version"), command + API_VERSIONS)
    if options.franz_producer:
        # It keeps 10,000 records at most unless told otherwise, too few for such batches.
        batches = ["-X", "buffer.memory=%d" % (32 << 20)]
        command = [options.franz_producer]
        yield Peer("franz-go", "franz-go " + said_by(*command, "--version"), command + API_VERSIONS, batches=batches)


class Bench:
    """The cluster, the lines, and how to call each program."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.peers = list(peers(options))
        self.kcat = shutil.which("kcat")
        topics = [word for name, count in PARTITIONS.items() for word in ("--topic", "%s:%d" % (name, count))]
        self.server = subprocess.Popen(
            [self.tool("mock-cluster"), "--brokers", "1"] + topics,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.bootstrap = self.server.stdout.readline().decode().split()[-1]

    def close(self):
        self.server.stdin.close()
        self.server.wait()

    def tool(self, name):
        return os.path.join(self.options.tools, name)

    def count(self, size):
        return self.options.records if size == 100 else self.options.records // 5

    def lines(self, size, kind):
        path = os.path.join(self.folder, "%s-%d" % (kind, size))
        if not os.path.exists(path):
            maker = os.path.join(os.path.dirname(__file__), "lines.py")
            with open(path, "wb") as output:
                command = [sys.executable, maker, str(self.count(size)), str(size), kind]
                subprocess.run(command, stdout=output, check=True)
        return path

    def send(self, topic, *arguments):
        return [self.options.ours, "send", "-q", "-b", self.bootstrap, "--topic", topic, *arguments]

    def ours(self, case):
        keys = ["-K", "\\t"] if case.kind == "keyed" else []
        lines = self.lines(case.size, case.kind)
        return timed(self.send(case.kind, "-z", case.codec, *keys, *case.batch_settings(), lines))

    def floor(self, case):
        if case.kind == "keyed":
            return None
        size = LARGE if case.batches == "1 MiB" else 16384
        with open(self.lines(case.size, case.kind), "rb") as lines:
            count = str(PARTITIONS[case.kind])
            return timed([self.tool("floor"), self.bootstrap, case.kind, count, str(size), case.codec], lines)

    def ours_secured(self, broker, case):
        words = [self.options.ours, "send", "-q", *broker.ours(), "--topic", case.kind, *case.batch_settings()]
        return timed(words + [self.lines(case.size, case.kind)])

    def kcat_secured(self, broker, case):
        words = [self.kcat, "-P", *broker.kcat(), "-t", case.kind, *case.batch_settings()]
        return timed(words + ["-l", self.lines(case.size, case.kind)])

    def row(self, case):
        """The medians for one case: ours, the floor's, and those of each peer."""
        lines = self.lines(case.size, case.kind)
        programs = [lambda: self.ours(case), lambda: self.floor(case)]
        programs += [lambda peer=peer: peer.call(case, self.bootstrap, lines) for peer in self.peers]
        results = [[] for _ in programs]
        for _ in range(self.options.rounds):
            for program, runs in zip(programs, results):
                run = program()
                if run:
                    runs.append(run)
        ours, floor, *others = [median(runs) if runs else None for runs in results]
        return ours, floor, others


def table(bench):
    """Every codec, size and kind of line."""
    columns = ["lines", "codec", "batches", "kafka-producer", "MB/s", "peak MiB", "/ floor"]
    for peer in bench.peers:
        columns += [peer.name, "/ ours"]
    yield "| %s |" % " | ".join(columns)
    yield "|" + "---|" * len(columns)
    codecs = bench.options.codecs
    cases = [Case(codec, size, kind, "1 MiB") for size in (100, 1000) for kind in PARTITIONS for codec in codecs]
    cases += [Case(codec, 100, kind, "defaults") for kind in PARTITIONS for codec in codecs]
    for case in cases:
        cells = ["%d bytes%s" % (case.size, ", keys" if case.kind == "keyed" else ""), case.codec, case.batches]
        if not re.search(bench.options.rows, " | ".join(cells)):
            continue
        ours, floor, others = bench.row(case)
        count = bench.count(case.size)
        size = os.path.getsize(bench.lines(case.size, case.kind))
        cells += [
            cost(ours, count),
            "%.0f" % (size / ours.wall / 1e6),
            "%.0f" % ours.peak,
            ratio(ours, floor),
        ]
        for other in others:
            cells += [cost(other, count), ratio(other, ours)]
        yield "| %s |" % " | ".join(cells)


def latency(bench):
    """Latency at steady rates: the medians over the rounds of p50, p99, the maximum, and CPU seconds."""
    for rate in (10000, 100000):
        yield from latency_at(bench, rate)
        yield ""


def latency_at(bench, rate):
    count = (2 if bench.options.quick else 10) * rate
    rows = {"kafka-producer": [], "librdkafka": []}
    report = os.path.join(bench.folder, "latency.json")
    ours = [bench.options.ours, "perf", "--topic", "plain", "--num-records", str(count), "--record-size", "100"]
    ours += ["--throughput", str(rate), "--json", report]
    ours += ["--producer-props", "bootstrap.servers=" + bench.bootstrap, "linger.ms=0"]
    theirs = [bench.tool("rdkafka-producer"), "-r", str(rate), "-n", str(count), "-X", "linger.ms=0"]
    for _ in range(bench.options.rounds):
        run = timed(ours)
        with open(report, encoding="utf-8") as file:
            values = json.load(file)["latency"]
        rows["kafka-producer"].append([values["p50"], values["p99"], values["maximum"], run.cpu / count * 1e6])
        with tempfile.TemporaryFile() as output:
            run = timed(theirs + [bench.bootstrap, "plain"], output=output)
            output.seek(0)
            values = [float(word) for word in output.read().split()]
        rows["librdkafka"].append(values + [run.cpu / count * 1e6])
    yield "| %s records/s of 100 bytes, linger.ms=0 | p50 ms | p99 ms | max ms | CPU s per million |" % format(rate, ",")
    yield "|---|---|---|---|---|"
    for name, runs in rows.items():
        yield "| %s | %s |" % (name, " | ".join("%.2f" % statistics.median(column) for column in zip(*runs)))


def start(bench):
    """From process start to process end for one record, and to its acknowledgement, which only ours tells."""
    yield (
        "| one record | the whole process, median ms | slowest ms | acknowledged after, median ms | slowest ms "
        "| by the summary, median ms |"
    )
    yield "|---|---|---|---|---|---|"
    line = os.path.join(bench.folder, "line")
    with open(line, "w", encoding="utf-8") as output:
        output.write("x\n")
    case = Case("none", 100, "plain", "defaults")
    acknowledged = {}

    def row(name, program, *ours):
        times = [program().wall * 1000 for _ in range(20)]
        cells = ["%.0f" % statistics.median(times), "%.0f" % max(times), "-", "-", "-"]
        if ours:
            pairs = [first_acknowledgement(*ours) for _ in range(20)]
            times = [took for took, _ in pairs]
            told = [told for _, told in pairs]
            acknowledged[name] = statistics.median(times)
            cells[2:] = ["%.0f" % acknowledged[name], "%.0f" % max(times), "%.0f" % statistics.median(told)]
        return "| %s | %s |" % (name, " | ".join(cells))

    def from_line(command):
        with open(line, "rb") as stdin:
            return timed(command, stdin)

    words = [bench.options.ours, "send", "-b", bench.bootstrap, "--topic", "plain"]
    yield row("kafka-producer", lambda: from_line(words), words + ["--receipts", "-"], line)
    for peer in bench.peers:
        yield row(peer.name, lambda peer=peer: peer.call(case, bench.bootstrap, line))
    for protocol in secured_broker.PROTOCOLS:
        with secured_broker.Broker(bench.options.ours, bench.folder, protocol) as broker:
            words = [bench.options.ours, "send", *broker.ours(), "--topic", "plain"]
            name = "kafka-producer, %s" % broker.name
            yield row(name, lambda words=words: from_line(words), words + ["--receipts", "-"], line)
            if bench.kcat:
                words = [bench.kcat, "-P", *broker.kcat(), "-t", "plain", "-l", line]
                yield row("kcat, %s" % broker.name, lambda words=words: timed(words))
    yield ""
    plain, secured = list(acknowledged.values())[1], acknowledged[name]
    words = "A record is acknowledged over SASL_SSL after %.0f ms, without TLS after %.0f ms" % (secured, plain)
    yield verdict(words, secured, START_BOUND)


def secured_runs(bench, case, protocols):
    """The medians of our runs and kcat's by protocol, and how fast the cipher is, all in turn."""
    runs = {(protocol, program): [] for protocol in protocols for program in ("ours", "kcat")}
    speeds = []
    for _ in range(bench.options.rounds):
        for protocol in protocols:
            for program in ("ours", "kcat") if bench.kcat else ("ours",):
                with secured_broker.Broker(bench.options.ours, bench.folder, protocol) as broker:
                    call = bench.ours_secured if program == "ours" else bench.kcat_secured
                    runs[protocol, program].append(call(broker, case))
                    if broker.is_encrypted:
                        speeds.append(broker.cipher_speed())
    return {key: median(some) if some else None for key, some in runs.items()}, statistics.median(speeds or [0])


def tls(bench):
    """What TLS costs, beside no TLS and the cipher alone: all into the embedded broker."""
    columns = ["lines", "protocol", "batches", "kafka-producer", "MB/s", "peak MiB", "cipher", "/ (plain + cipher)"]
    yield "| %s |" % " | ".join(columns + ["kcat", "/ ours"])
    yield "|" + "---|" * (len(columns) + 2)
    size, count = os.path.getsize(bench.lines(100, "plain")), bench.count(100)
    multiples = []
    for batches in ("1 MiB", "defaults"):
        names = {protocol: ["100 bytes", protocol, batches] for protocol in secured_broker.PROTOCOLS}
        protocols = [name for name, cells in names.items() if re.search(bench.options.rows, " | ".join(cells))]
        runs, speed = secured_runs(bench, Case("none", 100, "plain", batches), protocols)
        plain = runs.get(("PLAINTEXT", "ours"))
        for protocol in protocols:
            ours, kcat = runs[protocol, "ours"], runs[protocol, "kcat"]
            cells = [cost(ours, count), "%.0f" % (size / ours.wall / 1e6), "%.0f" % ours.peak, "-", "-"]
            if protocol != "PLAINTEXT" and plain:
                cipher = size / speed
                multiples.append(ours.cpu / (plain.cpu + cipher))
                cells[-2:] = ["%.3f" % (cipher / count * 1e6), "%.2f" % multiples[-1]]
            yield "| %s |" % " | ".join(names[protocol] + cells + [cost(kcat, count), ratio(kcat, ours)])
    if multiples:
        yield ""
        yield verdict("TLS costs %.2f times plain and cipher at most" % max(multiples), max(multiples), TLS_BOUND)


def verdict(words, figure, bound):
    """A line that holds a figure against its bound."""
    return "%s: %s the bound of %s." % (words, "within" if figure <= bound else "BEYOND", bound)


def memory(bench):
    """Peak memory of a short load and of a long one, through a pipe."""
    short = bench.count(100)
    lengths = (1, -(-bench.options.memory_lines // short))
    yield "| peak MiB | %s lines | %s lines |" % tuple(format(short * length, ",") for length in lengths)
    yield "|---|---|---|"
    lines = bench.lines(100, "plain")
    for codec in bench.options.codecs[:3]:
        peaks = []
        for length in lengths:
            feeder = subprocess.Popen(["cat"] + [lines] * length, stdout=subprocess.PIPE)
            peaks.append(timed(bench.send("plain", "-z", codec), feeder.stdout).peak)
            feeder.stdout.close()
            feeder.wait()
        yield "| %s | %s |" % (codec, " | ".join("%.0f" % peak for peak in peaks))


def machine(bench):
    model = "an unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return (
        "%s, %d cores, %s %s, %s, %s. %s lines of 100 bytes, the median of %d rounds. "
        "CPU seconds per million lines, and millions of lines a second; ratios are of CPU seconds."
    ) % (
        model,
        os.cpu_count(),
        platform.system(),
        platform.release(),
        said_by("swift", "--version"),
        ", ".join(peer.version for peer in bench.peers),
        format(bench.options.records, ","),
        bench.options.rounds,
    )


def parsed():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--tools", required=True)
    parser.add_argument("--java-classpath")
    parser.add_argument("--franz-producer")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--records", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--codecs")
    parser.add_argument("--rows", default="")
    parser.add_argument("--output")
    parser.add_argument("--memory-lines", type=int)
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    options.records = options.records or (500000 if options.quick else 3000000)
    options.memory_lines = options.memory_lines or 16 * options.records
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.codecs = options.codecs.split(",") if options.codecs else CODECS[:2] if options.quick else CODECS
    for codec in options.codecs:
        if codec not in CODECS:
            sys.exit("benchmark: unknown codec %s" % codec)
    return options


def main():
    options = parsed()
    parts = {"table": table, "tls": tls, "partitions": shapes.partitions, "far": shapes.far}
    parts.update({"transactions": transactional.transactions, "formats": formats.formats})
    parts.update({"latency": latency, "start": start, "memory": memory})
    output = open(options.output, "w", encoding="utf-8") if options.output else None

    def write(line):
        print(line, flush=True)
        if output:
            print(line, file=output, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        try:
            write(machine(bench))
            for name, part in parts.items():
                if options.only in (None, name):
                    write("")
                    for line in part(bench):
                        write(line)
        finally:
            bench.close()


if __name__ == "__main__":
    main()
