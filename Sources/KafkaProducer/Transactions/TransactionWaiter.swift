// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// A call that waits for its end.
final class TransactionWaiter {
    let call: TransactionCall
    let deadline: NIODeadline
    let began: NIODeadline
    let completion: (Result<Void, ProducerError>) -> Void
    /// Names the offsets that it waits for.
    var ticket: Int?

    init(
        _ call: TransactionCall,
        deadline: NIODeadline,
        began: NIODeadline,
        _ completion: @escaping (Result<Void, ProducerError>) -> Void
    ) {
        self.call = call
        self.deadline = deadline
        self.began = began
        self.completion = completion
    }

    /// Whether this is what it waits for. One that begins a transaction waits for an id first, and ends only with a failure
    /// to get one.
    func waits(for end: TransactionMachine.Ended) -> Bool {
        switch (call, end) {
        case (.initialize, .initialization), (.commit, .commit), (.abort, .abort): true
        case (.begin, .initialization(let error)): error != nil
        case (.commitOffsets, .offsets(let ticket, _)): self.ticket == ticket
        default: false
        }
    }
}

extension TransactionCall {
    /// Whether it waits for nothing but an id.
    var awaitsID: Bool {
        switch self {
        case .initialize, .begin: true
        case .commitOffsets, .commit, .abort: false
        }
    }
}

extension TransactionMachine.Ended {
    /// Why it ended without success, if so.
    var error: ProducerError? {
        switch self {
        case .initialization(let error), .offsets(_, let error), .commit(let error), .abort(let error): error
        }
    }
}
