# SPDX-License-Identifier: Apache-2.0
"""Runs a command with a file, or a pipe from that file, as its stdin and prints one line about what it cost.

Prints: wall seconds, CPU seconds, peak resident MiB, exit status. The command's stderr goes to --stderr. The kernel counts
this program's own memory (about 15 MiB) until the command starts, so a peak below that cannot be seen.
"""
import argparse
import os
import subprocess
import sys
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stdin", help="a file to open as stdin")
    parser.add_argument("--pipe", help="a file that cat writes into stdin")
    parser.add_argument("--stderr", default=os.devnull)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    feeder = None
    source = subprocess.DEVNULL
    if options.pipe:
        feeder = subprocess.Popen(["cat", options.pipe], stdout=subprocess.PIPE)
        source = feeder.stdout
    elif options.stdin:
        source = open(options.stdin, "rb")
    with open(options.stderr, "wb") as errors:
        begin = time.monotonic()
        child = subprocess.Popen(options.command, stdin=source, stdout=subprocess.DEVNULL, stderr=errors)
        if feeder:
            feeder.stdout.close()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - begin
    code = os.waitstatus_to_exitcode(status)
    child.returncode = code
    if feeder:
        feeder.wait()
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{wall:.3f} {cpu:.3f} {usage.ru_maxrss / 1024:.1f} {code}")
    return 0 if code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
