// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Shows whether an input is the one that was read up to a place: also after it has grown, was restored, or on another machine.
enum LoadFingerprint: Equatable, Sendable {
    /// CRC-32C of so many bytes at a file's beginning, all of which were read.
    case file(hashedBytes: Int, hash: UInt32)
    /// Of everything that was read of what cannot be read again.
    case stream(hash: UInt64)

    /// Of a file's first bytes, as far as it has them.
    init(ofDescriptor descriptor: Int32, hashing count: Int) {
        let bytes = FilePart(of: descriptor, at: 0, count: count).bytes
        self = unsafe .file(hashedBytes: bytes.count, hash: CRC32C.checksum(of: bytes.span.bytes))
    }
}
