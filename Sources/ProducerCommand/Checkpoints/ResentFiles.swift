// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The marks of all dead-letter files of a `resend`. What cannot be read again, such as stdin, has none.
final class ResentFiles: Sendable {
    /// A file that was begun.
    private struct Begin {
        /// The number of its first line over all files.
        var first: UInt64
        var file: ResentFile?
    }

    private let files: [ResentFile]
    private let begins = Mutex<[Begin]>([])

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

    /// The file of this name begins with the line `first` over all files.
    ///
    /// - Returns: Its mark, if it has one.
    func begin(_ name: String, first: UInt64) -> ResentFile? {
        let file = files.first { $0.name == name }
        begins.withLock { $0.append(Begin(first: first, file: file)) }
        return file
    }

    /// So many lines, whose numbers over all files are `line(0)`, `line(1)` and so on and ascend, are delivered, or have
    /// failed and the writer has their dead letters.
    func settled(count: Int, isFailed: Bool, line: (Int) -> UInt64) {
        let begins = begins.withLock { $0 }
        var index = 0
        while index < count {
            let first = line(index)
            guard let place = begins.lastIndex(where: { $0.first <= first }) else { return }
            let end = place + 1 < begins.count ? begins[place + 1].first : .max
            let start = index
            while index < count, line(index) < end { index += 1 }
            begins[place].file?.settled(count: index - start, isFailed: isFailed) {
                line(start + $0) - begins[place].first
            }
        }
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
