// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Standard output, for what the command prints as its result.
///
/// The first write that fails is reported on standard error. Nothing is written after it, since lines would be missing in
/// between.
final class StandardOutput: Sendable {
    private let console: Console
    private let descriptor: Int32
    private let hasFailed = Mutex(false)

    init(console: Console, descriptor: Int32 = 1) {
        self.console = console
        self.descriptor = descriptor
    }

    /// Whether something that should have been printed was not.
    var isIncomplete: Bool { hasFailed.withLock { $0 } }

    /// Prints `text` as it is.
    ///
    /// - Returns: Whether all of it is printed, and all that came before.
    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// The same for bytes.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        let code = hasFailed.withLock { hasFailed -> Int32? in
            guard !hasFailed else { return nil }
            let code = DescriptorWriter.write(bytes, to: descriptor)
            hasFailed = code != nil
            return code
        }
        guard let code else { return !isIncomplete }
        console.error("cannot write to stdout: \(SystemError.text(ofOutput: code)); nothing more is printed there")
        return false
    }
}
