// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaReader
import Testing

/// Where a load begins or goes on, by the built command: what is stored, what coordinators know, what inputs are.
@Suite("Exactly once: begin and go on", .takesTurns, .timeLimit(.minutes(10)))
struct ExactlyOnceStartTests {
    private static let lines = ExactlyOnceLoad.lines(1...1000)

    @Test(
        "a load is committed with its position; the same command has nothing to do, and goes on when the file has grown",
        arguments: ExactlyOnceLoad.protocols
    )
    func goesOn(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version, partitions: 3) { load in
            try load.write(Self.lines, to: "in")
            let words = ["--commit-records", "300", "-v", "in"]
            let first = try await load.run(words)
            #expect(first.status == 0, "\(first)")
            #expect(first.errorText.contains("guarantee: exactly once"))
            #expect(first.errorText.contains("isolation.level=read_committed"))
            #expect(first.errorText.contains("1,000 records read, 1,000 acked, 0 failed"))
            let second = try await load.run(words)
            #expect(second.status == 0, "\(second)")
            #expect(second.errorText.contains("nothing to do: all 1,000 records"), "\(second)")
            #expect(second.errorText.contains("0 acked, 0 failed, 1,000 skipped"), "\(second)")
            try load.append("more\nlast without end", to: "in")
            let third = try await load.run(words)
            #expect(third.status == 0, "\(third)")
            #expect(third.errorText.contains("1,002 records read, 2 acked, 0 failed, 1,000 skipped"), "\(third)")
            // The end of a line is no record.
            try load.append("\n", to: "in")
            let fourth = try await load.run(words)
            #expect(fourth.status == 0, "\(fourth)")
            #expect(fourth.errorText.contains("1,002 records read, 0 acked, 0 failed, 1,002 skipped"), "\(fourth)")
            #expect(try await load.committed().sorted() == (Self.lines + ["last without end", "more"]).sorted())
        }
    }

    @Test("several files are sent in their order, and more may follow in a later run")
    func files() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            try load.write(["a1", "a2"], to: "a")
            try load.write([], to: "empty")
            try load.write(["b1"], to: "b")
            #expect(try await load.run(["--commit-records", "1", "a", "empty", "b"]).status == 0)
            try load.write(["c1"], to: "c")
            try load.append("b2\n", to: "b")
            let more = try await load.run(["a", "empty", "b", "c"])
            #expect(more.status == 0, "\(more)")
            #expect(try await load.committed() == ["a1", "a2", "b1", "b2", "c1"])
        }
    }

    @Test("what does not fit the position is refused with status 2, before anybody is fenced and anything is sent")
    func misfits() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            try load.write(Self.lines, to: "in")
            try load.write(["x"], to: "other")
            #expect(try await load.run(["in"]).status == 0)
            let before = try await load.broker.transaction(of: "kafka-producer.load")
            func refused(_ words: [String], _ message: String) async throws {
                let run = try await load.run(words)
                #expect(run.status == 2, "\(run)")
                #expect(run.errorText.contains(message), "\(run)")
                #expect(run.errorText.contains("nothing was sent"), "\(run)")
            }
            try await refused(["-D", ";", "in"], "the options part the input into other records")
            try await refused(["other"], "has other inputs")
            try await refused(["other", "in"], "has other inputs")
            try load.write(Self.lines.map { $0.uppercased() }, to: "in")
            try await refused(["in"], "its beginning differs")
            try load.write(["short"], to: "in")
            try await refused(["in"], "has shrunk")
            #expect(try await load.broker.transaction(of: "kafka-producer.load") == before)
            #expect(try await load.committed() == Self.lines)
        }
    }

    @Test("a topic that was made anew is another one: status 2")
    func topicMadeAnew() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            try load.write(Self.lines, to: "in")
            #expect(try await load.run(["in"]).status == 0)
            try await load.broker.recreate(topic: "t", partitions: 1)
            let run = try await load.run(["in"])
            #expect(run.status == 2, "\(run)")
            #expect(try await load.committed().isEmpty)
        }
    }

    @Test(
        "a position that has expired is missed: by the note on this machine, and not by another one; --from-start begins anew"
    )
    func expired() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            try load.write(["a", "b"], to: "in")
            #expect(try await load.run(["in"]).status == 0)
            try await load.broker.passTime(.seconds(8 * 24 * 3600))
            let refused = try await load.run(["in"])
            #expect(refused.status == 2, "\(refused)")
            #expect(refused.errorText.contains("a note on this machine says that the load was at work"), "\(refused)")
            let again = try await load.run(["--from-start", "in"])
            #expect(again.status == 0, "\(again)")
            #expect(try await load.committed() == ["a", "b", "a", "b"])
            // With a position the option changes nothing: the same command is safe.
            #expect(try await load.run(["--from-start", "in"]).status == 0)
            #expect(try await load.committed() == ["a", "b", "a", "b"])
        }
    }

    @Test(
        "a run that died before its claim was committed leaves an id without a position: status 2",
        arguments: ExactlyOnceLoad.protocols
    )
    func diedBeforeClaim(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            try load.write(["a"], to: "in")
            try await load.inject("end-txn drop")
            let first = try load.start(["-v", "in"])
            _ = try await first.line(of: .error) { $0.contains("producer id") }
            _ = try await first.line(of: .error) { $0.contains("disconnected") }
            first.signal(9)
            _ = try await first.finish()
            try await load.broker.clearFaults()
            // Nobody is there to end it.
            try await load.broker.passTime(.seconds(120))
            let second = try await load.run(["in"])
            #expect(second.status == 2, "\(second)")
            #expect(
                second.errorText.contains("its transactional id was used before, but there is no position"),
                "\(second)"
            )
            #expect(try await load.run(["--from-start", "in"]).status == 0)
            #expect(try await load.committed() == ["a"])
        }
    }

    @Test("a transaction that never ends is named, with what to do")
    func hangs() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            let first = try load.start(["-v", "--commit-interval", "280s"], input: .open)
            _ = try await first.line(of: .error) { $0.contains("is committed up to stdin, byte 0") }
            try await load.broker.holdTransactionMarkers()
            first.write("a\n")
            first.closeInput()
            #expect(try await first.finish().status == 0)
            let second = try await load.run(["-X", "max.block.ms=1500"], input: .text("a\nb\n"))
            #expect(second.status == 1, "\(second)")
            #expect(second.errorText.contains("waiting until the transaction that an earlier run"), "\(second)")
            #expect(second.errorText.contains("kafka-transactions"), "\(second)")
            try await load.broker.releaseTransactionMarkers()
            #expect(try await load.run([], input: .text("a\nb\n")).status == 0)
            #expect(try await load.committed() == ["a", "b"])
        }
    }

    @Test(
        "standard input goes on behind the same bytes, and refuses other bytes and fewer",
        arguments: ExactlyOnceLoad.protocols
    )
    func standardInput(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            #expect(try await load.run([], input: .text("a\nb\n")).status == 0)
            let more = try await load.run([], input: .text("a\nb\nc\n"))
            #expect(more.status == 0, "\(more)")
            #expect(more.errorText.contains("3 records read, 1 acked, 0 failed, 2 skipped"), "\(more)")
            let other = try await load.run([], input: .text("a\nB\nc\nd\n"))
            #expect(other.status == 2, "\(other)")
            #expect(other.errorText.contains("the first 6 bytes of stdin are others"), "\(other)")
            let fewer = try await load.run([], input: .text("a\n"))
            #expect(fewer.status == 2, "\(fewer)")
            #expect(fewer.errorText.contains("it has ended after 2"), "\(fewer)")
            #expect(try await load.committed() == ["a", "b", "c"])
        }
    }

    @Test(
        "a right that is missing is named with its resource, before any record is sent",
        arguments: [
            (
                "init-producer-id error TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
                "Write to the transactional id kafka-producer.load"
            ),
            ("offset-fetch error GROUP_AUTHORIZATION_FAILED", "Read the group kafka-producer.load"),
            ("txn-offset-commit error GROUP_AUTHORIZATION_FAILED", "Read the group kafka-producer.load"),
            ("txn-offset-commit error TOPIC_AUTHORIZATION_FAILED", "Read the topic t"),
        ]
    )
    func rights(fault: String, right: String) async throws {
        for version in ExactlyOnceLoad.protocols {
            try await ExactlyOnceLoad.with(version) { load in
                try load.write(["a"], to: "in")
                try await load.inject(fault)
                let run = try await load.run(["in"])
                #expect(run.status == 1, "\(run)")
                #expect(run.errorText.contains("the right to \(right)"), "\(run)")
                #expect(try await load.broker.records(topic: "t", partition: 0).isEmpty)
            }
        }
    }

    @Test("the position is shown as text and JSON, and a load that is forgotten begins anew")
    func showAndForget() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            let none = try await load.other(["exactly-once", "show", "load"])
            #expect(none.status == 1, "\(none)")
            try load.write(["a", "b"], to: "in file")
            #expect(try await load.run(["in file"]).status == 0)
            try load.append("more\n", to: "in file")
            let text = try await load.other(["exactly-once", "show", "load"])
            #expect(text.status == 0, "\(text)")
            #expect(
                text.outputText.contains("in file (1 of 1)") && text.outputText.contains("5 bytes of it"),
                "\(text)"
            )
            let json = try await load.other(["exactly-once", "show", "load", "--json"])
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
            #expect(object["bytes"] as? Int == 4 && object["records"] as? Int == 2 && object["bytesLeft"] as? Int == 5)
            #expect(object["state"] as? String == "done" && object["topic"] as? String == "t")
            let forget = try await load.other(["exactly-once", "forget", "load"])
            #expect(forget.status == 0, "\(forget)")
            let shown = try await load.other(["exactly-once", "show", "load"])
            #expect(shown.outputText.contains("forgotten"), "\(shown)")
            #expect(try await load.run(["in file"]).status == 0)
            #expect(try await load.committed() == ["a", "b", "a", "b", "more"])
        }
    }

    @Test(
        "what does not go together is refused with a sentence",
        arguments: [
            (
                ["--exactly-once", "x", "--checkpoint", "c", "/dev/null"],
                "--checkpoint does not go together with --exactly-once"
            ),
            (["--exactly-once", "x", "--transactional-id", "y"], "leave --transactional-id out"),
            (["--exactly-once", "a/b"], "a load's name has"),
            (
                ["--exactly-once", "x", "--on-error", "stop-partition"],
                "--on-error stop-partition does not go together"
            ),
            (["--exactly-once", "x", "/dev/null", "/dev/null"], "/dev/null is named twice"),
            (["--from-start"], "--from-start needs --exactly-once"),
        ]
    )
    func usage(words: [String], message: String) async throws {
        let run = try await KafkaProducerBinary.run(["-b", "127.0.0.1:1", "-t", "t"] + words)
        #expect(run.status == 2, "\(run)")
        #expect(run.errorText.contains(message), "\(run)")
    }
}
