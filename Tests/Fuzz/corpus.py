# SPDX-License-Identifier: Apache-2.0
"""Writes the vectors of the tests as files for libFuzzer to begin with.

Usage: corpus.py FIXTURES TARGET FOLDER, where FIXTURES is the folder Tests.
"""
import base64
import json
import pathlib
import sys

tests, target, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
messages = [tests / "KafkaProtocolTests/Fixtures" / name for name in ("messages.json", "messages-groups.json")]
batches = tests / "Vectors/Fixtures/record_batches.json"
STORES = {"jks": ["jks"], "pkcs12": ["p12"], "pem": ["pem", "key"]}
# In the order of FuzzTarget.requests.
APIS = ["ApiVersions", "CreateTopics", "DescribeCluster", "DescribeConfigs", "Fetch", "InitProducerId", "ListOffsets", "Metadata", "Produce",
        "SaslAuthenticate", "SaslHandshake"]
logins = tests / "KafkaClientTests/Fixtures"
stores = tests / "Vectors/Fixtures/keystores"
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
    elif target == "jaas":
        for entry in json.loads((logins / "jaas.json").read_text()):
            yield entry["config"].encode()
    elif target == "jwt":
        claims = b'{"sub":"a","exp":1.7e9,"iat":1,"scope":["a","b"],"error":"x","error_description":"\\u00e9"}'
        yield claims
        yield b"e30." + base64.urlsafe_b64encode(claims).rstrip(b"=") + b".c2ln"
        yield b"https://[::1]:8443/token?a=b#c"
    elif target == "scram":
        for entry in json.loads((logins / "scram.json").read_text()):
            yield from (entry[name].encode() for name in ("serverFirst", "serverFinal") if entry.get(name))
        yield b"r=nonceX,s=QSXCR+Q6sek8bf92,i=4096"
        yield b'{"status":"invalid_token","scope":"a b","openid-configuration":"https://i/x"}'
    elif target == "frames":
        for entry in json.loads(messages[0].read_text())[:50]:
            body = bytes.fromhex(entry["hex"])
            yield len(body).to_bytes(4, "big") + body
    elif target == "http":
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
        yield b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n"
        yield b"HTTP/1.0 200 OK\r\n\r\nabc"
    elif target == "profiles":
        yield b"[default]\nregion = a # b\naws_access_key_id=AKID\naws_secret_access_key = s\n; c\n"
        yield b"[profile \"x y\"]\nrole_arn=arn:aws:iam::1:role/r\nsource_profile = default\ns3 =\n  k = v\n[sso-session s]\n"
        yield b"[ profile a ]\r\n\tcredential_process = /bin/x \"y\"\r\n[b]]\n=\n"
    elif target == "sts":
        result = ("<{0}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{0}Result><Credentials><AccessKeyId>A"
                  "</AccessKeyId><SecretAccessKey>s&#x2F;</SecretAccessKey><SessionToken>t&amp;u</SessionToken><Expiration>"
                  "2026-01-02T03:04:05Z</Expiration></Credentials></{0}Result></{0}Response>")
        for action in ("AssumeRole", "AssumeRoleWithWebIdentity"):
            yield ("<?xml version=\"1.0\"?>\n" + result.format(action)).encode()
        yield b"<ErrorResponse x='y'><Error><Code>A&#65;&lt;</Code><Message/></Error></ErrorResponse>"
        members = b'"SecretAccessKey":"s","Expiration":"2026-01-02T03:04:05.5+01:00"}'
        yield b'{"Version":1,"AccessKeyId":"A","Token":"t",' + members
        yield b'{"Credentials":{"AccessKeyId":"A","SessionToken":"t",' + members + b"}"
        yield b"2026-01-02T03:04:05.678Z"
    elif target == "layouts":
        yield b"%d{big64}%K{big32}%k%V{big32}%v%H{byte}%h{%K{byte}%k%V{big16}%v}\0" + bytes(7) + b"\1\xff\xff\xff\xff\0\0\0\1v\1\1h\0\1x"
        yield b"%H;%h{%k=%v,}%d %t %k{hex} %v{base64}\\n\0002;h1=x,h2=y,7 b 6869 aGk=\n"
        yield b"%k{re#[a-z]{1,3}#}%v{re[(\\d|-)+?]}%p\\n\0abc12345\n"
        yield b"%v{json} %K{ascii},%k\0{\"a\": [1]} 3,abc"
    elif target == "utf16":
        yield b"\xff\xfea\0\n\0\x3d\xd8\0\xde"
        yield b"\xfe\xff\0a\xd8\x3d\xde\0\xd8\0\0"
    elif target == "csv":
        yield b'id,name\r\n1,"a ""q"", b"\r\n\r\n2,"x\ny"\n3,z'
    elif target == "values":
        yield b'{"a":1}{"b":[{},"}"]}\n[{"a":"\\"}"},\n1]\n{"a":1\n{"b":2}\nnonsense\n'
    elif target == "json":
        yield b'{"topic":"t","partition":1,"offset":2,"tstype":"create","ts":3,"broker":1,"headers":["a","b","c",null],"key":null,"payload":"\xff\\n"}'
        yield b'{"topic":"t","key":"k","value":"v","headers":[{"key":"a","value":"b"}],"timestamp":1,"partition":0,"offset":1}'
        yield b'{"key":{"base64":"//4="},"value":[1.5e3,{"a":true}],"headers":{"n":"\\ud83d\\ude00"},"timestamp":"2026-01-02T03:04:05.5+01:00"}'
        yield b'{"file":"f","line":1,"byteOffset":0,"topic":"t","truncated":true,"size":9,"source":{"path":"p"}}'
    elif target in STORES:
        for path in sorted(path for ending in STORES[target] for path in stores.glob("*." + ending)):
            yield path.read_bytes()
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
