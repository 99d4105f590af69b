// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The built command with `--input` and its companions, against the embedded broker.
@Suite("Formats of the input", .takesTurns, .timeLimit(.minutes(10)))
struct InputFormatTests {
    /// Topics `a` and `b` exist, and no other comes into being.
    private func broker() async throws -> EmbeddedBrokerProcess {
        try await EmbeddedBrokerProcess(["--topic", "a:1", "--topic", "b:2", "--no-auto-create-topics"])
    }

    private func send(
        _ text: String,
        _ arguments: [String],
        at broker: EmbeddedBrokerProcess
    ) async throws -> FinishedProcess {
        let words = ["-b", broker.bootstrap, "-X", "max.block.ms=1000"] + arguments
        return try await KafkaProducerBinary.run(words, input: .text(text))
    }

    /// What a topic holds, as `read` prints it, without offsets.
    private func stored(_ topic: String, at broker: EmbeddedBrokerProcess) async throws -> [String] {
        let words = ["read", "-b", broker.bootstrap, "-t", topic, "-o", "beginning", "--until", "end"]
        let finished = try await KafkaProducerBinary.run(words)
        guard finished.status == 0 else { throw HarnessError("read: \(finished.description)") }
        return finished.outputLines.map { $0.replacing(/"offset":\d+,/, with: "") }
    }

    // MARK: JSON

    @Test(
        "objects one after another, over lines and in an array go to the topics that they name, with all that they say"
    )
    func json() async throws {
        let broker = try await broker()
        let text = """
            {"topic":"b","partition":1,"ts":7,"headers":["n","v","m",null,"n","w"],"key":"k\\n","payload":""}
            {"topic":"a","key":null,"value":{"x": [1, 2]},
              "headers":{"h":"i"}, "timestamp":"2024-02-29T23:59:59.007Z"}
            [{"topic":"a","timestamp":8,"value":{"base64":"//4="}},{"topic":"a","timestamp":9,"value":null,"key":""}]

            """
        let finished = try await send(text, ["--input", "json", "--keep", "topic,partition,timestamp"], at: broker)
        #expect(finished.status == 0, "\(finished)")
        #expect(
            try await stored("b", at: broker) == [
                #"{"topic":"b","partition":1,"timestamp":7,"key":"k\n","value":"","headers":[{"key":"n","value":"v"},{"key":"m","value":null},{"key":"n","value":"w"}]}"#
            ]
        )
        #expect(
            try await stored("a", at: broker) == [
                #"{"topic":"a","partition":0,"timestamp":1709251199007,"key":null,"value":"{\"x\": [1, 2]}","headers":[{"key":"h","value":"i"}]}"#,
                #"{"topic":"a","partition":0,"timestamp":8,"key":null,"value":{"base64":"//4="},"headers":[]}"#,
                #"{"topic":"a","partition":0,"timestamp":9,"key":"","value":null,"headers":[]}"#,
            ]
        )
    }

    @Test(
        "a topic that is not there, and what is no record, fail alone; the rest is delivered, and the failures are kept"
    )
    func failures() async throws {
        let broker = try await broker()
        let folder = try TemporaryDirectory()
        let letters = folder.path + "/letters"
        let text = """
            {"topic":"nope","key":"k","value":"1","timestamp":5}
            {"topic":"a","value":"2"
            {"topic":"a","value":"3","timestamp":6}
            {"topic":"a/b","value":"4"}
            {"value":"5"}
            {"file":"f","line":1,"byteOffset":0,"topic":"a","partition":0,"offset":1,"timestamp":1}
            {"topic":"a","offset":1,"partition":0,"timestamp":7}
            {"topic":"b","partition":9,"value":"8","timestamp":1}

            """
        let finished = try await send(
            text,
            ["--input", "json", "--keep", "topic,partition,timestamp", "--dead-letter", letters],
            at: broker
        )
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("8 records read, 2 acked, 6 failed"), "\(finished.errorText)")
        #expect(finished.errorText.contains("stdin:1: UNKNOWN_TOPIC_OR_PARTITION"))
        #expect(
            finished.errorText.contains("4 records failed with MALFORMED_RECORD, first stdin:2: line 2 of the record")
        )
        let values = try await stored("a", at: broker)
        #expect(values.count == 2 && values[0].contains(#""value":"3""#) && values[1].contains(#""value":null"#))
        let kept = try String(contentsOfFile: letters, encoding: .utf8).split(separator: "\n")
        #expect(kept.count == 6)
        #expect(
            kept.first?.contains(
                #""topic":"nope","partition":null,"explicitPartition":false,"timestamp":5,"key":"k","value":"1""#
            ) == true
        )
        #expect(kept.last?.contains(#""topic":"b","partition":9,"explicitPartition":true"#) == true, "\(kept)")
    }

    @Test("with --topic all go there, with their time and without their partition; --keep none leaves the time out")
    func oneTopic() async throws {
        let broker = try await broker()
        let line = #"{"topic":"b","partition":1,"timestamp":7,"key":"aGk=","value":"6869"}"# + "\n"
        let encodings = ["--key-encoding", "base64", "--value-encoding", "hex"]
        let kept = try await send(line, ["--input", "json", "-t", "a"] + encodings, at: broker)
        #expect(kept.status == 0, "\(kept)")
        let timeless = try await send(line, ["--input", "json", "-t", "a", "--keep", "none"] + encodings, at: broker)
        #expect(timeless.status == 0, "\(timeless)")
        let wrong = try await send(#"{"key":"?","value":""}"#, ["--input", "json", "-t", "a"] + encodings, at: broker)
        #expect(wrong.status == 1 && wrong.errorText.contains("the key is not base64"), "\(wrong)")
        let stored = try await stored("a", at: broker)
        #expect(stored.first == #"{"topic":"a","partition":0,"timestamp":7,"key":"hi","value":"hi","headers":[]}"#)
        #expect(stored.count == 2 && !stored[1].contains(#""timestamp":7,"#))
    }

    @Test("no broker: status 3, every record that was read has failed for that, and no other is tried")
    func unreachable() async throws {
        let text = String(repeating: #"{"topic":"a","value":"1"}"# + "\n", count: 5)
        let finished = try await KafkaProducerBinary.run(
            ["-b", "127.0.0.1:1", "-X", "max.block.ms=300", "--input", "json"],
            input: .text(text)
        )
        #expect(finished.status == 3)
        #expect(finished.errorText.contains("5 records failed with NO_BROKER_REACHABLE"), "\(finished.errorText)")
    }

    @Test("what read prints goes back in byte for byte: null, empty, binary, duplicate headers, times, 900 KB")
    func readBack() async throws {
        let broker = try await broker()
        let large = String(repeating: "ä\\u0001\\\\", count: 225_000)
        let text = """
            {"timestamp":1,"key":null,"value":null,"headers":[]}
            {"timestamp":2,"key":"","value":"","headers":[{"key":"","value":""},{"key":"h","value":null},{"key":"h","value":{"base64":"gA=="}}]}
            {"timestamp":3,"key":{"base64":"/wA="},"value":{"base64":"//4="},"headers":[{"key":"é\\"","value":"\\u0000"}]}
            {"timestamp":4,"key":"\\ud83d\\ude00","value":"\(large)","headers":[]}

            """
        #expect(try await send(text, ["--input", "json", "-t", "a"], at: broker).status == 0)
        let words = ["read", "-b", broker.bootstrap, "-t", "a", "-o", "beginning", "--until", "end"]
        let printed = try await KafkaProducerBinary.run(words)
        let copied = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "--input", "json", "-t", "b", "-p", "1"],
            input: .bytes(Array(printed.output))
        )
        #expect(copied.status == 0, "\(copied)")
        let (first, second) = (try await stored("a", at: broker), try await stored("b", at: broker))
        #expect(
            first.count == 4
                && first.map { $0.replacing(#""topic":"a","partition":0"#, with: "") }
                    == second.map { $0.replacing(#""topic":"b","partition":1"#, with: "") }
        )
    }

    // MARK: kcat

    @Test("kcat's own JSON of headers, nulls and raw bytes goes back in, and kcat prints the same again", .needsPeers)
    func kcat() async throws {
        let broker = try await broker()
        let records = [
            StoredRecord(
                timestamp: 1_700_000_000_001,
                key: Data("k\"\\\n".utf8),
                value: Data([0x22, 0x80, 0xFF, 0x0A, 0x01, 0x41]),
                headers: [.init(name: "n", value: Data("v".utf8)), .init(name: "n", value: nil)]
            ),
            StoredRecord(timestamp: 1_700_000_000_002, value: nil),
            StoredRecord(timestamp: 1_700_000_000_003, key: Data(), value: Data()),
            StoredRecord(timestamp: 1_700_000_000_004, key: Data("ключ".utf8), value: Data("{\"a\":1}".utf8)),
        ]
        _ = try await ConfluentKafka.produce(records, to: "a", at: broker.bootstrap)
        let printed = try await ChildProcess.run(
            TestTools.path("kcat"),
            ["-C", "-b", broker.bootstrap, "-t", "a", "-o", "beginning", "-e", "-q", "-J"]
        )
        let sent = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "--input", "json", "-t", "b", "-p", "0"],
            input: .bytes(Array(printed.output))
        )
        #expect(sent.status == 0, "\(sent)")
        #expect(try await ConfluentKafka.read("b", from: broker.bootstrap).map(\.content) == records.map(\.content))
        let again = try await Kcat.readJSON("b", from: broker.bootstrap)
        #expect(
            again
                == (try await Kcat.readJSON("a", from: broker.bootstrap)).map {
                    $0.replacing(#""topic":"a""#, with: #""topic":"b""#)
                }
        )
    }

    // MARK: CSV

    @Test("columns become key, time, headers and topic; the value is the row, a column, or an object of all")
    func csv() async throws {
        let broker = try await broker()
        let text = "\u{FEFF}id,name,at,to\r\n1,\"a \"\"q\"\", b\",7,a\r\n\r\n\\N,\"x\ny\",8,\r\n"
        let columns = [
            "--columns", "key=id,timestamp=at,topic=to,header=name,header.h=id", "--null-marker", "\\N", "-t", "a",
        ]
        for value in [[], ["--row-as", "json"], ["--columns", "value=name"]] {
            var words = ["--input", "csv"] + columns
            if value.first == "--columns" { words[3] += ",value=name" } else { words += value }
            let finished = try await send(text, words, at: broker)
            #expect(finished.status == 0, "\(finished)")
        }
        let headers = #""headers":[{"key":"name","value":"a \"q\", b"},{"key":"h","value":"1"}]}"#
        let others = #""headers":[{"key":"name","value":"x\ny"},{"key":"h","value":null}]}"#
        let first = #"{"topic":"a","partition":0,"timestamp":7,"key":"1","value":"#
        let second = #"{"topic":"a","partition":0,"timestamp":8,"key":null,"value":"#
        #expect(
            try await stored("a", at: broker) == [
                first + #""1,\"a \"\"q\"\", b\",7,a","# + headers, second + #""\\N,\"x\ny\",8,","# + others,
                first + #""{\"id\":\"1\",\"name\":\"a \\\"q\\\", b\",\"at\":\"7\",\"to\":\"a\"}","# + headers,
                second + #""{\"id\":null,\"name\":\"x\\ny\",\"at\":\"8\",\"to\":\"\"}","# + others,
                first + #""a \"q\", b","# + headers, second + #""x\ny","# + others,
            ]
        )
    }

    @Test("each file has a first row of its own, and a row that is none fails alone")
    func csvFiles() async throws {
        let broker = try await broker()
        let folder = try TemporaryDirectory()
        let first = try folder.write("k\tv\n1\ta\n2\n3\tb\tc\n\"4\"x\td\n", to: "first")
        let second = try folder.write("v\tk\ne\t5\n", to: "second")
        let words = ["-b", broker.bootstrap, "-t", "a", "--input", "tsv", "--columns", "key=k,value=v", first, second]
        let finished = try await KafkaProducerBinary.run(words)
        #expect(
            finished.errorText.contains("first:2: the row has 1 fields, and the first row 2"),
            "\(finished.errorText)"
        )
        #expect(finished.errorText.contains("5 records read, 2 acked, 3 failed"))
        let stored = try await stored("a", at: broker).map { $0.replacing(/"timestamp":\d+,/, with: "") }
        #expect(
            stored == [
                #"{"topic":"a","partition":0,"key":"1","value":"a","headers":[]}"#,
                #"{"topic":"a","partition":0,"key":"5","value":"e","headers":[]}"#,
            ]
        )
    }

    @Test("a column that is not there ends the load before anything is sent")
    func missingColumn() async throws {
        let broker = try await broker()
        let finished = try await send("id,b\n1,2\n", ["-t", "a", "--input", "csv", "--columns", "key=x"], at: broker)
        #expect(finished.status == 1)
        #expect(finished.errorText.contains(#"there is no column "x" in the first row; it has "id", "b""#))
        #expect(try await stored("a", at: broker).isEmpty)
    }

    @Test("a checkpoint goes on in the middle of a file whose first row names the columns")
    func csvCheckpoint() async throws {
        let broker = try await broker()
        let folder = try TemporaryDirectory()
        let file = try folder.write("k,v\n1,a\n", to: "in.csv")
        let words = [
            "-b", broker.bootstrap, "-t", "a", "--input", "csv", "--columns", "key=k,value=v", "--checkpoint",
            folder.path + "/state", file,
        ]
        #expect(try await KafkaProducerBinary.run(words).status == 0)
        try folder.write("k,v\n1,a\n2,b\n", to: "in.csv")
        let second = try await KafkaProducerBinary.run(words)
        #expect(second.status == 0, "\(second)")
        let stored = try await stored("a", at: broker)
        #expect(stored.count == 2 && stored[1].contains(#""key":"2","value":"b""#), "\(stored)")
    }

    // MARK: paths and files

    @Test("paths take key, time, headers and topic out of lines that pass unchanged")
    func paths() async throws {
        let broker = try await broker()
        let lines = [
            #"{"user": {"id":7},"at":5,"t":["x","y"],"to":"a"}"#,
            #"{"user":{"id":"s\n"},"at":"1970-01-01T00:00:00.006Z","to":"a"}"#,
            #"{"user":{"id":null},"at":7}"#,
        ]
        let words = [
            "-t", "a", "--key-path", ".user.id", "--timestamp-path", "at", "--header-path", "h=.t[1]", "--topic-path",
            ".to",
        ]
        let bad = "{\"user\":{}}\n{\"user\":\n"
        let finished = try await send(lines.joined(separator: "\n") + "\n" + bad, words, at: broker)
        #expect(finished.status == 1)
        #expect(
            finished.errorText.contains(
                "2 records failed with MALFORMED_RECORD, first stdin:4: there is no .user.id for the key"
            )
        )
        let read = try await stored("a", at: broker)
        #expect(read.count == 3)
        #expect(
            read[0].contains(#""timestamp":5,"key":"7","value":"{\"user\": {\"id\":7}"#)
                && read[0].contains(#""headers":[{"key":"h","value":"y"}]"#)
        )
        #expect(read[1].contains(#""timestamp":6,"key":"s\n","#) && read[1].contains(#""headers":[]"#))
        #expect(read[2].contains(#""timestamp":7,"key":null,"#))
    }

    // MARK: layouts

    @Test("-f reads delimited records with all their parts; one that is laid out otherwise fails alone")
    func layout() async throws {
        let broker = try await broker()
        let text = "2;h1=x,h2=y,7 b 6869 aGk=\nbad line\n0;8 a 00 AA==\n0;9 a ff eA=="
        let finished = try await send(text, ["-f", "%H;%h{%k=%v,}%d %t %k{hex} %v{base64}\\n"], at: broker)
        #expect(finished.status == 1)
        #expect(
            finished.errorText.contains("stdin:2: MALFORMED_RECORD: column 1: a number is not written as -f has it"),
            "\(finished)"
        )
        #expect(finished.errorText.contains("4 records read, 3 acked, 1 failed"))
        #expect(
            try await stored("a", at: broker) == [
                #"{"topic":"a","partition":0,"timestamp":8,"key":"\u0000","value":"\u0000","headers":[]}"#,
                #"{"topic":"a","partition":0,"timestamp":9,"key":{"base64":"/w=="},"value":"x","headers":[]}"#,
            ]
        )
        let other = try await stored("b", at: broker)
        #expect(
            other.count == 1
                && other[0].contains(
                    #""timestamp":7,"key":"hi","value":"hi","headers":[{"key":"h1","value":"x"},{"key":"h2","value":"y"}]"#
                )
        )
    }

    @Test("sizes that do not fit end the load at that place: what follows cannot be told apart")
    func outOfStep() async throws {
        let broker = try await broker()
        let finished = try await send("1:a;2:bc;3:d;1:e;", ["-t", "a", "-f", "%V:%v;"], at: broker)
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("what follows cannot be told apart"), "\(finished)")
        #expect(try await stored("a", at: broker).count == 2)
    }

    @Test("what kcat frames with %R goes back in, null and empty told apart", .needsPeers)
    func kcatFrames() async throws {
        let broker = try await broker()
        let records = [nil, Data(), Data([0, 255, 10]), Data(repeating: 7, count: 3000)].map { StoredRecord(value: $0) }
        _ = try await ConfluentKafka.produce(records, to: "a", at: broker.bootstrap)
        let words = ["-C", "-b", broker.bootstrap, "-t", "a", "-o", "beginning", "-e", "-q", "-f", "%R%s"]
        let framed = try await ChildProcess.run(TestTools.path("kcat"), words)
        let sent = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "b", "-p", "0", "-f", "%V{big32}%v"],
            input: .bytes(Array(framed.output))
        )
        #expect(sent.status == 0, "\(sent)")
        #expect(try await ConfluentKafka.read("b", from: broker.bootstrap).map(\.value) == records.map(\.value))
    }

    // MARK: compressed inputs

    /// Made with gzip, zstd and lz4 of their own projects: two frames, `one\ntw` and `o\nthree\n`.
    private static let compressed: [(name: String, base64: String)] = [
        ("gzip", "H4sIAAAAAAACA8vPS+UqKQcAig8/6gYAAAAfiwgAAAAAAAIDy+cqyShKTeUCAEtWHYYIAAAA"),
        ("zstd", "KLUv/QRYMQAAb25lCnR3KtmDxyi1L/0EWEEAAG8KdGhyZWUKMPW0uw=="),
        ("lz4", "BCJNGGRApwYAAIBvbmUKdHcAAAAAfFvlnwQiTRhkQKcIAACAbwp0aHJlZQoAAAAA2XlWHg=="),
    ]

    @Test(
        "compressed files are told by their first bytes and read, several frames one after the other too",
        arguments: compressed.indices
    )
    func decompressed(index: Int) async throws {
        let broker = try await broker()
        let folder = try TemporaryDirectory()
        let bytes = try Array(#require(Data(base64Encoded: Self.compressed[index].base64)))
        let file = try folder.write(bytes, to: "in")
        let arguments = ["-b", broker.bootstrap, "-t", "a"]
        #expect(try await KafkaProducerBinary.run(arguments + [file]).status == 0)
        #expect(try await KafkaProducerBinary.run(arguments, input: .bytes(bytes)).status == 0)
        let values = try await stored("a", at: broker).map { $0.replacing(/^.*"value":"([^"]*)".*$/) { String($0.1) } }
        #expect(values == ["one", "two", "three", "one", "two", "three"])
        let cut = try folder.write(Array(bytes.dropLast(3)), to: "cut")
        let damaged = try await KafkaProducerBinary.run(arguments + [cut])
        #expect(damaged.status == 4, "\(damaged)")
        #expect(damaged.errorText.contains("\(cut) cannot be decompressed after"))
        let asIs = try await KafkaProducerBinary.run(arguments + ["--decompress", "never", file])
        #expect(asIs.errorText.contains("begins like \(Self.compressed[index].name)"))
    }

    @Test("each file is one record, also an empty one, with its name in key and headers")
    func files() async throws {
        let broker = try await broker()
        let folder = try TemporaryDirectory()
        let first = try folder.write("two\nlines\n", to: "one.txt")
        let second = try folder.write("", to: "two.txt")
        let words = [
            "-b", broker.bootstrap, "-t", "a", "--input", "files", "-k", "{file}", "-H", "source={path}", first, second,
        ]
        let finished = try await KafkaProducerBinary.run(words)
        #expect(finished.status == 0, "\(finished)")
        let stored = try await stored("a", at: broker)
        #expect(stored.count == 2)
        #expect(
            stored[0].contains(
                #""key":"one.txt","value":"two\nlines\n","headers":[{"key":"source","value":"\#(first)"}]"#
            ),
            "\(stored)"
        )
        #expect(stored[1].contains(#""key":"two.txt","value":"""#))
    }

    @Test(
        "options that say nothing about the input as it is are refused",
        arguments: [
            (["-t", "a", "--columns", "key=x"], "--columns is for --input csv or tsv"),
            (["-t", "a", "--keep", "topic"], "--keep is for --input json"),
            (["--input", "json", "-K:"], "-K is for lines"), (["--input", "csv"], "there is no --topic"),
            (["-t", "a", "--input", "json", "--key-path", ".x"], "--key-path is for --input lines"),
            (["-t", "a", "--key-path", "."], "is no path"),
            (["-t", "a", "--input", "json", "--keep", "offset"], "none of topic, partition, timestamp"),
            (["-t", "a", "--input", "csv", "--columns", "offset=x"], "no part of a record"),
            (["-t", "a", "--input", "csv", "-D", ";"], "-D does not go together"),
            (["-t", "a", "--input", "xml"], "xml"), (["-t", "a", "--header-path", "x"], "write NAME=PATH"),
            (["-t", "a", "--input", "csv", "--columns", "value=x", "--row-as", "json"], "use one of them"),
        ]
    )
    func refused(arguments: [String], text: String) async throws {
        let finished = try await KafkaProducerBinary.run(["-b", "127.0.0.1:1"] + arguments)
        #expect(finished.status == 2)
        #expect(finished.errorText.contains(text), "\(finished.errorText)")
    }
}
