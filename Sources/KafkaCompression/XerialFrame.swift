// SPDX-License-Identifier: Apache-2.0

/// The framing that Java's snappy streams have: a header, then blocks, each with its length in front.
///
///     82 'SNAPPY' 00 · version 4 · lowest compatible version 4 · then blocks: length 4 · Snappy bytes
enum XerialFrame {
    /// What a stream begins with, and any stream that was appended to it.
    static let magic: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00]
    /// Magic, version 1, readable by version 1.
    static let header: [UInt8] = magic + [0, 0, 0, 1, 0, 0, 0, 1]
    /// Bytes of a block's length.
    static let lengthSize = 4
    /// The newest version that is understood here.
    static let version: UInt32 = 1
}
