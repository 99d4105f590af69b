# SPDX-License-Identifier: Apache-2.0
"""Prints texts of CSV and what Python's csv module reads in them, one JSON object a line.

Half of the texts are what its writer makes of random rows, in all its ways of quoting; the other half are random characters.
`rows` is null for what its strict reader refuses. Empty lines are no rows; texts with a lone carriage return are left out,
since to this reader that is a line end, and to RFC 4180 it is not.
"""
import csv
import io
import json
import random
import re
import sys

csv.field_size_limit(1 << 20)


def random_text(choose, length, characters):
    return "".join(choose.choice(characters) for _ in range(choose.randint(0, length)))


def written(choose, delimiter):
    output = io.StringIO(newline="")
    quoting = choose.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
    end = choose.choice(["\n", "\r\n"])
    writer = csv.writer(output, delimiter=delimiter, quoting=quoting, lineterminator=end)
    for _ in range(choose.randint(1, 5)):
        writer.writerow([random_text(choose, 6, 'ab"\n ä' + delimiter) for _ in range(choose.randint(1, 4))])
    text = output.getvalue()
    return text[: -len(end)] if choose.random() < 0.3 else text


def rows(text, delimiter):
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    except csv.Error:
        return None


choose = random.Random(int(sys.argv[1]))
count = 0
while count < 400:
    delimiter = choose.choice([",", "\t"])
    if count % 2:
        text = written(choose, delimiter)
    else:
        text = random_text(choose, 16, ["a", '"', delimiter, "\n", "\r\n", " ", "ö"])
    if "\0" in text or re.search("\r(?!\n)", text):
        continue
    count += 1
    print(json.dumps({"text": text, "delimiter": delimiter, "rows": rows(text, delimiter)}))
