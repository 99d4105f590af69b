// SPDX-License-Identifier: Apache-2.0
import Platform

/// A file for a result: opened before the load, so that a wrong path is reported before anything is sent, and replaced after it.
final class ResultFile: Sendable {
    let path: String
    let option: String
    /// Nil for stdout.
    private let descriptor: Int32?
    private let standardOutput: StandardOutput

    /// Opens the file; `-` is stdout. What is in it stays until the result is there. A FIFO that nobody reads is waited for,
    /// which `console` says.
    init(
        _ path: String,
        of option: String,
        standardOutput: StandardOutput,
        console: Console
    ) throws(UsageError) {
        self.path = path
        self.option = option
        self.standardOutput = standardOutput
        guard path != "-" else {
            descriptor = nil
            return
        }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC
        let opened = OpenOutput.openForWriting(path, flags) { console.notice($0) }
        guard opened >= 0 else { throw UsageError("\(option): cannot write \(path): \(SystemError.text(errno))") }
        descriptor = opened
    }

    deinit { if let descriptor { close(descriptor) } }

    /// What the file is, nil for stdout and for what two outputs may share.
    var identity: OpenOutput.Identity? { descriptor.flatMap { OpenOutput.identity(ofDescriptor: $0) } }

    /// Writes the whole text, and says when that cannot be. Called once.
    ///
    /// - Returns: Whether all of it is written.
    func write(_ text: String, _ console: Console) -> Bool {
        guard let descriptor else { return standardOutput.write(text) }
        // A pipe and a device have no length to be cut.
        _ = ftruncate(descriptor, 0)
        guard let code = DescriptorWriter.write(Array(text.utf8), to: descriptor) else { return true }
        console.error("\(option): cannot write \(path): \(SystemError.text(ofOutput: code))")
        return false
    }
}
