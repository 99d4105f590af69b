// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Lets producers that go beyond their quota wait (KIP-13, KIP-219).
final class ProduceQuota {
    private let cluster: Cluster
    private let eventLoop: any EventLoop
    private var rates = ByteRates()

    /// From this version on the answer comes at once, and the client waits by itself.
    private static let firstPausingVersion = ProduceResponse.firstPausingVersion

    init(cluster: Cluster, eventLoop: any EventLoop) {
        self.cluster = cluster
        self.eventLoop = eventLoop
    }

    /// How many milliseconds a client is to wait that has produced so much.
    func charge(_ bytes: Int, _ context: RequestContext) -> Int32 {
        let user = context.principal.hasPrefix("User:") ? String(context.principal.dropFirst(5)) : context.principal
        let client = ByteRates.Client(user: user, id: context.header.clientID ?? "")
        guard let rate = cluster.coordination.quotas.rate(user: user, client: client.id) else { return 0 }
        return rates.produced(bytes, by: client, rate: rate, now: cluster.coordination.uptime)
    }

    /// Reads nothing more of the client until its time is over; an answer of an old version waits for that long too.
    func hold(_ answer: Answer, for milliseconds: Int32, _ context: RequestContext) -> Answer {
        guard milliseconds > 0 else { return answer }
        let deferred = DeferredAnswer()
        let isEarly: Bool
        if case .send = answer { isEarly = context.version >= Self.firstPausingVersion } else { isEarly = false }
        let last: Answer = isEarly ? .silence : answer
        let task = eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) {
            deferred.complete(last)
        }
        deferred.onCancel { task.cancel() }
        if case .send(let pieces) = answer, isEarly { return .sendPart(pieces, then: deferred) }
        return .later(deferred)
    }
}
