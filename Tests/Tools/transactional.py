# SPDX-License-Identifier: Apache-2.0
"""The part of Scripts/benchmark for transactions: what their interval costs, and how long one of a single record takes."""
import os

from runs import cost, timed
from shapes import Cluster, in_turn

INTERVALS = ["100ms", "1s", "5s", "30s"]
# With the interval that holds without a word: CPU as a multiple of that without transactions, and the rate as a part of it.
CPU_BOUND, RATE_BOUND = 1.1, 0.9
# Milliseconds of a transaction of one record.
SINGLE_BOUND = 5.0
SINGLES = 1000


def transactions(bench):
    """Lines of 100 bytes into the embedded broker in transactions of several intervals, and exactly once, beside none."""
    lines = bench.lines(100, "plain")
    count = bench.count(100)
    kinds = [("none", [])]
    kinds += [(interval, ["--transactional-id", "x", "--commit-interval", interval]) for interval in INTERVALS]
    kinds += [("5s, --exactly-once", ["--exactly-once", "x"])]
    folder = os.path.join(bench.folder, "state")

    def run(words, path):
        def once():
            with Cluster([bench.options.ours, "broker", "--port", "0", "--topic", "plain:8"]) as cluster:
                send = [bench.options.ours, "send", "-q", "-b", cluster.bootstrap, "--topic", "plain", *words, path]
                return timed(["env", "XDG_STATE_HOME=" + folder, *send])

        return once

    runs = in_turn(bench.options.rounds, [run(words, lines) for _, words in kinds])
    none, by_name = runs[0], dict(zip((name for name, _ in kinds), runs))
    yield "| interval | kafka-producer | wall s | peak MiB | CPU / none | rate / none |"
    yield "|---|---|---|---|---|---|"
    for name, some in by_name.items():
        cells = [name, cost(some, count), "%.2f" % some.wall, "%.0f" % some.peak]
        cells += ["%.2f" % (some.cpu / none.cpu), "%.2f" % (none.wall / some.wall)]
        yield "| %s |" % " | ".join(cells)
    yield ""
    usual = by_name["5s"]
    cpu, rate = usual.cpu / none.cpu, none.wall / usual.wall
    state = "within" if cpu <= CPU_BOUND and rate >= RATE_BOUND else "BEYOND"
    yield "An interval of 5 s costs %.2f times the CPU and leaves %.2f of the rate: %s the bounds of %s and %s." % (
        cpu, rate, state, CPU_BOUND, RATE_BOUND,
    )
    yield single(run, bench)


def single(run, bench):
    """How long a transaction of one record takes, over that of a load of one."""
    walls = {}
    for number in (1, SINGLES + 1):
        path = os.path.join(bench.folder, "singles-%d" % number)
        with open(path, "w", encoding="utf-8") as output:
            output.write("x\n" * number)
        words = ["--transactional-id", "x", "--commit-records", "1"]
        walls[number] = in_turn(bench.options.rounds, [run(words, path)])[0].wall
    took = (walls[SINGLES + 1] - walls[1]) / SINGLES * 1000
    state = "within" if took <= SINGLE_BOUND else "BEYOND"
    return "A transaction of one record takes %.1f ms: %s the bound of %s." % (took, state, SINGLE_BOUND)
