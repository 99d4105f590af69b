// SPDX-License-Identifier: Apache-2.0

/// A line of a file of receipts.
struct StoredReceipt: Decodable {
    var file: String
    var line: UInt64
    var topic: String
    var partition: Int32
    /// Nil when the broker has not said it.
    var offset: Int64?
    var timestamp: Int64
}
