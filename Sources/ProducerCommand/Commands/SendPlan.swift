// SPDX-License-Identifier: Apache-2.0

/// What the options of `send` ask for, checked as far as that goes without reading a file or asking a broker.
struct SendPlan: Sendable {
    var topic: String
    /// The partition for every record, or nil to let the partitioner choose.
    var partition: Int32?
    var sources: [InputSource]
    var format: RecordFormat
    /// The key for every record, before its serializer.
    var key: FixedKey?
    var headers: [HeaderArgument]
    var settings: SettingsPlan
    var isSync: Bool
    /// Where the broker inside this process stores its data, or nil for none.
    var embeddedDataDirectory: String?
    var progress: ProgressChoice
    /// What is written about single records.
    var outputs: RecordOutputsPlan
    /// What becomes of the records after a failed one.
    var errorHandling = ErrorHandling.continue
    /// What becomes of the load when no broker can be reached any more.
    var onOutage = OutageHandling.stop
    /// The file that says to a later run where to go on.
    var checkpoint: String?
    /// Whether the last input's end is waited out.
    var follows = false
    /// Where transactions are cut, if there are any.
    var cuts = TransactionCuts()
    /// The option that says where, if one does.
    var cutOption: String?
    /// The load that is sent exactly once, if it is.
    var exactlyOnce: ExactlyOncePlan?
    /// What is reported of the producer's metrics.
    var metrics = MetricsPlan.none
    /// Whether what is acknowledged is read back and compared.
    var verifies = false
    /// What is done instead of sending, if anything.
    var dryRun: DryRunOutput?
    /// How many records are read, and how fast.
    var bounds = LoadBounds()
    /// Where the account goes as JSON, if anywhere.
    var summary: OutputDestination?
    /// Whether empty records are left out.
    var skipsEmpty = false
    /// What is done with the bytes of inputs before records are looked for.
    var form = InputForm()
    /// What was given without effect.
    var warnings: [String]
}

extension SendPlan {
    /// Whether the source is not there yet and is followed, so that it is waited for.
    func waits(for source: InputSource) -> Bool {
        follows && source == sources.last && InputDescriptor.isMissing(source)
    }
}
