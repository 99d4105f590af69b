// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A record as a peer sends it or reads it back; in JSON its bytes are base64.
struct StoredRecord: Codable, Hashable, Sendable {
    /// A header; its value may be null.
    struct Header: Codable, Hashable, Sendable {
        var name: String
        var value: Data?
    }

    /// To send: nil leaves the choice to the partitioner.
    var partition: Int32?
    /// Read back, or told by a delivery report.
    var offset: Int64?
    /// Milliseconds since 1970. To send: nil means now.
    var timestamp: Int64?
    var key: Data?
    var value: Data?
    var headers: [Header] = []

    /// What the sender chose, without what the cluster added.
    var content: Self { Self(partition: nil, offset: nil, timestamp: nil, key: key, value: value, headers: headers) }
}

extension StoredRecord {
    /// A record to send, from text.
    static func text(_ value: String?, key: String? = nil, partition: Int32? = nil) -> Self {
        Self(partition: partition, key: key.map { Data($0.utf8) }, value: value.map { Data($0.utf8) })
    }
}
