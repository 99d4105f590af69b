// SPDX-License-Identifier: Apache-2.0
import Platform

/// A file with a key or trust store.
enum StoreFile {
    /// The largest store. A bundle of all public CAs has less than 1 MiB.
    static let mostBytes = 16 << 20

    /// All bytes of a file.
    static func read(_ path: String) throws(StoreFault) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreFault(errorText(errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Platform.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StoreFault(errorText(errno)) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= mostBytes else { throw StoreFault("it has more than \(mostBytes >> 20) MiB") }
        }
    }
}
