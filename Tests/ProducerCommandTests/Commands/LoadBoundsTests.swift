// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// How many records are read, how fast, and what is said meanwhile, on the built command.
@Suite("Bounded loads", .takesTurns, .timeLimit(.minutes(10)))
struct LoadBoundsTests {
    @Test(
        "--count reads so many records exactly, in each lane, and a pipe that stays open does not hold it up",
        arguments: [
            [], ["-K:"], ["--sync"], ["--rate", "100000/s"], ["--transactional-id", "x", "--commit-records", "3"],
        ]
    )
    func count(arguments: [String]) async throws {
        let broker = try await EmbeddedBroker.started()
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", broker.bootstrap, "-t", "t", "--count", "7"] + arguments,
            input: .open
        )
        child.write((0..<7).map { "k:\($0)\n" }.joined())
        let finished = try await child.finish()
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.errorText.contains("7 records read, 7 acked"), "\(finished)")
        let more = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "--count", "2"] + arguments,
            input: .text((0..<5000).map { "k:\($0)\n" }.joined())
        )
        #expect(more.status == 0 && more.errorText.contains("2 records read, 2 acked"), "\(more)")
        #expect(!more.errorText.contains("not read"), "an end that was asked for is none to warn of")
        await broker.stop()
    }

    @Test("the next run of a checkpoint goes on behind the count, and what is too long to hold counts")
    func checkpoint() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let input = try folder.write(Array((0..<10).map { "\($0)\n" }.joined().utf8), to: "in")
        for _ in 0..<2 {
            let words = [
                "-b", broker.bootstrap, "-t", "t", "--count", "4", "--checkpoint", folder.path + "/state", input,
            ]
            #expect(try await KafkaProducerBinary.run(words).status == 0)
        }
        #expect(
            try await broker.sent(to: "t").map { $0.value.map { String(decoding: $0, as: UTF8.self) } ?? "" }
                == ["0", "1", "2", "3", "4", "5", "6", "7"]
        )
        let long = String(repeating: "x", count: 2_000_000) + "\na\nb\n"
        let cut = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "u", "--count", "2"],
            input: .text(long)
        )
        #expect(cut.status == 1 && cut.errorText.contains("2 records read, 1 acked, 1 failed"), "\(cut)")
        await broker.stop()
    }

    @Test(
        "--min-records makes the status 1 when fewer came",
        arguments: [("a\nb\n", 0), ("a\n", 1), ("", 1)] as [(String, Int32)]
    )
    func least(input: String, status: Int32) async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "--min-records", "2"],
            input: .text(input)
        )
        #expect(finished.status == status, "\(finished)")
        #expect(finished.errorText.contains("came, and --min-records asks for 2") == (status == 1), "\(finished)")
        await broker.stop()
    }

    @Test("a load that waits for its rate says so, and all its records arrive")
    func rate() async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "--rate", "100/s"],
            input: .text((0..<150).map { "\($0)\n" }.joined())
        )
        #expect(finished.status == 0 && finished.errorText.contains("150 records read, 150 acked"), "\(finished)")
        #expect(finished.errorText.contains("limited by the rate asked for"), "\(finished)")
        await broker.stop()
    }

    @Test("SIGUSR1 says how far it is, with what is left of the input; a signal ends a wait for the rate")
    func progress() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let input = try folder.write(Array((0..<100).map { "\($0)\n" }.joined().utf8), to: "in")
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", broker.bootstrap, "-t", "t", "--rate", "0.01/s", "--progress", "always", "--timestamps", input]
        )
        _ = try await child.line(of: .error) { $0.contains("kafka-producer: 1 records") }
        child.signal(SIGUSR1)
        let account = try await child.line(of: .error) { $0.contains("so far:") }
        #expect(
            account.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z kafka-producer: so far: 1 record read.*/)
                != nil
        )
        let line = try await child.line(of: .error) { $0.contains("%") }
        #expect(line.contains("1 records"), "\(line)")
        child.signal(SIGTERM)
        let finished = try await child.finish()
        #expect(finished.status == 143 && finished.errorText.contains("reading ended before"), "\(finished)")
        await broker.stop()
    }

    @Test(
        "bounds that make no sense are refused",
        arguments: [
            (["--count", "0"], "--count takes a number above 0"),
            (["--rate", "fast"], "--rate \"fast\": give records or bytes"),
            (["--count", "2", "--min-records", "3"], "can never be reached"),
        ]
    )
    func refused(arguments: [String], text: String) async throws {
        let finished = try await KafkaProducerBinary.run(["-b", "localhost:1", "-t", "t"] + arguments)
        #expect(finished.status == 2 && finished.errorText.contains(text), "\(finished)")
    }
}
