// SPDX-License-Identifier: Apache-2.0

/// An answer that comes later: the service of the request completes it once, and the connection waits for the answer, or
/// cancels it when the connection closes.
final class DeferredAnswer {
    private enum State {
        case waiting(onCancel: () -> Void)
        case expected((Answer) -> Void, onCancel: () -> Void)
        case completed(Answer)
        case over
    }

    private var state: State

    /// - Parameter onCancel: Called at most once, when the connection closes before the answer is there.
    init(onCancel: @escaping () -> Void = {}) {
        state = .waiting(onCancel: onCancel)
    }

    /// Sets what is to be done when the connection closes first.
    func onCancel(_ onCancel: @escaping () -> Void) {
        switch state {
        case .waiting: state = .waiting(onCancel: onCancel)
        case .expected(let receiver, _): state = .expected(receiver, onCancel: onCancel)
        case .completed, .over: break
        }
    }

    /// Gives the answer. Only the first one counts.
    func complete(_ answer: Answer) {
        switch state {
        case .waiting: state = .completed(answer)
        case .expected(let receiver, _):
            state = .over
            receiver(answer)
        case .completed, .over: break
        }
    }

    /// Asks for the answer; `receiver` is called at once if it is there.
    func whenComplete(_ receiver: @escaping (Answer) -> Void) {
        switch state {
        case .waiting(let onCancel): state = .expected(receiver, onCancel: onCancel)
        case .completed(let answer):
            state = .over
            receiver(answer)
        case .expected, .over: break
        }
    }

    /// Gives up the answer, since the client has gone.
    func cancel() {
        let former = state
        state = .over
        switch former {
        case .waiting(let onCancel), .expected(_, let onCancel): onCancel()
        case .completed, .over: break
        }
    }
}
