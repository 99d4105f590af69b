// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

extension ConnectionMachine {
    /// What a connection that takes requests is about; `nil` while it takes none.
    var ready: Ready? {
        switch self {
        case .disconnected: nil
        case .connecting: nil
        case .settingUp: nil
        case .ready(let ready): ready
        }
    }

    /// What a connection is about that is open and does not take requests yet.
    var setup: ConnectionSetup? {
        switch self {
        case .disconnected: nil
        case .connecting: nil
        case .settingUp(let setup): setup
        case .ready: nil
        }
    }

    var isReady: Bool {
        switch self {
        case .disconnected: false
        case .connecting: false
        case .settingUp: false
        case .ready: true
        }
    }

    /// Whether a connection is there or on its way.
    var isConnectingOrConnected: Bool { retryAt == nil }

    var inFlightCount: Int {
        switch self {
        case .disconnected: 0
        case .connecting: 0
        case .settingUp: 0
        case .ready(let ready): ready.line.inFlight.count
        }
    }

    /// When the next attempt may begin, if the connection is down.
    var retryAt: NIODeadline? {
        switch self {
        case .disconnected(_, let retryAt): retryAt
        case .connecting: nil
        case .settingUp: nil
        case .ready: nil
        }
    }

    /// A second attempt with the same deadline, while this one is on its way.
    func another() -> ConnectionMachine? {
        switch self {
        case .disconnected: nil
        case .connecting(let failures, let deadline): .connecting(failures: failures, deadline: deadline)
        case .settingUp(let setup): .connecting(failures: setup.failures, deadline: setup.deadline)
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
        case .settingUp(let setup): return setup.deadline <= now ? .setup : nil
        case .ready(let ready):
            if let late = ready.line.late(now: now) { return .request(late.apiKey) }
            let isIdle = ready.line.inFlight.isEmpty && maximumIdle >= .zero
            return isIdle && ready.line.lastUsed + maximumIdle <= now ? .idle : nil
        }
    }

    /// When something may run out of time.
    func nextExpiry(maximumIdle: TimeAmount) -> NIODeadline? {
        switch self {
        case .disconnected: nil
        case .connecting(_, let deadline): deadline
        case .settingUp(let setup): setup.deadline
        case .ready(let ready):
            ready.line.inFlight.isEmpty
                ? maximumIdle >= .zero ? ready.line.lastUsed + maximumIdle : nil : ready.line.nextDeadline
        }
    }
}
