// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Synchronization

/// Coordinates the transactions of one producer as a test tells it, right or wrong: without another word every request is
/// answered well. It is node 1 of its cluster.
final class ScriptedCoordinator: Sendable {
    /// A request as it came.
    struct Call: Sendable, Equatable {
        let api: APIKey
        let version: Int16
        /// Its number among those of its API, from 0.
        let ordinal: Int
        /// What it is about, such as `t-0` or `commit`.
        let text: String
        var producerID: Int64 = -1
        var epoch: Int16 = -1
    }

    /// What is done about a request.
    enum Step: Sendable {
        case succeed
        case fail(ErrorCode)
        /// The connection ends in place of an answer.
        case close
        /// No answer ever comes.
        case ignore
    }

    private struct State {
        var calls: [Call] = []
        var identity = ProducerIdentityParts(id: 7, epoch: -1)
    }

    /// The id and epoch that it has given last.
    private struct ProducerIdentityParts {
        var id: Int64
        var epoch: Int16
    }

    /// The level of `transaction.version`.
    let level: Int16
    private let firstEpoch: Int16
    private let step: @Sendable (Call) -> Step
    private let state = Mutex(State())

    init(level: Int16, firstEpoch: Int16 = 0, step: @escaping @Sendable (Call) -> Step = { _ in .succeed }) {
        self.level = level
        self.firstEpoch = firstEpoch
        self.step = step
        state.withLock { $0.identity.epoch = firstEpoch - 1 }
    }

    /// The requests so far.
    var calls: [Call] { state.withLock { $0.calls } }

    /// The requests so far, in a word or two each.
    var words: [String] { calls.map { "\($0.api) \($0.text)" } }

    func announce(_ response: inout ApiVersionsResponse) {
        let ranges: [(APIKey, ClosedRange<Int16>)] = [
            (.findCoordinator, 0...6), (.addPartitionsToTransaction, 0...5), (.addOffsetsToTransaction, 0...4),
            (.endTransaction, 0...5), (.transactionOffsetCommit, 0...5),
        ]
        for (key, range) in ranges {
            response.apiKeys.append(.init(apiKey: key, minVersion: range.lowerBound, maxVersion: range.upperBound))
        }
        response.finalizedFeaturesEpoch = 1
        response.finalizedFeatures = [
            .init(name: "transaction.version", maxVersionLevel: level, minVersionLevel: level)
        ]
    }

    /// Serves one request.
    func serve(_ header: RequestHeader, _ body: inout ByteBuffer, on channel: any Channel, port: Int) throws {
        switch header.apiKey {
        case .findCoordinator: try find(header, &body, on: channel, port: port)
        case .initProducerID:
            let request = try InitProducerIDRequest(decoding: &body, version: header.apiVersion)
            try answer(header, "init", request.producerID, request.producerEpoch, on: channel) { error in
                let identity = error == .none ? self.nextIdentity() : nil
                return InitProducerIDResponse(
                    errorCode: error,
                    producerID: identity?.0 ?? -1,
                    producerEpoch: identity?.1 ?? -1
                )
            }
        case .addPartitionsToTransaction:
            let request = try AddPartitionsToTransactionRequest(decoding: &body, version: header.apiVersion)
            let names = request.topics.flatMap { topic in topic.partitions.map { "\(topic.name)-\($0)" } }
            let text = names.sorted().joined(separator: " ")
            try answer(header, text, request.producerID, request.producerEpoch, on: channel) { error in
                var response = AddPartitionsToTransactionResponse()
                response.topics = request.topics.map { topic in
                    .init(
                        name: topic.name,
                        partitions: topic.partitions.map { .init(partitionIndex: $0, errorCode: error) }
                    )
                }
                return response
            }
        case .addOffsetsToTransaction:
            let request = try AddOffsetsToTransactionRequest(decoding: &body, version: header.apiVersion)
            try answer(header, request.groupID, request.producerID, request.producerEpoch, on: channel) {
                AddOffsetsToTransactionResponse(errorCode: $0)
            }
        case .transactionOffsetCommit:
            let request = try TransactionOffsetCommitRequest(decoding: &body, version: header.apiVersion)
            try answer(header, request.groupID, request.producerID, request.producerEpoch, on: channel) { error in
                var response = TransactionOffsetCommitResponse()
                response.topics = request.topics.map { topic in
                    .init(
                        name: topic.name,
                        partitions: topic.partitions.map { .init(partitionIndex: $0.partitionIndex, errorCode: error) }
                    )
                }
                return response
            }
        case .endTransaction: try end(header, &body, on: channel)
        default: channel.close(promise: nil)
        }
    }

    private func find(_ header: RequestHeader, _ body: inout ByteBuffer, on channel: any Channel, port: Int) throws {
        let request = try FindCoordinatorRequest(decoding: &body, version: header.apiVersion)
        let key = request.coordinatorKeys.first ?? request.key
        let kind = request.keyType == FindCoordinatorRequest.groupKeyType ? "group" : "id"
        try answer(header, "\(kind) \(key)", -1, -1, on: channel) { error in
            var response = FindCoordinatorResponse()
            let found = FindCoordinatorResponse.Coordinator(
                key: key,
                nodeID: error == .none ? 1 : -1,
                host: error == .none ? "127.0.0.1" : "",
                port: error == .none ? Int32(port) : -1,
                errorCode: error
            )
            guard header.apiVersion < 4 else {
                response.coordinators = [found]
                return response
            }
            (response.errorCode, response.nodeID) = (error, found.nodeID)
            (response.host, response.port) = (found.host, found.port)
            return response
        }
    }

    private func end(_ header: RequestHeader, _ body: inout ByteBuffer, on channel: any Channel) throws {
        let request = try EndTransactionRequest(decoding: &body, version: header.apiVersion)
        let text = request.committed ? "commit" : "abort"
        try answer(header, text, request.producerID, request.producerEpoch, on: channel) { error in
            var response = EndTransactionResponse(errorCode: error)
            if error == .none, header.apiVersion >= 5, let next = self.nextIdentity() {
                (response.producerID, response.producerEpoch) = next
            }
            return response
        }
    }

    private func nextIdentity() -> (Int64, Int16)? {
        state.withLock { state in
            if state.identity.epoch >= .max - 2 {
                state.identity.id += 1
                state.identity.epoch = -1
            }
            state.identity.epoch += 1
            return (state.identity.id, state.identity.epoch)
        }
    }

    private func answer(
        _ header: RequestHeader,
        _ text: String,
        _ producerID: Int64,
        _ epoch: Int16,
        on channel: any Channel,
        _ response: (ErrorCode) -> some KafkaResponse
    ) throws {
        let call = state.withLock { state in
            var call = Call(
                api: header.apiKey,
                version: header.apiVersion,
                ordinal: state.calls.count { $0.api == header.apiKey },
                text: text
            )
            (call.producerID, call.epoch) = (producerID, epoch)
            state.calls.append(call)
            return call
        }
        let error: ErrorCode
        switch step(call) {
        case .succeed: error = .none
        case .fail(let code): error = code
        case .close: return channel.close(promise: nil)
        case .ignore: return
        }
        let frame = try ResponseFrame.encode(
            response(error),
            version: header.apiVersion,
            correlationID: header.correlationID
        )
        channel.writeAndFlush(frame, promise: nil)
    }
}
