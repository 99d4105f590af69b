// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

extension ConnectionMachine {
    /// What a connection that takes requests is about; `nil` while it takes none.
    private var ready: Ready? {
        switch self {
        case .disconnected: nil
        case .connecting: nil
        case .negotiating: nil
        case .ready(let ready): ready
        }
    }

    var isReady: Bool { ready != nil }

    /// Whether a connection is there or on its way.
    var isConnectingOrConnected: Bool { retryAt == nil }

    var inFlightCount: Int { ready?.inFlight.count ?? 0 }

    /// Requests in flight that carry records, which are those that `max.in.flight.requests.per.connection` bounds.
    var produceInFlightCount: Int { ready?.inFlight.count { $0.apiKey == .produce } ?? 0 }

    /// Whether something was written that nothing under way is going to confirm (`acks=0`).
    var wantsConfirmation: Bool {
        guard let ready, !ready.unconfirmed.isEmpty else { return false }
        return !ready.inFlight.contains { $0.isAnswered }
    }

    /// What client and broker both speak.
    var versions: NegotiatedVersions? { ready?.versions }

    /// When the next attempt may begin, if the connection is down.
    var retryAt: NIODeadline? {
        switch self {
        case .disconnected(_, let retryAt): retryAt
        case .connecting: nil
        case .negotiating: nil
        case .ready: nil
        }
    }

    /// A second attempt with the same deadline, while this one is on its way.
    func another() -> ConnectionMachine? {
        switch self {
        case .disconnected: nil
        case .connecting(let failures, let deadline): .connecting(failures: failures, deadline: deadline)
        case .negotiating(let negotiation):
            .connecting(failures: negotiation.failures, deadline: negotiation.deadline)
        case .ready: nil
        }
    }

    enum Expiry: Equatable {
        case setup
        case request(APIKey)
        case idle
    }

    /// What ran out of time, if anything did: connecting, the oldest request, or the patience with an idle connection.
    func expired(now: NIODeadline, maximumIdle: TimeAmount) -> Expiry? {
        switch self {
        case .disconnected: return nil
        case .connecting(_, let deadline): return deadline <= now ? .setup : nil
        case .negotiating(let negotiation): return negotiation.deadline <= now ? .setup : nil
        case .ready(let ready):
            if let late = ready.inFlight.first(where: { $0.deadline <= now }) { return .request(late.apiKey) }
            return ready.inFlight.isEmpty && maximumIdle >= .zero && ready.lastUsed + maximumIdle <= now ? .idle : nil
        }
    }

    /// When something may run out of time.
    func nextExpiry(maximumIdle: TimeAmount) -> NIODeadline? {
        switch self {
        case .disconnected: nil
        case .connecting(_, let deadline): deadline
        case .negotiating(let negotiation): negotiation.deadline
        case .ready(let ready):
            ready.inFlight.isEmpty
                ? maximumIdle >= .zero ? ready.lastUsed + maximumIdle : nil : ready.inFlight.lazy.map(\.deadline).min()
        }
    }
}

extension TimeAmount {
    /// The same time in NIO's terms.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflow ? .max / 4 : min(whole, .max / 4) + attoseconds / 1_000_000_000)
    }
}
