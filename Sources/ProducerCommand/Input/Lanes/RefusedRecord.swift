// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Finds out what can be kept of a record that the reader refuses: for dead letters, so it may take its time.
struct RefusedRecord {
    let settings: RecordSettings

    /// The letter of a record, without its place and cause.
    func letter(of record: Range<Int>?, in chunk: Chunk, _ fault: RecordFault) -> DeadLetter {
        DeadLetter(
            place: InputPlace(input: "", line: 0, offset: 0),
            error: "",
            message: "",
            attempts: 0,
            time: chunk.time,
            topic: settings.topic,
            partition: settings.partition,
            isPartitionExplicit: settings.partition != nil,
            timestamp: chunk.time,
            content: content(of: record, in: chunk, fault),
            form: form
        )
    }

    /// How a record can be made of its bytes, if they are key and value as they are sent.
    private var form: DeadLetter.Form? {
        guard case .delimited(let format) = settings.format, format.headers == nil, format.nullMarker == nil,
            settings.keySerializer.isIdentity, settings.valueSerializer.isIdentity
        else { return nil }
        let separator = settings.key == nil ? format.keySeparator.map { Array($0.bytes) } : nil
        guard settings.key == nil || format.keySeparator == nil else { return nil }
        return DeadLetter.Form(key: settings.key, headers: settings.headers, keySeparator: separator)
    }

    /// The record as it would have been sent if that is known, otherwise its input; `record` is nil when it was not
    /// held.
    func content(of record: Range<Int>?, in chunk: Chunk, _ fault: RecordFault) -> DeadLetter.Content {
        guard let record else {
            if case .tooLarge(let size, _, _) = fault { return .lost(size: size) }
            return .lost(size: nil)
        }
        let input = chunk.bytes.copy(record)
        switch fault {
        case .missingKey where isValueAsItIs: return .record(key: nil, value: input, headers: settings.headers)
        case .missingKey, .missingHeaders, .missingHeaderValue, .key, .value, .letter, .malformed: return .input(input)
        case .tooLarge, .noSuchPartition, .partitionStopped, .notSent:
            return parsed(record, chunk) ?? .input(input)
        }
    }

    /// Whether the bytes of a record without a key are the value that would be sent.
    private var isValueAsItIs: Bool {
        guard case .delimited(let format) = settings.format else { return false }
        return format.headers == nil && settings.valueSerializer.isIdentity
    }

    private func parsed(_ record: Range<Int>, _ chunk: Chunk) -> DeadLetter.Content? {
        var parser = RecordParser(settings)
        guard let parsed = try? parser.parse(record, in: chunk) else { return nil }
        let whole = parser.record(parsed, in: chunk)
        return .record(key: whole.key, value: whole.value, headers: whole.headers)
    }
}
