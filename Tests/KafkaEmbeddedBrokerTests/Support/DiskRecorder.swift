// SPDX-License-Identifier: Apache-2.0
import Synchronization

@testable import KafkaEmbeddedBroker

/// Counts what is read, written and flushed, and lets writes and flushes fail as long as a test wants them to.
final class DiskRecorder: Sendable {
    struct State {
        var flushed: [String] = []
        var written: [String: Int] = [:]
        var bytesRead = 0
        /// How writes to paths that contain the text end.
        var fault: (text: String, Disk.Fault)?
        /// How flushes fail.
        var flushFault: Int32?
    }

    private let state = Mutex(State())

    var disk: Disk {
        Disk(
            willWrite: { path, count in
                self.state.withLock { state in
                    if let fault = state.fault, path.contains(fault.text) { return fault.1 }
                    state.written[Self.name(path), default: 0] += count
                    return nil
                }
            },
            willRead: { _, count in self.state.withLock { $0.bytesRead += count } },
            willFlush: { path in
                self.state.withLock { state in
                    if let code = state.flushFault { return code }
                    state.flushed.append(Self.name(path))
                    return nil
                }
            }
        )
    }

    /// Lets writes fail whose files' paths contain a text; nil lets none fail any more.
    func fail(_ code: Int32?, after bytes: Int = 0, in text: String = "") {
        state.withLock { $0.fault = code.map { (text, Disk.Fault(code: $0, written: bytes)) } }
    }

    /// Lets flushes fail; nil lets none fail any more.
    func failFlushes(_ code: Int32?) {
        state.withLock { $0.flushFault = code }
    }

    /// The last two parts of the paths of what was flushed since the last call.
    func takeFlushed() -> [String] {
        state.withLock { state in
            defer { state.flushed = [] }
            return state.flushed
        }
    }

    /// Bytes that were written since the last call, by the last two parts of the files' paths.
    func takeWritten() -> [String: Int] {
        state.withLock { state in
            defer { state.written = [:] }
            return state.written
        }
    }

    /// Bytes that were read since the last call.
    func takeBytesRead() -> Int {
        state.withLock { state in
            defer { state.bytesRead = 0 }
            return state.bytesRead
        }
    }

    private static func name(_ path: String) -> String {
        path.split(separator: "/").suffix(2).joined(separator: "/")
    }
}
