// SPDX-License-Identifier: Apache-2.0
import Platform

/// The file of `--payload-file`, read as a whole.
enum PayloadFile {
    /// The largest file that is taken: its records are held in memory.
    static let limit: UInt64 = 1 << 30

    static func contents(of path: String) throws -> [UInt8] {
        let source = InputSource.file(path)
        let descriptor = try InputDescriptor(opening: source)
        guard case .regular(let size) = try descriptor.kind(of: source) else {
            throw UsageError("--payload-file \(path) is no regular file")
        }
        guard size <= limit else {
            throw UsageError(
                "--payload-file \(path) has more than \(limit >> 20) MiB, and is held in memory: take less"
            )
        }
        var contents = [UInt8](repeating: 0, count: Int(size))
        var end = 0
        while end < contents.count {
            let count = unsafe contents.withUnsafeMutableBytes { memory in
                unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
            }
            guard count >= 0 || errno == EINTR else {
                throw UsageError("--payload-file \(path): \(SystemError.text(errno))")
            }
            guard count != 0 else { break }
            end += max(0, count)
        }
        contents.removeLast(contents.count - end)
        return contents
    }
}
