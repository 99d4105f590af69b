// SPDX-License-Identifier: Apache-2.0

/// The marks of all dead-letter files of a `resend`. What cannot be read again, such as stdin, has none.
struct ResentFiles: Sendable {
    /// A line that is to be sent, and who wants to know what became of it.
    struct Ticket: Sendable {
        fileprivate var file: ResentFile?
        fileprivate var number: UInt64 = 0

        /// The record is delivered, or has failed and the writer has its dead letter.
        func settled(isFailed: Bool) { file?.settled(number, isFailed: isFailed) }
    }

    private let files: [ResentFile]

    /// Finds out where to begin in each of the `sources`.
    ///
    /// - Throws: When a file is named twice, or another run is at work with it.
    init(_ sources: [InputSource], again: Bool, letters: OutputDestination?, _ console: Console) throws {
        var names: [OpenOutput.Identity: String] = [:]
        var files: [ResentFile] = []
        for source in sources {
            guard case .file(let path) = source, let identity = OpenOutput.identity(of: source) else { continue }
            if let other = names.updateValue(path, forKey: identity) {
                throw UsageError("\(path) is the same file as \(other); name it once")
            }
            let kept = letters?.name ?? ""
            files.append(try ResentFile(of: path, again: again, letters: kept) { console.notice($0) })
        }
        self.files = files
    }

    /// Writes the marks before anything is sent. A folder that takes none is no reason not to send.
    func begin(_ console: Console) throws(UsageError) {
        for file in files {
            guard let code = try file.begin() else { continue }
            console.warning(
                "cannot write \(file.path): \(SystemError.text(code)); another resend of \(file.name) sends it again"
            )
        }
    }

    /// The paths of the marks.
    var paths: [String] { files.map(\.path) }

    /// Takes in a line; nil when an earlier run has dealt with it.
    func read(_ line: DeadLetterLine) -> Ticket? {
        // One file is read at a time, and there are few.
        guard let file = files.first(where: { $0.name == line.place.input }) else { return Ticket() }
        return file.read(line).map { Ticket(file: file, number: $0) }
    }

    /// Writes what is behind. Blocks.
    @available(*, noasync)
    func write(_ deadLetters: DeadLetterWriter?, _ console: Console) {
        for file in files {
            if let text = file.write(isKept: { deadLetters?.areOnDisk() ?? true }) { console.error(text) }
        }
    }

    /// Whether one of the marks does not say all that it should.
    var areIncomplete: Bool { files.contains { $0.isIncomplete } }

    /// Removes marks of nothing.
    func removeEmpty() {
        for file in files { file.removeIfNothingIsDealtWith() }
    }
}
