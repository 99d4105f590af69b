// SPDX-License-Identifier: Apache-2.0
import Logging

/// Says of what a broker logs only what its user must know, such as that the disk is full: in a line on standard error.
struct CriticalLogHandler: LogHandler {
    let console: Console
    var metadata: Logger.Metadata = [:]

    init(console: Console) {
        self.console = console
    }

    var logLevel: Logger.Level {
        get { .critical }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard event.level == .critical else { return }
        console.warning("\(event.message)")
    }
}
