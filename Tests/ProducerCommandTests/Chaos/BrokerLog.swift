// SPDX-License-Identifier: Apache-2.0
import Logging
import Synchronization

/// What a broker logs, kept for the case that a test fails.
final class BrokerLog: Sendable {
    private let lines = Mutex<[String]>([])

    /// A logger that writes here, from level info on.
    var logger: Logger { Logger(label: "broker", factory: { _ in Handler(log: self) }) }

    /// The lines so far.
    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    private func add(_ line: String) { lines.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let log: BrokerLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            log.add("\(event.message) \(pairs.joined(separator: " "))")
        }
    }
}
