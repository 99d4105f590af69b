// SPDX-License-Identifier: Apache-2.0

/// The bytes that were read and are not yet sent: what is left of the last chunk, then the next one.
///
/// One allocation for the whole run. It grows only when a record is longer than a chunk, and never beyond `maximum`; or when
/// larger chunks than the usual are wanted.
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
        // Nobody looks at a byte that was not read into. Setting all to zero would touch each page, for two lines as well.
        storage = unsafe [UInt8](unsafeUninitializedCapacity: chunkSize + min(longestRecord, chunkSize / 8)) {
            memory,
            count in
            count = memory.count
        }
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

    /// Lets `read` fill free memory, at least half a chunk of it.
    ///
    /// - Parameters:
    ///   - wanted: How much makes a good chunk now, in bytes; less counts as the usual chunk.
    ///   - read: Writes into the memory that it gets, and says how many bytes.
    /// - Returns: How many bytes it says it has written.
    /// - Throws: What `read` throws.
    mutating func fill<Failure>(
        wanting wanted: Int = 0,
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        let chunkSize = max(wanted, chunkSize)
        makeRoom(for: chunkSize)
        let free = count..<min(storage.count, count + chunkSize)
        let written = unsafe try storage.withUnsafeMutableBufferPointer { bytes throws(Failure) in
            unsafe try read(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[free])))
        }
        precondition(written <= free.count)
        count += written
        return written
    }

    private mutating func makeRoom(for chunkSize: Int) {
        guard storage.count - count < chunkSize / 2 else { return }
        let size = min(max(maximum, count + chunkSize), max(storage.count * 2, count + chunkSize))
        guard size > storage.count else { return }
        storage.append(contentsOf: repeatElement(0, count: size - storage.count))
    }
}
