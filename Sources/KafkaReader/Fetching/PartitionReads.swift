// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

/// Those who wait for records, and what is asked of the cluster for them. Belongs to the reader's event loop.
final class PartitionReads {
    private let client: ClusterClient
    private let fetches: FetchRequests
    /// In the order in which they came: the caller that has waited longest is first in a request.
    private var waits: [ReadWait] = []

    init(_ configuration: ReaderConfiguration, _ client: ClusterClient) {
        self.client = client
        fetches = FetchRequests(configuration, client)
    }

    func add(_ wait: ReadWait) { waits.append(wait) }

    /// Asks what is to be asked, and ends the waits for which there is something to say.
    ///
    /// - Returns: When to look again, if nothing happens before.
    func pass(now: NIODeadline) -> NIODeadline? {
        waits.removeAll(where: \.isOver)
        var next = EarliestDeadline()
        var wanted: [FetchRequests.Part] = []
        var asked: [ReadWait] = []
        for wait in waits {
            client.use(wait.plan.topic, now: now)
            guard wait.machine.state == .locating || wait.machine.state == .ended else { continue }
            let access = client.access(to: wait.plan.partition, of: wait.plan.topic, now: now)
            if case .closed(let obstacle) = access, obstacle.asksForMetadata { client.requestUpdate() }
            switch wait.machine.proceed(access, now: now) {
            case .ask(.offset(let timestamp, let isolation), let leader):
                askOffset(timestamp, isolation, for: wait, leader, now: now)
                asked.append(wait)
            case .ask(.records(let offset), let leader):
                wanted.append(FetchRequests.Part(wait: wait, offset: offset, leader: leader))
            case .wait(let until):
                next.consider(until)
                if case .closed(.notConnected) = access { next.consider(client.nextNodeRetry(now: now)) }
            case .end: wait.end(.success(nil))
            case .fail(let fault): wait.end(fault)
            }
        }
        asked += fetches.send(wanted, now: now)
        // What cannot be asked at all has failed already, and nothing is going to happen.
        if asked.contains(where: { $0.machine.state == .locating }) { next.consider(now) }
        return next.value
    }

    /// Ends one of the waits, or all for nil.
    func giveUp(_ ticket: WaitTicket?, _ code: ReaderError.Code, _ message: String) {
        for wait in waits where ticket == nil || wait.ticket == ticket { wait.giveUp(code, message) }
        waits.removeAll(where: \.isOver)
    }

    // MARK: offsets

    private func askOffset(
        _ timestamp: Int64,
        _ isolation: IsolationLevel,
        for wait: ReadWait,
        _ leader: PartitionLeader,
        now: NIODeadline
    ) {
        guard let connection = client.connections[leader.node] else { return }
        wait.broker = connection.address
        wait.machine.asked()
        let partition = ListOffsetsRequest.Partition(
            partitionIndex: wait.plan.partition,
            currentLeaderEpoch: leader.epoch,
            timestamp: timestamp
        )
        let request = ListOffsetsRequest(
            isolationLevel: isolation.rawValue,
            topics: [ListOffsetsRequest.Topic(name: wait.plan.topic, partitions: [partition])],
            timeoutMs: Int32(clamping: client.settings.requestTimeout.milliseconds)
        )
        client.connections.send(request, over: connection, now: now) { [unowned self] result, times in
            guard !wait.isOver else { return }
            switch result {
            case .success(let response): answered(response, wait, now: times.endedAt)
            case .failure(let failure): wait.machine.failed(.unanswered(failure), now: times.endedAt)
            }
        }
    }

    private func answered(_ response: ListOffsetsResponse, _ wait: ReadWait, now: NIODeadline) {
        let topic = response.topics.first { $0.name == wait.plan.topic }
        guard let answer = topic?.partitions.first(where: { $0.partitionIndex == wait.plan.partition }) else {
            return wait.machine.failed(.missing, now: now)
        }
        guard answer.errorCode == .none else {
            if answer.errorCode.isRetriable { client.requestUpdate() }
            return wait.machine.failed(.refused(answer.errorCode, namesLeader: false), now: now)
        }
        wait.machine.offsetAnswered(answer.offset, now: now)
    }
}
