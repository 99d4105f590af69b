// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Finds out what can be kept of a record that the reader refuses: for dead letters, so it may take its time.
struct RefusedRecord {
    let settings: RecordSettings
    /// What is known of the input that is read.
    var context = InputContext()

    /// The letter of a record, without its place and cause.
    func letter(of record: Range<Int>?, in chunk: Chunk, _ fault: RecordFault) -> DeadLetter {
        let whole = self.record(record, in: chunk, fault)
        let partition = whole?.partition ?? settings.partition
        return DeadLetter(
            place: InputPlace(input: "", line: 0, offset: 0),
            error: "",
            message: "",
            attempts: 0,
            time: chunk.time,
            topic: whole?.topic ?? settings.topic,
            partition: partition,
            isPartitionExplicit: partition != nil,
            timestamp: whole?.timestamp ?? chunk.time,
            content: content(of: record, whole, in: chunk, fault),
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

    /// The record as it would have been sent, if that is known; `record` is nil when it was not held.
    func record(_ record: Range<Int>?, in chunk: Chunk, _ fault: RecordFault) -> ProducerRecord? {
        guard let record else { return nil }
        switch fault {
        case .missingKey where isValueAsItIs:
            let value = chunk.bytes.copy(record)
            return ProducerRecord(topic: settings.topic, value: value, headers: settings.headers)
        case .missingKey, .missingHeaders, .missingHeaderValue, .key, .value, .letter, .malformed: return nil
        case .tooLarge, .noSuchPartition, .partitionStopped, .notSent: return parsed(record, chunk)
        }
    }

    /// The record if it is known, otherwise its input.
    private func content(
        of record: Range<Int>?,
        _ whole: ProducerRecord?,
        in chunk: Chunk,
        _ fault: RecordFault
    ) -> DeadLetter.Content {
        if let whole { return .record(key: whole.key, value: whole.value, headers: whole.headers) }
        if let record { return .input(chunk.bytes.copy(record)) }
        if case .tooLarge(let size, _, _) = fault { return .lost(size: size) }
        return .lost(size: nil)
    }

    /// Whether the bytes of a record without a key are the value that would be sent.
    private var isValueAsItIs: Bool {
        guard case .delimited(let format) = settings.format else { return false }
        return format.headers == nil && settings.valueSerializer.isIdentity
    }

    private func parsed(_ record: Range<Int>, _ chunk: Chunk) -> ProducerRecord? {
        var parser = RecordParser(settings)
        guard (try? parser.begin(context)) != nil, let parsed = try? parser.parse(record, in: chunk) else { return nil }
        return parser.record(parsed, in: chunk)
    }
}
