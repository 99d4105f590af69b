// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Finds out what can be kept of a record that the reader refuses: for dead letters, so it may take its time.
struct RefusedRecord {
    let template: RecordTemplate

    /// The letter of a record, without its place and cause; `time` is when it was read, in milliseconds since 1970.
    func letter(
        of record: Range<Int>?,
        in bytes: Span<UInt8>,
        _ fault: RecordFault,
        time: Int64
    ) -> DeadLetter {
        DeadLetter(
            place: InputPlace(input: "", line: 0, offset: 0),
            error: "",
            message: "",
            attempts: 0,
            time: time,
            topic: template.topic,
            partition: template.partition,
            isPartitionExplicit: template.partition != nil,
            timestamp: time,
            content: content(of: record, in: bytes, fault),
            form: form
        )
    }

    /// How a record can be made of its bytes, if they are key and value as they are sent.
    private var form: DeadLetter.Form? {
        let format = template.format
        guard format.headers == nil, format.nullMarker == nil, template.keySerializer.isIdentity,
            template.valueSerializer.isIdentity
        else { return nil }
        let separator = template.key == nil ? format.keySeparator.map { Array($0.bytes) } : nil
        guard template.key == nil || format.keySeparator == nil else { return nil }
        return DeadLetter.Form(key: template.key, headers: template.headers, keySeparator: separator)
    }

    /// The record as it would have been sent if that can be told, otherwise its input; `record` is nil when it was not
    /// held.
    func content(of record: Range<Int>?, in bytes: Span<UInt8>, _ fault: RecordFault) -> DeadLetter.Content {
        guard let record else {
            if case .tooLarge(let size, _, _) = fault { return .lost(size: size) }
            return .lost(size: nil)
        }
        let input = bytes.copy(record)
        switch fault {
        case .missingKey where template.format.headers == nil && template.valueSerializer.isIdentity:
            return .record(key: nil, value: input, headers: template.headers)
        case .missingKey, .missingHeaders, .missingHeaderValue, .key, .value:
            return .input(input)
        case .tooLarge, .noSuchPartition, .partitionStopped, .notSent:
            return (try? parsed(record, bytes)) ?? .input(input)
        }
    }

    private func parsed(_ record: Range<Int>, _ bytes: Span<UInt8>) throws -> DeadLetter.Content {
        let parser = RecordParser(format: template.format)
        let parts = try parser.parse(record, in: bytes)
        var headers = template.headers
        if let text = parts.headers {
            headers += try parser.parseHeaders(text, in: bytes).map { header in
                ProducerRecordHeader(
                    name: String(decoding: bytes.copy(header.name), as: UTF8.self),
                    value: header.value.map { bytes.copy($0) }
                )
            }
        }
        return .record(
            key: try template.key ?? serialized(parts.key, bytes, template.keySerializer),
            value: try serialized(parts.value, bytes, template.valueSerializer),
            headers: headers
        )
    }

    private func serialized(
        _ text: Range<Int>?,
        _ bytes: Span<UInt8>,
        _ serializer: Serializer
    ) throws(SerializationError) -> [UInt8]? {
        guard let text else { return nil }
        guard !serializer.isIdentity else { return bytes.copy(text) }
        var result: [UInt8] = []
        return try serializer.serialize(bytes.extracting(text), into: &result) == .null ? nil : result
    }
}
