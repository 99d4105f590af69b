// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Has the connections that a ``SetupPerformer`` makes ready, and gets what comes of it.
protocol SetupOwner: AnyObject {
    /// The connection that an attempt has come to; nil when it has ended.
    func connection(of id: BrokerConnection.ID) -> BrokerConnection?
    /// A setup has come one step further.
    func reached(_ step: SetupStep)
    /// A connection takes requests now.
    func becameReady(_ connection: BrokerConnection)
    /// Another login is over: the connection takes requests again.
    func loggedInAgain(_ connection: BrokerConnection, now: NIODeadline)
    /// Something has become of the login of all connections.
    func loginDid(_ event: ClientEvent)
    /// A connection cannot be used.
    func end(_ connection: BrokerConnection, _ end: ConnectionEnd, alsoFailing others: [InFlightRequest])
    /// A response may ask for a pause.
    func throttle(_ connection: BrokerConnection, _ response: some ThrottledResponse, version: Int16, now: NIODeadline)
    /// Puts a request into the line of a connection.
    func submit<Request: KafkaRequest>(
        _ request: Request,
        _ inFlight: InFlightRequest,
        over connection: BrokerConnection,
        now: NIODeadline
    )
}
