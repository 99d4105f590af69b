// SPDX-License-Identifier: Apache-2.0
import Synchronization

@testable import KafkaClient

/// Answers by HTTP without a network, one after the other; of the last one as many as are wanted. It keeps the requests.
final class Script: Sendable {
    private struct State {
        var answers: [(status: Int, body: String)]
        var requests: [HTTPRequest] = []
    }

    private let state: Mutex<State>

    init(_ answers: [(Int, String)]) {
        state = Mutex(State(answers: answers.map { (status: $0.0, body: $0.1) }))
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    var ask: @Sendable (HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
        { [self] request throws(HTTPFailure) in
            let answer = state.withLock { state in
                state.requests.append(request)
                return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
            }
            return .text(answer.status, answer.body)
        }
    }
}
