// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// What connections have taught so far: whether any broker was reached, why the last attempt failed, and which addresses are no
/// brokers' listeners. A value: it takes ends and answers in, and says what of them is news.
package struct ConnectionHistory {
    /// Why no broker could be connected to, last time one was tried; `nil` once one was.
    package private(set) var lastFailure: (address: BrokerAddress, reason: String)?
    /// Whether any broker was ever ready to take requests.
    package private(set) var hasEverConnected = false
    /// When a broker has answered anything, at first the time at which the client began.
    package private(set) var lastResponse: NIODeadline
    /// Which addresses are no brokers' plain-text listeners.
    private var inspection = ListenerInspection()

    init(now: NIODeadline) { lastResponse = now }

    /// A connection takes requests now.
    mutating func connected() {
        hasEverConnected = true
        lastFailure = nil
    }

    /// Something came in on a connection.
    mutating func responded(now: NIODeadline) { lastResponse = now }

    /// A request was answered: this is a broker.
    mutating func answered(_ address: BrokerAddress) { inspection.answered(address) }

    /// A connection ended, or could not be made.
    ///
    /// - Returns: what there is to report.
    mutating func ended(
        _ address: BrokerAddress,
        _ end: ConnectionEnd,
        in state: ConnectionMachine.Disconnection,
        now: NIODeadline
    ) -> [ClientEvent] {
        let reason = end.reason(state)
        let sign = end.sign(state)
        if !state.wasReady || sign == .suspected(.login) { lastFailure = (address, reason) }
        let event: ClientEvent =
            state.wasReady
            ? .disconnected(address, reason: reason)
            : .unreachable(address, reason: reason, retryIn: state.retryIn)
        guard let sign, let news = inspection.ended(address, sign, now: now) else { return [event] }
        return [event, .listenerMismatch(address, news)]
    }

    /// Why none of these addresses is of use, or `nil` as long as one may be.
    package func objection(to addresses: [BrokerAddress]) -> String? { inspection.objection(to: addresses) }
}
