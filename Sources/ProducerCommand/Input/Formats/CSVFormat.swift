// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Records as rows of CSV or TSV (RFC 4180), of which the first names the columns.
struct CSVFormat: Equatable, Sendable {
    /// What a record's value is made of, if it is no single column.
    enum Row: Equatable, Sendable {
        /// The bytes of the row.
        case line
        /// An object of JSON with all columns as strings.
        case json
    }

    /// A header, and the column that has its value.
    struct Header: Equatable, Sendable {
        var name: String
        var column: String
    }

    /// What stands between two fields.
    var separator = UInt8(ascii: ",")
    var key: String?
    /// The column of the value; nil when it is made of the row.
    var value: String?
    var row = Row.line
    var timestamp: String?
    var topic: String?
    var partition: String?
    var headers: [Header] = []
    /// A field that consists of these bytes is null.
    var nullMarker: [UInt8]?

    /// What `--columns` says: `key=id,timestamp=at,header=tenant,header.region=area`.
    mutating func take(columns text: String, of option: String) throws(UsageError) {
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let equals = pair.firstIndex(of: "="), pair.index(after: equals) < pair.endIndex else {
                throw UsageError("\(option) \"\(text)\": write PART=COLUMN, as in key=id,timestamp=at,header=tenant")
            }
            let (part, column) = (String(pair[..<equals]), String(pair[pair.index(after: equals)...]))
            switch part {
            case "key": key = column
            case "value": value = column
            case "timestamp": timestamp = column
            case "topic": topic = column
            case "partition": partition = column
            case "header": headers.append(Header(name: column, column: column))
            case _ where part.hasPrefix("header.") && part.count > 7:
                headers.append(Header(name: String(part.dropFirst(7)), column: column))
            default:
                throw UsageError(
                    "\(option): \"\(part)\" is no part of a record; there are key, value, timestamp, topic, partition, "
                        + "header and header.NAME"
                )
            }
        }
    }
}
