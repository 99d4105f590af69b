// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import NIOCore

/// The requests of one connection that were sent and have not ended, in the order of sending: correlation ids, deadlines,
/// and requests that get no answer (`acks=0`). A value: events in, actions out, time as an argument.
struct RequestLine {
    private(set) var inFlight: Deque<InFlightRequest> = []
    /// Requests that get no answer and are written, until the answer to a later one confirms them.
    private var unconfirmed: Deque<InFlightRequest> = []
    /// How many requests were ever sent: the ordinal of the next one.
    private(set) var sentCount: UInt64 = 0
    private var nextCorrelationID: Int32
    private(set) var lastUsed: NIODeadline
    /// Whether any request was answered.
    private var hasAnswered = false
    /// The last request that was written and gets no answer.
    private var lastUnansweredCorrelationID: Int32?

    init(firstCorrelationID: Int32, now: NIODeadline) {
        nextCorrelationID = firstCorrelationID
        lastUsed = now
    }

    /// A request takes its place at the end of the line.
    ///
    /// - Returns: its correlation id.
    mutating func sent(_ request: consuming InFlightRequest, now: NIODeadline) -> Int32 {
        let correlationID = nextCorrelationID
        nextCorrelationID = correlationID == .max ? 0 : correlationID + 1
        lastUsed = now
        request.correlationID = correlationID
        request.ordinal = sentCount
        request.sentAt = now
        sentCount += 1
        inFlight.append(request)
        return correlationID
    }

    /// A request was written out. One that gets no answer waits for its confirmation from now on.
    mutating func written(correlationID: Int32) {
        // Most often it is the last one.
        guard let index = inFlight.lastIndex(where: { $0.correlationID == correlationID }) else { return }
        inFlight[index].isWritten = true
        guard !inFlight[index].isAnswered else { return }
        unconfirmed.append(inFlight.remove(at: index))
        lastUnansweredCorrelationID = correlationID
    }

    enum ResponseAction {
        /// The answer to this request.
        case complete(InFlightRequest)
        /// An answer to a request with `acks=0`, which expects none; librdkafka's mock brokers send one all the same.
        case ignore
        /// The peer does not speak Kafka's protocol; requests in flight fail when the connection has closed.
        case close(reason: String)
    }

    /// A response came in. Requests are answered in the order in which they were sent.
    mutating func received(correlationID: Int32, now: NIODeadline) -> ResponseAction {
        if let last = lastUnansweredCorrelationID, correlationID <= last,
            inFlight.first?.correlationID != correlationID
        {
            return .ignore
        }
        // Look before you pop: a request that is popped here and not returned would be lost.
        guard let first = inFlight.first, first.correlationID == correlationID else {
            let expected = inFlight.first.map { "\($0.correlationID)" } ?? "none"
            return .close(reason: "a response came for request \(correlationID), expected was \(expected)")
        }
        inFlight.removeFirst()
        hasAnswered = true
        lastUsed = now
        return .complete(first)
    }

    /// Takes the requests without answers that `answered`, which came after them, confirms: a broker does one after the
    /// other, and closes the connection on one that it must refuse without an answer.
    mutating func takeConfirmed(by answered: InFlightRequest) -> [InFlightRequest] {
        var confirmed: [InFlightRequest] = []
        while let first = unconfirmed.first, first.ordinal < answered.ordinal {
            confirmed.append(first)
            unconfirmed.removeFirst()
        }
        return confirmed
    }

    /// Whether something was written that nothing under way is going to confirm.
    var wantsConfirmation: Bool { !unconfirmed.isEmpty && !inFlight.contains(where: \.isAnswered) }

    /// All that has not ended, in the order of sending.
    var unended: [InFlightRequest] { Array(unconfirmed) + Array(inFlight) }

    /// Whether the broker answered none of the first requests, which any broker answers. A produce request may be one that
    /// the broker cannot take; it says nothing about the listener.
    var isMute: Bool {
        guard !hasAnswered, lastUnansweredCorrelationID == nil, let first = inFlight.first else { return false }
        return first.apiKey != .produce
    }

    /// The oldest request that was not answered in time.
    func late(now: NIODeadline) -> InFlightRequest? { inFlight.first { $0.deadline <= now } }

    /// When a request may be late.
    var nextDeadline: NIODeadline? { inFlight.lazy.map(\.deadline).min() }
}
