// SPDX-License-Identifier: Apache-2.0

/// How headers stand before the key and the value in a record, as kafka-console-producer's `parse.headers` has them:
/// `name:value,name:value<TAB>rest`.
struct HeaderLayout: Equatable, Sendable {
    /// Ends the headers: `headers.delimiter`.
    var delimiter: BytePattern = .tab
    /// Stands between two headers: `headers.separator`.
    var separator: BytePattern = .comma
    /// Stands between a header's name and its value: `headers.key.separator`.
    var keySeparator: BytePattern = .colon
}
