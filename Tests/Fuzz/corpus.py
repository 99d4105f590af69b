# SPDX-License-Identifier: Apache-2.0
"""Writes the vectors of the tests as files for libFuzzer to begin with.

Usage: corpus.py FIXTURES TARGET FOLDER, where FIXTURES is the folder Tests.
"""
import json
import pathlib
import sys

tests, target, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
messages = [tests / "KafkaProtocolTests/Fixtures" / name for name in ("messages.json", "messages-groups.json")]
batches = tests / "Vectors/Fixtures/record_batches.json"
# In the order of FuzzTarget.requests.
APIS = ["ApiVersions", "CreateTopics", "Fetch", "InitProducerId", "ListOffsets", "Metadata", "Produce",
        "SaslAuthenticate", "SaslHandshake"]
CODECS = {1: "gzip", 2: "snappy", 3: "lz4", 4: "zstd"}


def inputs():
    if target == "messages":
        entries = [entry for file in messages for entry in json.loads(file.read_text()) if entry["api"] in APIS]
        lowest = {}
        for entry in entries:
            lowest[entry["api"]] = min(entry["version"], lowest.get(entry["api"], entry["version"]))
        for entry in entries:
            kind = 0 if entry["kind"] == "request" else 1
            head = [APIS.index(entry["api"]) << 1 | kind, entry["version"] - lowest[entry["api"]]]
            yield bytes(head) + bytes.fromhex(entry["hex"])
    elif target == "properties":
        for path in sorted((tests / "..").glob("*.example")):
            yield path.read_bytes()
        yield b"a=b\\\n  c\\u00e9\n! note\n# note\n\\ k\\:=\\t v\r\nlast"
    else:
        for entry in json.loads(batches.read_text()):
            batch = bytes.fromhex(entry["hex"])
            if target in ("batches", "records"):
                yield batch
            elif CODECS.get(batch[22] & 7) == target:
                yield batch[61:]


folder.mkdir(parents=True, exist_ok=True)
for number, content in enumerate(inputs()):
    (folder / f"vector-{number}").write_bytes(content)
