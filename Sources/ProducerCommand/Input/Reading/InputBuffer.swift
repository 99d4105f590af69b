// SPDX-License-Identifier: Apache-2.0

/// The bytes that were read and are not yet sent: what is left of the last chunk, then the next one.
///
/// One allocation for the whole run. It grows only when a record is longer than a chunk, and never beyond `maximum`.
struct InputBuffer: ~Copyable {
    /// The valid bytes are `storage[..<count]`.
    private(set) var storage: [UInt8]
    private(set) var count = 0
    /// The valid bytes.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span.extracting(0..<count) }
    }
    private let chunkSize: Int
    private let maximum: Int

    /// - Parameters:
    ///   - chunkSize: How much is asked for in one read, in bytes.
    ///   - longestRecord: The longest record that has to fit, in bytes.
    init(chunkSize: Int, longestRecord: Int) {
        self.chunkSize = chunkSize
        maximum = longestRecord.addingReportingOverflow(chunkSize).overflow ? .max : longestRecord + chunkSize
        storage = [UInt8](repeating: 0, count: chunkSize + min(longestRecord, chunkSize / 8))
    }

    /// Lets go of the first `released` bytes and moves the rest to the front.
    mutating func release(_ released: Int) {
        precondition(released <= count)
        let rest = count - released
        if released > 0, rest > 0 {
            unsafe storage.withUnsafeMutableBytes { bytes in
                let tail = unsafe UnsafeRawBufferPointer(rebasing: bytes[released..<released + rest])
                unsafe bytes.copyMemory(from: tail)
            }
        }
        count = rest
    }

    /// Lets `read` fill free memory, at least half a chunk of it, and returns how many bytes it says it has written.
    mutating func fill<Failure>(
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        makeRoom()
        let free = count..<min(storage.count, count + chunkSize)
        let written = unsafe try storage.withUnsafeMutableBufferPointer { bytes throws(Failure) in
            unsafe try read(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[free])))
        }
        precondition(written <= free.count)
        count += written
        return written
    }

    private mutating func makeRoom() {
        guard storage.count - count < chunkSize / 2 else { return }
        let size = min(maximum, max(storage.count * 2, count + chunkSize))
        guard size > storage.count else { return }
        storage.append(contentsOf: repeatElement(0, count: size - storage.count))
    }
}
