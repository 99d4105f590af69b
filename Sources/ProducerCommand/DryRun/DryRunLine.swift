// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Prints records that would be sent, one JSON object a line, as `read` prints them; with the place that they come from in
/// place of the offset.
final class DryRunLine {
    private static let most = 64 << 10

    private let output: StandardOutput
    private var bytes: [UInt8] = []

    init(_ output: StandardOutput) { self.output = output }

    /// Prints a record; false when nothing more can be printed.
    func print(_ record: ProducerRecord, _ place: InputPlace, _ partition: Int32?) -> Bool {
        bytes.append(text: #"{"file":"#)
        bytes.append(jsonString: place.input.utf8)
        bytes.append(text: #","line":"#)
        bytes.append(decimal: place.line)
        bytes.append(text: #","topic":"#)
        bytes.append(jsonString: record.topic.utf8)
        bytes.append(text: #","partition":"#)
        if let partition { bytes.append(decimal: partition) } else { bytes.append(text: "null") }
        bytes.append(text: #","timestamp":"#)
        if let time = record.timestamp { bytes.append(decimal: time) } else { bytes.append(text: "null") }
        bytes.append(text: #","key":"#)
        bytes.append(jsonContent: record.key)
        bytes.append(text: #","value":"#)
        bytes.append(jsonContent: record.value)
        bytes.append(text: #","headers":["#)
        for (index, header) in record.headers.enumerated() {
            bytes.append(text: index == 0 ? #"{"key":"# : #",{"key":"#)
            bytes.append(jsonString: header.name.utf8)
            bytes.append(text: #","value":"#)
            bytes.append(jsonContent: header.value)
            bytes.append(text: "}")
        }
        bytes.append(text: "]}\n")
        return bytes.count < Self.most || finish()
    }

    /// Prints what is left.
    @discardableResult
    func finish() -> Bool {
        defer { bytes.removeAll(keepingCapacity: true) }
        return output.write(bytes)
    }
}

extension [UInt8] {
    /// A string if the bytes are UTF-8, otherwise an object with their base64; null for none.
    fileprivate mutating func append(jsonContent content: [UInt8]?) {
        guard let content else { return append(text: "null") }
        if String(validating: content, as: UTF8.self) != nil { return append(jsonString: content) }
        append(text: #"{"base64":""#)
        append(base64: content)
        append(text: #""}"#)
    }
}
