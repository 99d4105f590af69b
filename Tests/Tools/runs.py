# SPDX-License-Identifier: Apache-2.0
"""Runs of programs, and what they cost."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time


class Run:
    """What one run of a program cost."""

    def __init__(self, wall, cpu, peak):
        self.wall, self.cpu, self.peak = wall, cpu, peak


def timed(command, stdin=subprocess.DEVNULL, output=subprocess.DEVNULL):
    """Runs a command and tells its wall seconds, CPU seconds and peak MiB; it must succeed."""
    with tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        child = subprocess.Popen(command, stdin=stdin, stdout=output, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            errors.seek(0)
            sys.exit("%s: exit status %d\n%s" % (command[0], child.returncode, errors.read().decode()[-2000:]))
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(runs):
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "peak")))


def cost(run, count):
    return "-" if run is None else "%.2f, %.2f M/s" % (run.cpu / count * 1e6, count / run.wall / 1e6)


def ratio(run, other):
    return "-" if run is None or other is None else "%.1f" % (run.cpu / other.cpu)


def first_acknowledgement(command, line):
    """The milliseconds from a program's start to the first line of its stdout, and those that its summary tells."""
    with open(line, "rb") as stdin, tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        child = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=errors)
        receipt = child.stdout.readline()
        took = time.monotonic() - begin
        child.communicate()
        errors.seek(0)
        said = errors.read().decode()
    told = re.search(r" in ([0-9.]+) s\b", said)
    if child.returncode != 0 or not receipt or not told:
        sys.exit("%s: exit status %d, first line %r\n%s" % (command[0], child.returncode, receipt, said[-2000:]))
    return took * 1000, float(told.group(1)) * 1000


def said_by(*command):
    output = subprocess.run(command, capture_output=True, text=True, check=False)
    return (output.stdout + output.stderr).strip().split("\n")[0]
