// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// Asks the fault plan about a request and does what it says, before and after the request is served.
struct FaultPerformer {
    let cluster: Cluster
    let nodes: (any NodeControl)?
    let eventLoop: NIOIsolatedEventLoop
    let logger: Logger

    typealias Route = (ByteBuffer, RequestContext) throws(DecodingError) -> Answer

    /// What happens to a client that connects; nil for nothing.
    func fault(of connection: Connection) -> ConnectionFault? {
        guard let orders = decide(RequestArrival(event: .connection, node: connection.nodeID), connection) else {
            return nil
        }
        if orders.isDropped { return .drop }
        return orders.ending == .withheld ? .stall : orders.connection
    }

    /// What goes wrong with a login that begins.
    func faults(ofLogin connection: Connection) -> LoginFaults {
        guard let orders = decide(RequestArrival(event: .login, node: connection.nodeID), connection) else {
            return LoginFaults()
        }
        var faults = orders.login
        faults.refusal = orders.failures.first?.code
        return faults
    }

    /// Serves a request, or does not, as the plan wants it.
    func serve(_ body: ByteBuffer, _ context: RequestContext, _ route: @escaping Route) -> Answer {
        let arrival = ArrivalReader(cluster: cluster).read(body, context)
        guard var orders = decide(arrival.arrival, context.connection) else { return served(body, context, route) }
        orders.names = arrival.names
        let incarnation = cluster.nodes[id: context.nodeID]?.incarnation
        for change in orders.changes { perform(change, arrival.arrival) }
        guard !orders.isDropped, cluster.nodes[id: context.nodeID]?.incarnation == incarnation else {
            return .close(reason: "a fault wants it")
        }
        var faulty = context
        faulty.faults = orders
        guard orders.delay > .zero else { return conclude(served(body, faulty, route), orders) }
        let deferred = DeferredAnswer()
        after(orders.delay) { [cluster] in
            // What a broker had in its queue is lost when it goes down.
            guard cluster.nodes[id: context.nodeID]?.incarnation == incarnation else {
                return deferred.complete(.close(reason: "the broker went down"))
            }
            deferred.complete(conclude(served(body, faulty, route), orders))
        }
        return .later(deferred)
    }

    private func decide(_ arrival: RequestArrival, _ connection: Connection) -> FaultOrders? {
        guard let orders = cluster.faults.decide(arrival) else { return nil }
        for fault in orders.faults {
            logger.info("fault", metadata: connection.metadata.merging(["fault": "\(fault)"]) { $1 })
        }
        return orders
    }

    private func served(_ body: ByteBuffer, _ context: RequestContext, _ route: Route) -> Answer {
        do throws(DecodingError) {
            return try route(body, context)
        } catch {
            return .close(reason: "the request cannot be read: \(error)")
        }
    }

    // MARK: Before

    private func perform(_ change: FaultOrders.Change, _ arrival: RequestArrival) {
        let nodeID = arrival.node
        switch change.kind {
        case .moveLeader(let leader, let hints, let stale):
            for (topic, partition) in partitions(of: arrival, change.scope) {
                cluster.moveLeader(of: partition, in: topic, to: leader, hints: hints, staleMetadata: stale)
            }
        case .moveCoordinator(let node, let time):
            for key in arrival.coordinated { cluster.moveCoordinator(of: key, to: node, loadingFor: time) }
        case .forgetProducers(let refusing):
            for (_, partition) in partitions(of: arrival, change.scope) {
                partition.forgetProducers(refusing: refusing)
            }
        case .down(let time, let ending):
            nodes?.takeDown(nodeID, ending)
            after(time) { [weak nodes] in nodes?.bringUp(nodeID) }
        case .freeze(let time):
            nodes?.freeze(nodeID)
            after(time) { [weak nodes] in nodes?.thaw(nodeID) }
        case .part(let time, let other):
            let others = other.map { [$0] } ?? cluster.nodes.map(\.id)
            cluster.changeLinks { links in for other in others { links.part(nodeID, other) } }
            after(time) { [cluster] in
                cluster.changeLinks { links in for other in others { links.heal(nodeID, other) } }
            }
        case .refuseConnections(let time):
            nodes?.refuseConnections(nodeID)
            after(time) { [weak nodes] in nodes?.acceptConnections(nodeID) }
        }
    }

    /// The partitions that a request names, as far as a fault is for them.
    private func partitions(of arrival: RequestArrival, _ scope: FaultScope) -> [(Topic, Partition)] {
        arrival.places.flatMap { place -> [(Topic, Partition)] in
            guard let topic = cluster.topics[place.topic] else { return [] }
            return topic.partitions.filter { partition in
                partition.index == place.partition ?? partition.index
                    && scope.covers(topic: topic.name, partition: partition.index)
            }.map { (topic, $0) }
        }
    }

    // MARK: After

    /// What is done with the answer.
    private func conclude(_ answer: Answer, _ orders: FaultOrders) -> Answer {
        switch answer {
        case .close, .sendPart: return answer
        case .later(let inner):
            let deferred = DeferredAnswer(onCancel: { inner.cancel() })
            inner.whenComplete { deferred.complete(conclude($0, orders)) }
            return .later(deferred)
        case .silence, .send: break
        }
        guard orders.answerDelay > .zero else { return end(answer, orders) }
        let deferred = DeferredAnswer()
        after(orders.answerDelay) { deferred.complete(end(answer, orders)) }
        return .later(deferred)
    }

    private func end(_ answer: Answer, _ orders: FaultOrders) -> Answer {
        switch orders.ending {
        case .dropped: return .close(reason: "a fault wants it")
        case .withheld: return .later(DeferredAnswer())
        case .whole, .torn, .halved: break
        }
        guard case .send(let pieces) = answer else { return heldBack([], orders) ?? answer }
        var frame = ByteBuffer()
        for piece in pieces { frame.writeImmutableBuffer(piece) }
        if orders.hasWrongCorrelationID { setWrongCorrelationID(in: &frame) }
        switch orders.ending {
        case .torn(let size, let pause): return trickle(frame, size, pause)
        case .halved:
            let closing = DeferredAnswer()
            closing.complete(.close(reason: "a fault wants it"))
            return .sendPart([frame.readSlice(length: frame.readableBytes / 2) ?? frame], then: closing)
        case .whole, .dropped, .withheld: return heldBack([frame], orders) ?? .send([frame])
        }
    }

    /// Sends the answer of a throttled client at once, and reads nothing more of it until its time is over (KIP-219).
    private func heldBack(_ pieces: [ByteBuffer], _ orders: FaultOrders) -> Answer? {
        guard let time = orders.throttle else { return nil }
        let deferred = DeferredAnswer()
        after(time) { deferred.complete(.silence) }
        return .sendPart(pieces, then: deferred)
    }

    private func trickle(_ frame: ByteBuffer, _ size: Int, _ pause: Duration) -> Answer {
        var rest = frame
        guard let piece = rest.readSlice(length: size), rest.readableBytes > 0 else { return .send([frame]) }
        let deferred = DeferredAnswer()
        let remaining = rest
        after(pause) { deferred.complete(trickle(remaining, size, pause)) }
        return .sendPart([piece], then: deferred)
    }

    /// The correlation id stands behind the frame's size.
    private func setWrongCorrelationID(in frame: inout ByteBuffer) {
        let index = frame.readerIndex + 4
        guard let right = frame.getInteger(at: index, as: Int32.self) else { return }
        frame.setInteger(right ^ 0x5555_5555, at: index)
    }

    private func after(_ time: Duration, _ body: @escaping () -> Void) {
        eventLoop.scheduleTask(in: TimeAmount(time), body)
    }
}
