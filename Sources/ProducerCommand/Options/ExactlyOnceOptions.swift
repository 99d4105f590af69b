// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer

/// A load that is sent exactly once.
struct ExactlyOnceOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Send the inputs exactly once, as the load of this name: the same command goes on where it is committed, after "
                + "any crash. Readers need isolation.level=read_committed.",
            valueName: "name"
        )
    )
    var exactlyOnce: String?

    @Flag(
        help:
            "With --exactly-once: begin anew when the position of the load is lost; what is in the topic is sent again."
    )
    var fromStart = false

    /// What these options ask for.
    func plan(_ transactions: TransactionOptions) throws(UsageError) -> ExactlyOncePlan? {
        guard let exactlyOnce else {
            guard !fromStart else { throw UsageError("--from-start needs \(LoadName.option), which it is about") }
            return nil
        }
        guard transactions.transactionalId == nil else {
            throw UsageError("\(LoadName.option) has a transactional id of its own: leave --transactional-id out")
        }
        return ExactlyOncePlan(name: try LoadName(exactlyOnce), fromStart: fromStart)
    }

    /// The settings that these options stand for.
    func sources() throws(UsageError) -> [PropertySource] {
        guard let exactlyOnce else { return [] }
        let id = try LoadName(exactlyOnce).transactionalID
        return [PropertySource(name: LoadName.option, key: "transactional.id", value: id)]
    }
}
