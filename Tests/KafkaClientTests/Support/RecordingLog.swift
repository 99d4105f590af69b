// SPDX-License-Identifier: Apache-2.0
import Logging
import Synchronization

/// Keeps what is logged.
final class RecordingLog: Sendable {
    private let kept = Mutex<[String]>([])

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test", factory: { _ in Handler(log: self) }) }

    /// The lines so far: `warning message key=value`.
    var lines: [String] { kept.withLock { $0 } }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            log.kept.withLock { $0.append("\(event.level) \(event.message)\(pairs.joined())") }
        }
    }
}
