// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A newcomer's way as `Scripts/tour` goes it.
@Suite("Tour", .takesTurns, .needsPeers, .timeLimit(.minutes(10)))
struct TourTests {
    @Test("a load over TLS with a login that is killed stores each line once, and the drawing shows what was said")
    func tour() async throws {
        let folder = try TemporaryDirectory()
        let script = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
        let drawing = folder.path + "/tour.svg"
        let finished = try await ChildProcess.run(
            String(script) + "/Scripts/tour",
            ["--svg", drawing],
            environment: ["KAFKA_PRODUCER_BINARY": try TestTools.kafkaProducer()],
            limit: .seconds(300)
        )
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.outputLines.contains("the same"), "\(finished)")
        let text = try String(contentsOfFile: drawing, encoding: .utf8)
        _ = try XMLCheck.elements(of: text)
        #expect(text.contains(">the same</text>"))
        #expect(!text.contains(folder.path) && !text.contains("/tmp/"))
    }
}
