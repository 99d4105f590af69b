// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What a run of `send` has found and opened before anything is read: all that its delivery needs.
struct DeliveryPlan: Sendable {
    /// What is read and what becomes of it.
    struct Load: Sendable {
        var topic: String
        /// The partition for every record, or nil to let the partitioner choose.
        var partition: Int32?
        var sources: [InputSource]
        /// What records are made of.
        var settings: RecordSettings
        /// Whether the last input's end is waited out.
        var follows = false
        /// How many records are read, and how fast.
        var bounds = LoadBounds()
        /// The size of all inputs in bytes, when it is known.
        var inputSize: UInt64?
    }

    var load: Load
    var configuration: ProducerConfiguration
    /// What is written about single records.
    var outputs = RecordOutputs.none
    /// What becomes of the records after a failed one.
    var errorHandling = ErrorHandling.continue
    /// What becomes of the load when no broker can be reached any more.
    var onOutage = OutageHandling.stop
    /// Keeps how far the load is, for a later run.
    var checkpoint: CheckpointKeeper?
    /// Writes lines of metrics.
    var stats: StatsWriter?
    /// Gets the account at the end.
    var report: RunReport?
    /// Whether all metrics are printed at the end.
    var printsMetrics = false
    /// Where transactions are cut; nil for a load without transactions.
    var cuts: TransactionCuts?
    /// Whether a person sees how far the load is.
    var showsProgress = false
}
