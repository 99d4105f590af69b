// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Synchronization

/// Records that were submitted and whose results nobody has taken yet, in their order, up to a limit: between one task that
/// submits and one that takes.
final class SubmissionLine: Sendable {
    private struct State {
        var submissions: Deque<Result<Delivery, ProducerError>> = []
        /// Submitted, and not taken.
        var count = 0
        var end: Result<Void, any Error>?
        /// For the task that submits.
        var room: Eventual<Void>?
        /// For the task that takes.
        var news: Eventual<Void>?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Waits until one more may be submitted.
    func room() async throws(ProducerError) {
        while true {
            let room = state.withLock { state -> Eventual<Void>? in
                guard state.count >= limit else {
                    state.count += 1
                    return nil
                }
                let room = Eventual<Void>()
                state.room = room
                return room
            }
            guard let room else { return }
            guard await room.valueUnlessCancelled() != nil else { throw .cancelled("no more records are read") }
        }
    }

    /// One for which there was room was submitted.
    func append(_ submission: Result<Delivery, ProducerError>) {
        state.withLock { state in
            state.submissions.append(submission)
            return state.news.take()
        }?.come()
    }

    /// No more come.
    ///
    /// - Parameter failure: Why, if not for the end of the records.
    func finish(_ failure: (any Error)?) {
        state.withLock { state in
            state.end = failure.map { .failure($0) } ?? .success(())
            return state.news.take()
        }?.come()
    }

    /// The next one; `nil` after the last.
    func next() async throws -> Result<Delivery, ProducerError>? {
        while true {
            enum Step {
                case submission(Result<Delivery, ProducerError>)
                case end(Result<Void, any Error>)
                case wait(Eventual<Void>)
            }
            let step = state.withLock { state -> Step in
                if let first = state.submissions.popFirst() { return .submission(first) }
                if let end = state.end {
                    // Thrown once.
                    state.end = .success(())
                    return .end(end)
                }
                let news = Eventual<Void>()
                state.news = news
                return .wait(news)
            }
            switch step {
            case .submission(let submission): return submission
            case .end(let end):
                try end.get()
                return nil
            case .wait(let news):
                guard await news.valueUnlessCancelled() != nil else {
                    throw ProducerError.cancelled("what was submitted is on its way")
                }
            }
        }
    }

    /// The result of one was taken: there is room for another.
    func taken() {
        state.withLock { state in
            state.count -= 1
            return state.room.take()
        }?.come()
    }
}
