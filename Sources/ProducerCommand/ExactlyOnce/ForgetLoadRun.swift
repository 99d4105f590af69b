// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Has a load begin anew: a transaction puts a mark where its position was, after it has fenced whoever is at work with it.
struct ForgetLoadRun {
    let name: LoadName
    let settings: SettingsPlan
    let console: Console

    func run() async -> ExitStatus {
        do {
            var settings = settings
            let id = name.transactionalID
            settings.sources.append(PropertySource(name: "exactly-once forget", key: "transactional.id", value: id))
            let producer = try KafkaProducer(configuration: try await settings.configuration(console))
            do {
                let status = try await forget(producer)
                await producer.close(timeout: .seconds(1))
                return status
            } catch {
                await producer.close(timeout: .seconds(1))
                throw error
            }
        } catch let error as ProducerError {
            console.error(LoadFailure(name: name, topic: error.topic ?? "").line(on: error, uncommitted: 0))
            return ExitStatus(of: error, hasConnected: error.code != .noBrokerReachable)
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    private func forget(_ producer: KafkaProducer) async throws -> ExitStatus {
        let patience = QuestionPatience(limit: producer.configuration.maxBlock)
        let positions = try await producer.committedPositions(of: name.transactionalID, patience)
        let topics = positions.filter { $0.partition == 0 && StoredPosition.read($0) != .forgotten }.map(\.topic)
        guard let first = topics.first else {
            console.notice(
                "the cluster has no position of \(name); where a note on this machine, or its transactional id, says that it "
                    + "was at work, --from-start has it begin"
            )
            return .delivered
        }
        _ = try await producer.appender(topic: first)
        let cluster = await producer.clusterAndTopicID(first).cluster
        let note = try LoadNote(name, cluster: cluster, ProcessEnvironment())
        try await producer.beginTransaction()
        let marks = topics.map { topic in
            CommittedOffset(topic: topic, partition: 0, offset: 0, metadata: LoadPosition.forgotten)
        }
        try await producer.commitOffsets(marks, of: ConsumerGroupMember(name.transactionalID))
        try await producer.commitTransaction()
        note.forget()
        console.notice("\(name) is forgotten: its next run begins anew, and what is in \(first) stays there")
        return .delivered
    }
}
