// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What all records of a run have in common.
struct RecordSettings: Sendable {
    var topic = ""
    var format = RecordFormat.delimited(DelimitedFormat())
    /// The serialized key that every record gets, or nil for none.
    var key: [UInt8]?
    /// The partition that was asked for, or nil to let the partitioner choose.
    var partition: Int32?
    /// The headers that every record gets.
    var headers: [ProducerRecordHeader] = []
    var keySerializer = Serializer.byteArray
    var valueSerializer = Serializer.byteArray
    /// What is done with the bytes of inputs before.
    var form = InputForm()
    /// Whether empty records are left out.
    var skipsEmpty = false
    /// How fast records are sent by their own times; nil for as fast as can be.
    var pace: Pace?
    /// What becomes of the records after one that is refused.
    var errorHandling = ErrorHandling.continue
    /// Whether each record is awaited before the next one is read.
    var isSync = false
    /// No longer record can be sent, in bytes.
    var longestRecord = 1_048_576
    /// The setting that says so.
    var longestRecordSetting = "max.request.size"

    /// No longer record is held, in bytes: with dead letters also those that cannot be sent, within reason.
    var longestHeld = 1_048_576

    /// The most bytes of the input that a record can take which is held, with its separators and its delimiter.
    var longestInput: Int { format.longestInput(holding: longestHeld) + format.delimiter.count }
}

extension RecordSettings {
    /// What the plan and the settings say about every record. Throws when the fixed key is not of its serializer's type.
    init(plan: SendPlan, configuration: ProducerConfiguration) throws(UsageError) {
        self.init()
        topic = plan.topic
        format = plan.format
        partition = plan.partition
        form = plan.form
        skipsEmpty = plan.skipsEmpty
        pace = plan.bounds.pace
        headers = plan.headers.map { ProducerRecordHeader(name: $0.name, value: $0.value) }
        keySerializer = configuration.keySerializer
        valueSerializer = configuration.valueSerializer
        errorHandling = plan.errorHandling
        isSync = plan.isSync || configuration.isSync
        longestRecord = min(configuration.maxRequestSize, configuration.bufferMemory)
        if configuration.bufferMemory < configuration.maxRequestSize { longestRecordSetting = "buffer.memory" }
        longestHeld = plan.outputs.deadLetters == nil ? longestRecord : max(longestRecord, DeadLetter.longestKept)
        if let fixed = plan.key {
            var bytes: [UInt8] = []
            do throws(SerializationError) {
                let form = try keySerializer.serialize(fixed.bytes.span, into: &bytes)
                key = form == .null ? nil : bytes
            } catch {
                throw UsageError("\(fixed.option): \(error)")
            }
        }
    }
}
