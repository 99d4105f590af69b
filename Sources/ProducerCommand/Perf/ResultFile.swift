// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file for a result, found writable before the load and replaced after it.
struct ResultFile: Sendable {
    let path: String
    let option: String

    /// Opens the file once, so that a wrong path is told before anything is sent. What is in it stays until then.
    init(_ path: String, of option: String) throws(UsageError) {
        self.path = path
        self.option = option
        guard path != "-" else { return }
        close(try descriptor(O_WRONLY | O_CREAT | O_CLOEXEC))
    }

    /// Writes the whole text; `-` is stdout.
    func write(_ text: String) throws(UsageError) {
        guard path != "-" else {
            DescriptorWriter.write(text, to: 1)
            return
        }
        let descriptor = try descriptor(O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
        defer { close(descriptor) }
        guard DescriptorWriter.write(text, to: descriptor) else {
            throw UsageError("\(option): cannot write \(path): \(SystemError.text(errno))")
        }
    }

    private func descriptor(_ flags: Int32) throws(UsageError) -> Int32 {
        let descriptor = unsafe open(path, flags, 0o666)
        guard descriptor >= 0 else { throw UsageError("\(option): cannot write \(path): \(SystemError.text(errno))") }
        return descriptor
    }
}
