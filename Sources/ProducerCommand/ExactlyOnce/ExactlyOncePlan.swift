// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// What `--exactly-once` asks for.
struct ExactlyOncePlan: Sendable {
    let name: LoadName
    /// Whether a load whose position is lost begins anew.
    let fromStart: Bool

    /// How often a record is stored, for a person.
    var guarantee: String {
        "guarantee: exactly once (\(LoadName.option) \(name), transactional.id and group \(name.transactionalID)): each record "
            + "of the inputs once, in order within its partition, also over crashes and further runs, to readers with "
            + "isolation.level=read_committed"
    }

    /// Throws what does not go together with it.
    func check(_ plan: SendPlan) throws(UsageError) {
        let option = LoadName.option
        if plan.checkpoint != nil {
            throw UsageError(
                "--checkpoint does not go together with \(option), which keeps its position with the brokers"
            )
        }
        if plan.errorHandling == .stopPartition {
            throw UsageError(
                "--on-error stop-partition does not go together with \(option): a later run would not know what was stopped"
            )
        }
        if plan.format.namesTopics {
            throw UsageError(
                "\(option) loads into one topic: name it with --topic, and leave out what takes topics of records"
            )
        }
        if case .csv = plan.format, plan.sources.contains(.standardInput) {
            throw UsageError("\(option) needs files for csv and tsv: a later run reads the names of the columns again")
        }
        var names: Set<String> = []
        for source in plan.sources {
            guard names.insert(source.name).inserted else {
                throw UsageError("\(option): \(source.name) is named twice")
            }
        }
    }

    /// What the run is asked to load, and the kinds of its inputs.
    func request(_ plan: SendPlan) throws(InputError) -> LoadRequest {
        var inputs: [LoadRequest.Input] = []
        for source in plan.sources {
            guard !plan.waits(for: source) else {
                inputs.append(.awaited)
                continue
            }
            // Of standard input a part may have been read by another process.
            // What is read of a compressed file is found again only from its beginning.
            if case .regular(let size) = try InputDescriptor.check(source), source != .standardInput,
                !plan.form.changes(source)
            {
                inputs.append(.file(size: size))
            } else {
                inputs.append(.stream)
            }
        }
        return LoadRequest(
            topic: plan.topic,
            options: CheckpointPlan.identity(of: plan),
            names: plan.sources.map(\.name),
            inputs: inputs,
            follows: plan.follows
        )
    }

    /// The settings of the load: a transaction may take three intervals, and half a minute.
    func configuration(_ configuration: ProducerConfiguration, _ cuts: TransactionCuts) -> ProducerConfiguration {
        var configuration = configuration
        if configuration.origin(of: "transaction.timeout.ms") == nil {
            let wanted = max(.seconds(60), cuts.interval * 3 + .seconds(30))
            configuration.transactionTimeout = min(wanted, .seconds(15 * 60))
        }
        return configuration
    }
}
