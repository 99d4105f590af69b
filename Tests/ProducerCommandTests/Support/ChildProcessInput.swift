// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// The writing end of a child's stdin. Writes are queued, so that a child that does not read never blocks a test.
final class ChildProcessInput: Sendable {
    /// Where a child's stdin comes from.
    enum Source: Sendable {
        /// `/dev/null`.
        case nothing
        /// No descriptor 0 at all.
        case closed
        /// A file, or a directory, opened for reading.
        case file(String)
        /// A pipe with these bytes, then its end.
        case bytes([UInt8])
        /// A pipe; each slice is one write.
        case slices([[UInt8]])
        /// A pipe that stays open until `closeInput()`.
        case open
        /// These bytes, at most 4000, then a failing read.
        case failing([UInt8])

        /// A pipe with this text, then its end.
        static func text(_ text: String) -> Self { .bytes(Array(text.utf8)) }
    }

    private let descriptor: Mutex<Int32?>
    private let queue = DispatchQueue(label: "stdin of a child")
    private let slices: [[UInt8]]
    private let staysOpen: Bool

    init(source: Source, spawning: inout Spawning) throws {
        var pipe: Int32?
        var slices: [[UInt8]] = []
        var staysOpen = false
        switch source {
        case .nothing: try spawning.open("/dev/null", as: 0, flags: O_RDONLY)
        case .closed: try spawning.close(0)
        case .file(let path): try spawning.open(path, as: 0, flags: O_RDONLY)
        case .failing(let bytes): try spawning.inputThatFails(after: bytes)
        case .bytes(let bytes):
            pipe = try spawning.inputPipe()
            slices = [bytes]
        case .slices(let given):
            pipe = try spawning.inputPipe()
            slices = given
        case .open:
            pipe = try spawning.inputPipe()
            staysOpen = true
        }
        self.descriptor = Mutex(pipe)
        self.slices = slices
        self.staysOpen = staysOpen
    }

    /// Starts to feed the child; called once it runs.
    func begin() {
        for slice in slices { write(slice) }
        if !staysOpen { close() }
    }

    func write(_ bytes: [UInt8]) {
        queue.async { [self] in
            // Taken out of the lock, for a write may block; only this queue closes it.
            guard let pipe = descriptor.withLock({ $0 }) else { return }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = unsafe rest.withUnsafeBytes { unsafe Foundation.write(pipe, $0.baseAddress, $0.count) }
                if count > 0 { rest = rest.dropFirst(count) }
                // The child closed its end or is gone: the rest has no reader.
                if count < 0 && errno != EINTR { return closeNow() }
            }
        }
    }

    func close() {
        queue.async { [self] in closeNow() }
    }

    private func closeNow() {
        guard let pipe = descriptor.withLock({ $0.take() }) else { return }
        Foundation.close(pipe)
    }
}
