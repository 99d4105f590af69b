# SPDX-License-Identifier: Apache-2.0
"""Writes lines to measure with: JSON objects of one size, all different, with about as much repetition as a log has.

lines.py COUNT SIZE KIND: KIND is plain, or keyed for lines of a key, a tab and such an object. The same arguments give
the same lines.
"""
import random
import sys


def main():
    count, size, is_keyed = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "keyed"
    random.seed(7)
    actions = ["view", "click", "search", "purchase", "login", "logout"]
    paths = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(500)]
    traces = ["%032x" % random.getrandbits(128) for _ in range(20000)]
    fill = "".join(traces[:1000])
    lines = []
    for number in range(count):
        user = random.randrange(1000000)
        line = '{"id":%d,"user":%d,"action":"%s","path":"/%s","ms":%d,"trace":"%s' % (
            1000000000 + number,
            user,
            actions[user % 6],
            paths[user % 500],
            user % 997,
            traces[user % 20000],
        )
        if len(line) < size - 2:
            start = user % 9973
            line += (fill[start:] + fill)[: size - 2 - len(line)]
        line = line[: size - 2] + '"}'
        lines.append("user-%07d\t%s" % (user, line) if is_keyed else line)
        if len(lines) == 10000:
            sys.stdout.write("\n".join(lines) + "\n")
            lines = []
    if lines:
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
