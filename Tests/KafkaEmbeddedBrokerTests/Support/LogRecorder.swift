// SPDX-License-Identifier: Apache-2.0
import Logging
import Synchronization

/// Writes down what a broker logs at some level.
final class LogRecorder: Sendable {
    private let level: Logger.Level
    private let lines = Mutex<[String]>([])

    init(_ level: Logger.Level) { self.level = level }

    /// The messages so far.
    var messages: [String] { lines.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]

        var logLevel: Logger.Level {
            get { .trace }
            set {}
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard event.level == recorder.level else { return }
            recorder.lines.withLock { $0.append("\(event.message)") }
        }
    }
}
