// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// What a file says, read again when it was written anew.
final class WatchedFile<Value: Sendable>: Sendable {
    let path: String
    private let read: @Sendable ([UInt8]) throws(TokenFault) -> Value
    private let last = Mutex<(version: FileVersion, value: Value)?>(nil)

    /// A file, which is not read yet.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - read: Makes something of its bytes.
    init(_ path: String, read: @escaping @Sendable ([UInt8]) throws(TokenFault) -> Value) {
        self.path = path
        self.read = read
    }

    /// What the file says now.
    ///
    /// - Throws: When it cannot be read, or says nothing that can be used.
    func value() throws(TokenFault) -> Value {
        let version = FileVersion(ofFileAt: path)
        if let version, let last = last.withLock({ $0 }), last.version == version { return last.value }
        let bytes: [UInt8]
        do throws(StoreFault) { bytes = try StoreFile.read(path) } catch { throw TokenFault(error.reason) }
        let value = try read(bytes)
        if let version { last.withLock { $0 = (version, value) } }
        return value
    }
}
