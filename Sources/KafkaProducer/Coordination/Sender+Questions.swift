// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

/// Questions to coordinators: each is asked again until it has an answer, or the patience is at its end.
extension Sender {
    /// How long to wait for a connection, or between two tries.
    private static let interval = Duration.milliseconds(20)

    /// How one try ended.
    private enum Try<Answer> {
        case answered(Answer)
        /// It may be tried again.
        case failed(ErrorCode?, String, findsAgain: Bool)
    }

    /// Asks a coordinator, which is found first.
    ///
    /// - Throws: ``ProducerError`` when it refuses, or the patience is at its end.
    func answer<Request: KafkaRequest>(
        to question: CoordinatorQuestion<Request>,
        _ patience: QuestionPatience
    ) async throws(ProducerError) -> Request.Response where Request.Response: ThrottledResponse {
        let begin = eventLoop.now
        var found: CoordinatorAddress?
        while true {
            let api: APIKey
            let failure: (error: ErrorCode?, problem: String)
            if let address = found {
                api = Request.apiKey
                switch try await ask(question, at: address) {
                case .answered(let response): return response
                case .failed(let error, let problem, let findsAgain):
                    failure = (error, problem)
                    if findsAgain { found = nil }
                }
            } else {
                api = .findCoordinator
                switch try await find(question) {
                case .answered(let address):
                    found = address
                    continue
                case .failed(let error, let problem, _): failure = (error, problem)
                }
            }
            let waited = Duration.nanoseconds((eventLoop.now - begin).nanoseconds)
            patience.onWait(CoordinatorWait(api: api, error: failure.error, problem: failure.problem, waited: waited))
            try await pause(patience, waited, api, question.subject, failure)
        }
    }

    private func pause(
        _ patience: QuestionPatience,
        _ waited: Duration,
        _ api: APIKey,
        _ subject: String,
        _ failure: (error: ErrorCode?, problem: String)
    ) async throws(ProducerError) {
        guard !isClosed else { throw .closedProducer }
        guard !patience.isStopped(), !Task.isCancelled else {
            throw ProducerError(.interrupted, message: "\(subject): \(api) was not answered yet (\(failure.problem))")
        }
        guard waited < patience.limit else {
            let limit = patience.limit.milliseconds
            throw ProducerError(
                client.cluster.isBootstrap ? .noBrokerReachable : .timedOut,
                message: "\(subject): \(api) was not answered within max.block.ms=\(limit) (\(failure.problem))",
                cause: failure.error
            )
        }
        try? await Task.sleep(for: failure.error == nil ? Self.interval : .milliseconds(100))
    }

    private func find<Request: KafkaRequest>(
        _ question: CoordinatorQuestion<Request>
    ) async throws(ProducerError) -> Try<CoordinatorAddress> {
        let now = eventLoop.now
        guard let node = client.leastLoadedNode(now: now), client.connections.connect(node, now: now),
            node.takesRequests(now: now)
        else { return .failed(nil, unreachable, findsAgain: true) }
        guard let range = node.versions?.range(of: .findCoordinator), range.upperBound >= 1 else {
            throw lack(of: .findCoordinator, node)
        }
        let messages = TransactionMessages(transactionalID: question.key, timeout: .zero, client: client)
        let end = await withCheckedContinuation { continuation in
            messages.send(
                .findCoordinator(question.coordinator),
                as: nil,
                version: range.upperBound,
                over: node,
                now: now
            ) { end, _ in continuation.resume(returning: end) }
            run()
        }
        switch end {
        case .unanswered(let failure): return .failed(nil, failure.reason, findsAgain: true)
        case .answered(let answer):
            let error = answer.errors.first ?? .none
            if error == .none, let address = answer.coordinator { return .answered(address) }
            guard error.isRetriable || error == .none else {
                throw refusal(error, .findCoordinator, question.subject, answer.message)
            }
            return .failed(error, error.name, findsAgain: true)
        }
    }

    private func ask<Request: KafkaRequest>(
        _ question: CoordinatorQuestion<Request>,
        at address: CoordinatorAddress
    ) async throws(ProducerError) -> Try<Request.Response> where Request.Response: ThrottledResponse {
        let now = eventLoop.now
        let broker = BrokerAddress(nodeID: address.node, host: address.host, port: Int(address.port))
        let node = client.connections.connection(to: address.node, at: broker, now: now)
        guard client.connections.connect(node, now: now) else {
            let isLost = !node.isConnectingOrConnected
            return .failed(nil, "the coordinator at \(broker) cannot be reached yet", findsAgain: isLost)
        }
        guard node.takesRequests(now: now) else {
            return .failed(nil, "the coordinator at \(broker) takes no requests now", findsAgain: false)
        }
        let offered = node.versions?.range(of: Request.apiKey)
        guard let offered, offered.overlaps(question.versions) else { throw lack(of: Request.apiKey, node) }
        let version = min(offered.upperBound, question.versions.upperBound)
        let connections = client.connections
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Request.Response, RequestFailure>, Never>) in
            connections.send(question.request(version), version: version, over: node, now: now) { result, _ in
                continuation.resume(returning: result)
            }
            run()
        }
        switch result {
        case .failure(let failure): return .failed(nil, failure.reason, findsAgain: true)
        case .success(let response):
            let error = question.error(response)
            switch error {
            case .none: return .answered(response)
            case .notCoordinator, .coordinatorNotAvailable: return .failed(error, error.name, findsAgain: true)
            case _ where error.isRetriable: return .failed(error, error.name, findsAgain: false)
            default: throw refusal(error, Request.apiKey, question.subject, nil)
            }
        }
    }

    private var unreachable: String {
        client.connections.history.lastFailure.map { "\($0.address): \($0.reason)" } ?? "no broker is connected to yet"
    }

    private func lack(of api: APIKey, _ node: BrokerConnection) -> ProducerError {
        ProducerError(
            .unsupportedVersion,
            broker: node.address,
            message: "the broker does not speak a version of \(api) that is needed; use a newer one"
        )
    }

    private func refusal(_ error: ErrorCode, _ api: APIKey, _ subject: String, _ message: String?) -> ProducerError {
        let words = message.flatMap { $0.isEmpty ? nil : $0 } ?? error.explanation
        return ProducerError(.broker(error), message: "\(subject): \(api) was answered with \(error.name): \(words)")
    }
}
