// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What the command and the doctor tell of a peer that cannot be used.
enum Told {
    /// The load must end by what the peer shows, not by a time of the settings.
    static let patience = ["max.block.ms=3600000", "reconnect.backoff.max.ms=100", "linger.ms=0"]

    /// Sends a line, and expects one line about the peer with all of these words, and a status.
    static func bySend(
        to place: String,
        _ settings: String,
        _ words: [String],
        status: Int32 = 3,
        options: [String] = []
    ) async throws {
        let finished = try await KafkaProducerBinary.run(
            ["-t", "t", "-b", place, "-c", settings] + options,
            input: .bytes(Array("a\n".utf8))
        )
        #expect(finished.status == status, "\(finished)")
        let errors = finished.errorLines.filter { $0.hasPrefix("kafka-producer: error: ") }
        #expect(errors.count == 1, "\(finished)")
        for word in words { #expect(errors.first?.contains(word) == true, "\(word): \(finished)") }
        #expect(finished.output.isEmpty, "\(finished)")
        #expect(finished.errorLines.allSatisfy { $0.hasPrefix("kafka-producer: ") }, "\(finished)")
    }

    /// Asks the doctor, and expects these words and the layer that has failed.
    static func byDoctor(
        of place: String,
        _ settings: String,
        _ words: [String],
        failedAt layer: String,
        options: [String] = []
    ) async throws {
        let finished = try await KafkaProducerBinary.run(["doctor", "-b", place, "-c", settings] + options)
        #expect(finished.status == 3, "\(finished)")
        let text = finished.outputLines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
        for word in words { #expect(text.contains(word), "\(word): \(finished)") }
        #expect(finished.outputLines.last?.hasPrefix("failed at \(layer) (") == true, "\(finished)")
    }
}
