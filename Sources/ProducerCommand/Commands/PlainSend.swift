// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The options of `send` that most lines have, without those of single settings.
struct PlainSend {
    let target: TargetOptions
    let lines: LineOptions
    let connection: ConnectionOptions
    let output: OutputOptions
    let names: TypedNames

    /// What they ask for.
    ///
    /// - Parameters:
    ///   - topic: The topic, or nothing where records name theirs.
    ///   - format: How records stand in the input.
    ///   - properties: The arguments of `-X`, in their order.
    ///   - options: What further options set.
    /// - Returns: The plan without further options.
    /// - Throws: `UsageError` for what is wrong with them.
    func plan(
        _ topic: String,
        _ format: RecordFormat,
        _ properties: [String],
        options: [PropertySource] = []
    ) throws(UsageError) -> SendPlan {
        var outputs = RecordOutputsPlan()
        outputs.isPartitionExplicit = target.partition != nil
        var plan = SendPlan(
            topic: topic,
            partition: target.partition,
            sources: InputSource.sources(lines.files),
            format: format,
            key: try lines.fixedKey(names),
            headers: try lines.fixedHeaders(names),
            settings: try connection.plan(properties, options: options, names),
            isSync: output.sync,
            embeddedDataDirectory: target.embedded,
            progress: try output.progressChoice(),
            outputs: outputs,
            warnings: []
        )
        plan.skipsEmpty = lines.skipEmpty
        plan.form = FormatOptions.usualForm
        return plan
    }
}
