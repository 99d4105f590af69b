// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import KafkaProducer

/// A cluster on loopback that does what a test tells it, right or wrong.
///
/// Its nodes are 1, 2, …; without another word partition p is led by node p mod nodes + 1, and batches are appended.
final class ScriptedBroker: Sendable {
    private struct State {
        var ports: [Int] = []
        var channels: [any Channel] = []
        var connections = 0
        var ends = 0
        var calls: [ProduceCall] = []
        var held: [PendingCall] = []
        var log: [ProducedBatch] = []
        var logEnds: [Int32: Int] = [:]
        var versionsAsked: [Int16] = []
        var softwareTold: [String] = []
        var metadataAsked: [[String]] = []
        var metadataTimes: [NIODeadline] = []
        var identitiesAsked = 0
        var answers: [APIKey: Int] = [:]
        var sequences: [Int32: SequenceChecker] = [:]
    }

    private let script: BrokerScript
    private let state = Mutex(State())
    private let notifier = Notifier()

    private init(_ script: BrokerScript) {
        self.script = script
    }

    /// Starts a cluster of so many nodes.
    static func start(_ script: BrokerScript, nodes: Int) async throws -> ScriptedBroker {
        let broker = ScriptedBroker(script)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        for node in 1...Int32(nodes) {
            let listener = try await ServerBootstrap(group: loop)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = ScriptedConnection(broker: broker, node: node, id: broker.accepted(channel))
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            broker.state.withLock { state in
                state.ports.append(listener.localAddress?.port ?? 0)
                state.channels.append(listener)
            }
        }
        return broker
    }

    /// Puts a cluster of so many nodes onto a virtual network, at ports from `firstPort` on.
    static func start(
        _ script: BrokerScript,
        nodes: Int,
        on network: VirtualNetwork,
        firstPort: Int = 1
    ) -> ScriptedBroker {
        let broker = ScriptedBroker(script)
        for node in 1...Int32(nodes) {
            network.set(
                .listener { channel in
                    let handler = ScriptedConnection(broker: broker, node: node, id: broker.accepted(channel))
                    try channel.pipeline.syncOperations.addHandler(handler)
                },
                at: firstPort + Int(node) - 1
            )
            broker.state.withLock { $0.ports.append(firstPort + Int(node) - 1) }
        }
        return broker
    }

    /// Ends all listeners and connections.
    func stop() {
        for channel in state.withLock({ $0.channels }) { channel.close(promise: nil) }
    }

    /// The port of each node.
    var ports: [Int] { state.withLock { $0.ports } }

    /// The produce requests so far.
    var calls: [ProduceCall] { state.withLock { $0.calls } }

    /// Batches that were appended, in order.
    var log: [ProducedBatch] { state.withLock { $0.log } }

    /// The values that a partition holds, in order.
    func values(_ partition: Int32 = 0) -> [String] {
        log.filter { $0.partition == partition }.flatMap(\.values)
    }

    /// In which versions it was asked which versions it speaks.
    var versionsAsked: [Int16] { state.withLock { $0.versionsAsked } }

    /// What those who asked for versions call themselves: name and version.
    var softwareTold: [String] { state.withLock { $0.softwareTold } }

    /// Topics that metadata was asked for.
    var metadataAsked: [[String]] { state.withLock { $0.metadataAsked } }

    /// When metadata was asked for.
    var metadataTimes: [NIODeadline] { state.withLock { $0.metadataTimes } }

    /// How often a producer id was asked for.
    var identitiesAsked: Int { state.withLock { $0.identitiesAsked } }

    /// Waits until something holds that comes about by a request.
    func wait(until condition: @escaping @Sendable (ScriptedBroker) -> Bool) async throws {
        try await notifier.wait { [self] in condition(self) }
    }

    /// Connections that were made.
    var connections: Int { state.withLock { $0.connections } }

    /// Connections that have ended.
    var endedConnections: Int { state.withLock { $0.ends } }

    /// A connection ended.
    func ended() {
        state.withLock { $0.ends += 1 }
        notifier.notify()
    }

    /// Waits for so many produce requests.
    func wait(forCalls count: Int) async throws {
        try await notifier.wait { [self] in calls.count >= count }
    }

    /// Waits until so many requests are held.
    func wait(forHeld count: Int) async throws {
        try await notifier.wait { [self] in state.withLock { $0.held.count } >= count }
    }

    /// Answers the requests that were held, or the first of them, in order.
    func answerHeld(_ step: BrokerScript.Step = .append(), first count: Int = .max) {
        let held = state.withLock { state in
            let held = state.held.prefix(count)
            state.held.removeFirst(held.count)
            return held
        }
        // Together: what a producer sends once it has the first answer must not be answered before the last.
        held.first?.origin.channel.eventLoop.execute { [self] in
            do {
                for call in held { try perform(step, call) }
            } catch {
                Issue.record(error)
            }
        }
    }

    /// Closes the connections of the requests that are held, and forgets these.
    func dropHeld() {
        answerHeld(.close)
    }

    // MARK: serving

    private func accepted(_ channel: any Channel) -> Int {
        state.withLock { state in
            state.channels.append(channel)
            defer { state.connections += 1 }
            return state.connections
        }
    }

    /// Serves one request.
    func serve(_ frame: ByteBuffer, on channel: any Channel, node: Int32, connection: Int) throws {
        guard !script.staysSilent(connection) else { return }
        var body = frame
        let header = try RequestHeader(decoding: &body)
        switch header.apiKey {
        case .apiVersions:
            let request = try ApiVersionsRequest(decoding: &body, version: header.apiVersion)
            state.withLock { state in
                state.softwareTold.append("\(request.clientSoftwareName) \(request.clientSoftwareVersion)")
            }
            try serveVersions(header, channel)
        case .metadata: try serveMetadata(MetadataRequest(decoding: &body, version: header.apiVersion), header, channel)
        case .initProducerID where script.coordinator == nil: try serveIdentity(header, channel)
        case .produce:
            let request = try ProduceRequest(decoding: &body, version: header.apiVersion)
            try serveProduce(request, PendingCall.Origin(header: header, channel: channel), node, connection, frame)
        default:
            guard let coordinator = script.coordinator else { return channel.close(promise: nil) }
            let port = state.withLock { $0.ports[0] }
            try coordinator.serve(header, &body, on: channel, port: port)
        }
        notifier.notify()
    }

    private func serveVersions(_ header: RequestHeader, _ channel: any Channel) throws {
        state.withLock { $0.versionsAsked.append(header.apiVersion) }
        if let refusal = script.refusal(header.apiVersion) {
            var frame = ByteBuffer()
            frame.writeInteger(Int32(4 + refusal.count))
            frame.writeInteger(header.correlationID)
            frame.writeBytes(refusal)
            return channel.writeAndFlush(frame, promise: nil)
        }
        let ranges: [(APIKey, ClosedRange<Int16>)] = [
            (.produce, script.produceVersions), (.metadata, 0...13), (.apiVersions, 0...4), (.initProducerID, 0...5),
        ]
        var response = ApiVersionsResponse(
            apiKeys: ranges.map { key, range in
                ApiVersionsResponse.API(apiKey: key, minVersion: range.lowerBound, maxVersion: range.upperBound)
            }
        )
        script.coordinator?.announce(&response)
        script.versions(&response)
        try send(response, header, channel)
    }

    private func serveMetadata(_ request: MetadataRequest, _ header: RequestHeader, _ channel: any Channel) throws {
        let names = (request.topics ?? []).compactMap(\.name)
        let (ordinal, ports) = state.withLock { state in
            defer {
                state.metadataAsked.append(names)
                state.metadataTimes.append(channel.eventLoop.now)
            }
            return (state.metadataAsked.count, state.ports)
        }
        var response = MetadataResponse(
            brokers: ports.enumerated().map { index, port in
                MetadataResponse.Broker(nodeID: Int32(index) + 1, host: "127.0.0.1", port: Int32(port))
            },
            topics: names.map { name in
                let count = script.topics[name] ?? 0
                let leaders = (0..<count).map { $0 % Int32(ports.count) + 1 }
                return MetadataResponse.Topic(errorCode: count > 0 ? .none : .unknownTopicOrPartition, name: name)
                    .with(leaders: leaders, epoch: 0)
            }
        )
        guard !script.ignores(.metadata, ordinal) else { return }
        script.metadata(ordinal, &response)
        try send(response, header, channel)
    }

    private func serveIdentity(_ header: RequestHeader, _ channel: any Channel) throws {
        let ordinal = state.withLock { state in
            defer { state.identitiesAsked += 1 }
            return state.identitiesAsked
        }
        guard !script.ignores(.initProducerID, ordinal) else { return }
        try send(script.identity(ordinal), header, channel)
    }

    private func serveProduce(
        _ request: ProduceRequest,
        _ origin: PendingCall.Origin,
        _ node: Int32,
        _ connection: Int,
        _ frame: ByteBuffer
    ) throws {
        var batches: [ProducedBatch] = []
        for topic in request.topicData {
            for partition in topic.partitionData { batches.append(try ProducedBatch(partition, topic: topic)) }
        }
        let call = state.withLock { state in
            let call = ProduceCall(
                ordinal: state.calls.count,
                node: node,
                connection: connection,
                version: origin.header.apiVersion,
                acks: request.acks,
                transactionalID: request.transactionalID,
                batches: batches,
                size: frame.readableBytes,
                time: origin.channel.eventLoop.now,
                held: state.held.count
            )
            state.calls.append(call)
            return call
        }
        try perform(script.produce(call), PendingCall(call: call, origin: origin))
    }

    private func send(_ response: some KafkaResponse, _ header: RequestHeader, _ channel: any Channel) throws {
        let frame = try ResponseFrame.encode(
            response,
            version: header.apiVersion,
            correlationID: header.correlationID
        )
        let ordinal = state.withLock { state in
            defer { state.answers[header.apiKey, default: 0] += 1 }
            return state.answers[header.apiKey, default: 0]
        }
        guard let kept = script.cut(header.apiKey, ordinal) else { return channel.writeAndFlush(frame, promise: nil) }
        let size = min(8 + kept, frame.readableBytes - 1)
        var short = frame.getSlice(at: 0, length: size) ?? frame
        short.setInteger(Int32(size - 4), at: 0)
        channel.writeAndFlush(short, promise: nil)
    }

    // MARK: answers

    private func perform(_ step: BrokerScript.Step, _ pending: PendingCall) throws {
        let channel = pending.origin.channel
        switch step {
        case .append(let throttle): try answer(pending, [:], throttle: throttle)
        case .fail(let code): try answer(pending, failing(pending.call, code))
        case .answer(let response): try send(response, pending.origin.header, channel)
        case .appendAndFail(let code):
            let stored = append(pending.call, except: [:])
            let failed = stored.mapValues { stored in
                var answer = stored
                if stored.errorCode == .none { (answer.errorCode, answer.baseOffset) = (code, -1) }
                return answer
            }
            try send(response(to: pending.call, failed), pending.origin.header, channel)
        case .respond(let answers, let endpoints): try answer(pending, answers, endpoints: endpoints)
        case .appendAndClose:
            _ = append(pending.call, except: [:])
            channel.close(promise: nil)
        case .close: channel.close(promise: nil)
        case .hold: state.withLock { $0.held.append(pending) }
        case .ignore: break
        case .stopReading: channel.setOption(.autoRead, value: false).whenFailure { _ in channel.close(promise: nil) }
        case .misanswer:
            var header = pending.origin.header
            header.correlationID += 1
            try send(response(to: pending.call, failing(pending.call, .none)), header, channel)
        }
    }

    /// The same answer for all batches but those that are stored already, which no broker would refuse.
    private func failing(_ call: ProduceCall, _ code: ErrorCode) -> [Int32: ProduceResponse.PartitionResponse] {
        let stored = state.withLock { $0.sequences }
        let refused = call.batches.filter { stored[$0.partition]?.knows($0.header) != true }
        return Dictionary(
            refused.map { batch in
                let answer = ProduceResponse.PartitionResponse(index: batch.partition, errorCode: code, baseOffset: -1)
                return (batch.partition, answer)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private func answer(
        _ pending: PendingCall,
        _ answers: [Int32: ProduceResponse.PartitionResponse],
        endpoints: [NodeEndpoint] = [],
        throttle: Int32 = 0
    ) throws {
        let all = append(pending.call, except: answers)
        guard pending.call.acks != 0 else {
            // The only way to tell.
            if all.values.contains(where: { $0.errorCode != .none }) { pending.origin.channel.close(promise: nil) }
            return
        }
        var response = response(to: pending.call, all)
        response.nodeEndpoints = endpoints
        response.throttleTimeMs = throttle
        try send(response, pending.origin.header, pending.origin.channel)
    }

    private func response(
        to call: ProduceCall,
        _ answers: [Int32: ProduceResponse.PartitionResponse]
    ) -> ProduceResponse {
        var response = ProduceResponse()
        for batch in call.batches {
            let answer = answers[batch.partition] ?? ProduceResponse.PartitionResponse(index: batch.partition)
            let place = response.responses.firstIndex { $0.name == batch.topic && $0.topicID == batch.topicID }
            if let place {
                response.responses[place].partitionResponses.append(answer)
            } else {
                response.responses.append(
                    .init(name: batch.topic, topicID: batch.topicID, partitionResponses: [answer])
                )
            }
        }
        return response
    }

    private func append(_ batch: ProducedBatch, _ state: inout State) -> ProduceResponse.PartitionResponse {
        let end = state.logEnds[batch.partition, default: 0]
        var answer = ProduceResponse.PartitionResponse(index: batch.partition, baseOffset: Int64(end))
        if script.checksSequences {
            switch state.sequences[batch.partition, default: SequenceChecker()].check(batch.header, end: Int64(end)) {
            case .append: break
            case .duplicate(let offset):
                answer.baseOffset = offset
                return answer
            case .refuse(let code):
                return ProduceResponse.PartitionResponse(index: batch.partition, errorCode: code, baseOffset: -1)
            }
        }
        state.log.append(batch)
        state.logEnds[batch.partition] = end + batch.values.count
        return answer
    }

    /// Appends the batches for which there is no other answer, and answers for them.
    private func append(
        _ call: ProduceCall,
        except answers: [Int32: ProduceResponse.PartitionResponse]
    ) -> [Int32: ProduceResponse.PartitionResponse] {
        var answers = answers
        state.withLock { state in
            for batch in call.batches where answers[batch.partition] == nil {
                answers[batch.partition] = append(batch, &state)
            }
        }
        return answers
    }
}
