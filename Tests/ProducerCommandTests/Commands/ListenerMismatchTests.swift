// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Testing

/// How the built command ends when what listens there is no broker's plain-text listener.
@Suite("Listeners of another kind", .takesTurns, .timeLimit(.minutes(10)))
struct ListenerMismatchTests {
    /// Longer than any test may take: only what the peer shows ends the wait.
    private static let patience = ["-X", "max.block.ms=3600000", "-X", "reconnect.backoff.max.ms=100"]

    private static let sentences: [(FakePeer.Kind, String)] = [
        (.tls, "looks like TLS: set security.protocol to SSL, or to SASL_SSL if the listener wants a login as well"),
        (.oldTLS, "looks like TLS: set security.protocol to SSL, or to SASL_SSL if the listener wants a login as well"),
        (.http, "answers in HTTP"), (.login, "looks like a SASL listener"),
        (.controller, "is a controller's listener, not a broker's"),
    ]

    @Test("it is told by name, at once and once, and the status is 3", arguments: sentences)
    func told(kind: FakePeer.Kind, sentence: String) async throws {
        let peer = try await FakePeer(kind)
        let words = ["-b", peer.place, "-t", "t"] + Self.patience
        let finished = try await KafkaProducerBinary.run(words, input: .text("a\nb\n"))
        #expect(finished.status == 3, "\(finished)")
        let told = finished.errorLines.filter { $0.contains(sentence) }
        #expect(told.count == 1, "\(finished)")
        #expect(told.first?.contains(peer.place) == true, "\(finished)")
        #expect(!finished.errorText.contains("delivery.timeout.ms") && !finished.errorText.contains(" bytes;"))
        // On a busy machine it is told before the first read: then nothing was read. Otherwise what was read has failed.
        let account = finished.errorLines.last ?? ""
        let hasRead = account.contains("2 records read, 0 acked, 2 failed;") && told.first?.contains("stdin:1") == true
        #expect(hasRead || account.contains("0 records read, 0 acked, 0 failed;"), "\(finished)")
    }

    @Test("perf and resend end in the same way", arguments: [FakePeer.Kind.tls, .controller])
    func otherCommands(kind: FakePeer.Kind) async throws {
        let peer = try await FakePeer(kind)
        let folder = try TemporaryDirectory()
        let letter = #"{"topic":"t","value":"a","valueEncoding":"utf-8","error":"x","message":"x"}"#
        let letters = try folder.write(letter + "\n", to: "letters")
        let load = ["perf", "-b", peer.place, "-t", "t", "--num-records", "9", "--record-size", "9"] + Self.patience
        for words in [load, ["resend", "-b", peer.place, letters] + Self.patience] {
            let finished = try await KafkaProducerBinary.run(words)
            #expect(finished.status == 3, "\(finished)")
            #expect(finished.errorText.contains(peer.place), "\(finished)")
        }
    }

    @Test("every address is named when all are of no use")
    func all() async throws {
        let (first, second) = (try await FakePeer(.tls), try await FakePeer(.controller))
        let words = ["-b", "\(first.place),\(second.place)", "-t", "t"] + Self.patience
        let finished = try await KafkaProducerBinary.run(words, input: .text("a\n"))
        #expect(finished.status == 3)
        for text in ["\(first.place) looks like TLS", "\(second.place) is a controller's listener"] {
            #expect(finished.errorText.contains(text), "\(finished)")
        }
    }

    @Test("beside a broker it does no harm", arguments: [FakePeer.Kind.tls, .http, .login, .controller, .closing])
    func besideBroker(kind: FakePeer.Kind) async throws {
        let broker = try await EmbeddedBroker.started()
        let peer = try await FakePeer(kind)
        let words = ["-b", "\(peer.place),\(broker.bootstrapServers[0])", "-t", "t"] + Self.patience
        let finished = try await KafkaProducerBinary.run(words, input: .text("a\n"))
        #expect(finished.status == 0, "\(finished)")
        await broker.stop()
    }

    @Test("one that only closes may be a proxy whose broker is not up: it is tried for max.block.ms, with both reasons")
    func closing() async throws {
        let peer = try await FakePeer(.closing)
        let words = ["-b", peer.place, "-t", "t", "-X", "max.block.ms=1500"]
        let finished = try await KafkaProducerBinary.run(words, input: .text("a\n"))
        #expect(finished.status == 3)
        #expect(
            finished.errorText.contains("before it answered anything; a listener for TLS may do that"),
            "\(finished)"
        )
    }
}
