// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KafkaProtocol
import NIOCore

/// What a connection to one broker is about: connecting, agreeing on versions, taking requests, backing off.
///
/// A value without I/O: events in, actions out, time as an argument. The shell around it is `BrokerConnection`.
enum ConnectionMachine: ~Copyable {
    /// No connection; the next attempt is not before `retryAt`.
    case disconnected(failures: Int, retryAt: NIODeadline)
    /// A TCP connection is being made.
    case connecting(failures: Int, deadline: NIODeadline)
    /// Connected; the broker was asked which versions it speaks.
    case negotiating(Negotiation)
    /// Requests may be sent.
    case ready(Ready)

    struct Negotiation {
        var failures: Int
        var deadline: NIODeadline
        var correlationID: Int32
        var version: Int16
    }

    struct Ready {
        var versions: NegotiatedVersions
        var inFlight: Deque<InFlightRequest> = []
        /// Requests that get no answer (`acks=0`) and are written, until the answer to a later one confirms them.
        var unconfirmed: Deque<InFlightRequest> = []
        var nextOrdinal: UInt64 = 0
        var nextCorrelationID: Int32
        var lastUsed: NIODeadline
        /// Whether any request was answered, beside the question for versions.
        var hasAnswered = false
        /// The last request that was written and gets no answer (`acks=0`).
        var lastUnansweredCorrelationID: Int32?

        /// A produce request may be one that the broker cannot take; it says nothing about the listener.
        var isMute: Bool {
            guard !hasAnswered, lastUnansweredCorrelationID == nil, let first = inFlight.first else { return false }
            return first.apiKey != .produce
        }
    }

    init() { self = .disconnected(failures: 0, retryAt: .uptimeNanoseconds(0)) }

    // MARK: connecting

    /// Whether a connection attempt may begin.
    func mayConnect(now: NIODeadline) -> Bool {
        retryAt.map { $0 <= now } ?? false
    }

    /// A connection attempt begins.
    mutating func connectRequested(now: NIODeadline, setupTimeout: ExponentialBackoff) {
        switch consume self {
        case .disconnected(let failures, _):
            let wait = setupTimeout.wait(afterFailures: failures)
            self = .connecting(failures: failures, deadline: now + TimeAmount(wait))
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        case .negotiating(let negotiation):
            self = .negotiating(negotiation)
        case .ready(let ready):
            self = .ready(ready)
        }
    }

    enum ConnectedAction: Equatable {
        /// Ask for the broker's versions in this version of the request.
        case sendAPIVersions(version: Int16, correlationID: Int32)
        /// Nobody waits for this connection any more.
        case close
    }

    /// The TCP connection is there.
    mutating func connected(latestVersion: Int16) -> ConnectedAction {
        switch consume self {
        case .connecting(let failures, let deadline):
            self = .negotiating(
                Negotiation(failures: failures, deadline: deadline, correlationID: 0, version: latestVersion)
            )
            return .sendAPIVersions(version: latestVersion, correlationID: 0)
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
            return .close
        case .negotiating(let negotiation):
            self = .negotiating(negotiation)
            return .close
        case .ready(let ready):
            self = .ready(ready)
            return .close
        }
    }

    enum VersionsAction: Equatable {
        /// Ask again in this version.
        case sendAPIVersions(version: Int16, correlationID: Int32)
        /// Requests may be sent.
        case becomeReady
        /// The broker cannot be used.
        case close(reason: String)
    }

    /// The broker answered which versions it speaks, or that the version of the question is too new: then it is asked
    /// again in the newest one that it names, or else in version 0 (KIP-511).
    mutating func versionsReceived(_ response: ApiVersionsResponse, now: NIODeadline) -> VersionsAction {
        switch consume self {
        case .negotiating(var negotiation):
            let error = response.errorCode
            if error == .none {
                self = .ready(
                    Ready(
                        versions: NegotiatedVersions(response),
                        nextCorrelationID: negotiation.correlationID &+ 1,
                        lastUsed: now
                    )
                )
                return .becomeReady
            }
            guard error == .unsupportedVersion, negotiation.version > 0 else {
                self = .negotiating(negotiation)
                return .close(reason: "it answered ApiVersions with \(error.name)")
            }
            let newest = response.apiKeys.first { $0.apiKey == .apiVersions }?.maxVersion ?? 0
            // Each question is in an older version than the one before, so that this ends.
            let version = max(0, min(newest, negotiation.version - 1))
            negotiation.version = version
            negotiation.correlationID &+= 1
            let correlationID = negotiation.correlationID
            self = .negotiating(negotiation)
            return .sendAPIVersions(version: version, correlationID: correlationID)
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        case .ready(let ready):
            self = .ready(ready)
        }
        return .close(reason: "an ApiVersions response came unasked")
    }

    // MARK: requests

    /// A request takes its place in the line of those in flight.
    ///
    /// - Returns: its correlation id, or `nil` when the connection takes no requests.
    mutating func requestSent(_ request: consuming InFlightRequest, now: NIODeadline) -> Int32? {
        switch consume self {
        case .ready(var ready):
            let correlationID = ready.nextCorrelationID
            ready.nextCorrelationID = correlationID == .max ? 0 : correlationID + 1
            ready.lastUsed = now
            request.correlationID = correlationID
            request.sentAt = now
            request.ordinal = ready.nextOrdinal
            ready.nextOrdinal += 1
            ready.inFlight.append(request)
            self = .ready(ready)
            return correlationID
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        case .negotiating(let negotiation):
            self = .negotiating(negotiation)
        }
        return nil
    }

    enum ResponseAction {
        /// The answer to this request.
        case complete(InFlightRequest)
        /// The answer to the question for versions, asked in this version.
        case versions(askedIn: Int16)
        /// An answer to a request with `acks=0`, which expects none; librdkafka's mock brokers send one all the same.
        case ignore
        /// The peer does not speak Kafka's protocol; requests in flight fail when the connection has closed.
        case close(reason: String)
    }

    /// A response came in. Requests are answered in the order in which they were sent.
    mutating func responseReceived(correlationID: Int32, now: NIODeadline) -> ResponseAction {
        switch consume self {
        case .ready(var ready):
            if let last = ready.lastUnansweredCorrelationID, correlationID <= last,
                ready.inFlight.first?.correlationID != correlationID
            {
                self = .ready(ready)
                return .ignore
            }
            // Look before you pop: a request that is popped here and not returned would be lost.
            guard let first = ready.inFlight.first, first.correlationID == correlationID else {
                let expected = ready.inFlight.first.map { "\($0.correlationID)" } ?? "none"
                self = .ready(ready)
                return .close(reason: "a response came for request \(correlationID), expected was \(expected)")
            }
            ready.inFlight.removeFirst()
            ready.hasAnswered = true
            ready.lastUsed = now
            self = .ready(ready)
            return .complete(first)
        case .negotiating(let negotiation):
            let version = negotiation.version
            let isExpected = negotiation.correlationID == correlationID
            self = .negotiating(negotiation)
            return isExpected ? .versions(askedIn: version) : .close(reason: "a response came out of order")
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        }
        return .close(reason: "a response came unasked")
    }

    /// A request was written out. One that gets no answer (`acks=0`) waits for its confirmation from now on.
    mutating func requestWritten(correlationID: Int32) {
        switch consume self {
        case .ready(var ready):
            // Most often it is the last one.
            if let index = ready.inFlight.lastIndex(where: { $0.correlationID == correlationID }) {
                ready.inFlight[index].isWritten = true
                if !ready.inFlight[index].isAnswered {
                    ready.unconfirmed.append(ready.inFlight.remove(at: index))
                    ready.lastUnansweredCorrelationID = correlationID
                }
            }
            self = .ready(ready)
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        case .negotiating(let negotiation):
            self = .negotiating(negotiation)
        }
    }

    /// Takes the requests without answers that `answered`, which came after them, confirms: a broker does one after the
    /// other, and closes the connection on one that it must refuse without an answer.
    mutating func takeConfirmed(by answered: InFlightRequest) -> [InFlightRequest] {
        var confirmed: [InFlightRequest] = []
        switch consume self {
        case .ready(var ready):
            while let first = ready.unconfirmed.first, first.ordinal < answered.ordinal {
                confirmed.append(first)
                ready.unconfirmed.removeFirst()
            }
            self = .ready(ready)
        case .disconnected(let failures, let retryAt):
            self = .disconnected(failures: failures, retryAt: retryAt)
        case .connecting(let failures, let deadline):
            self = .connecting(failures: failures, deadline: deadline)
        case .negotiating(let negotiation):
            self = .negotiating(negotiation)
        }
        return confirmed
    }

    // MARK: the end

    struct Disconnection {
        var wasReady: Bool
        /// Whether it was asked for its versions and has not told them.
        var wasNegotiating = false
        /// Whether it told its versions and answered none of the first requests, which any broker answers.
        var wasMute = false
        var failing: [InFlightRequest]
        var retryIn: Duration
    }

    /// The connection ended, or could not be made.
    mutating func disconnected(now: NIODeadline, backoff: ExponentialBackoff) -> Disconnection {
        let failures: Int
        var result = Disconnection(wasReady: false, failing: [], retryIn: .zero)
        switch consume self {
        case .disconnected(let before, let retryAt):
            self = .disconnected(failures: before, retryAt: retryAt)
            return result
        case .connecting(let before, _): failures = before
        case .negotiating(let negotiation):
            failures = negotiation.failures
            result.wasNegotiating = true
        case .ready(let ready):
            failures = 0
            result.wasReady = true
            result.wasMute = ready.isMute
            result.failing = Array(ready.unconfirmed) + Array(ready.inFlight)
        }
        result.retryIn = backoff.wait(afterFailures: failures)
        self = .disconnected(failures: failures + 1, retryAt: now + TimeAmount(result.retryIn))
        return result
    }
}
