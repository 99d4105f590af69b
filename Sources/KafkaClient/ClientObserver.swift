// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol
package import NIOCore

/// Something that happened to a client's connections or metadata and that its owner may want to know.
package enum ClientEvent: Sendable {
    /// A connection is ready to take requests.
    case connected(BrokerAddress)
    /// A connection could not be made; the next attempt follows after `retryIn`.
    case unreachable(BrokerAddress, reason: String, retryIn: Duration)
    /// What takes connections at this address is no broker's plain-text listener. Reported once.
    case listenerMismatch(BrokerAddress, ListenerMismatch)
    /// A connection that had been ready ended.
    case disconnected(BrokerAddress, reason: String)
    /// A broker asks to wait before the next request (KIP-219).
    case throttled(BrokerAddress, Duration)
    /// A token or ticket could not be replaced; the one that is there is used as long as it holds.
    case loginRefreshFailed(reason: String, retryIn: Duration)
    /// It could be replaced, after failures.
    case loginRefreshed
    /// No known broker could be used, so that `bootstrap.servers` is asked again (KIP-899).
    case rebootstrapping
    /// The cluster answered a metadata request for the topic with an error.
    case topicUnavailable(topic: String, ErrorCode)
}

/// The owner of a client, on the client's event loop.
package protocol ClientObserver: AnyObject {
    /// Something happened that may let work go on: look at everything soon.
    func clientHasNews()
    /// Answers to Produce requests came in, and nothing else: whoever asked knows already what they say.
    func clientHasAnswers()
    /// A request was written out, so that another one may follow.
    func clientHasRoom()
    /// Something happened that a person may want to know.
    func clientDid(_ event: ClientEvent)
    /// Metadata of a topic has come in.
    func clientLearned(topic: String)
}

/// What counts a client's connections and requests, on the client's event loop. Of what is created and closed the
/// difference is open, always.
package protocol ClientMetrics: AnyObject {
    /// A TCP connection was made.
    func connectionOpened(now: NIODeadline)
    /// It has ended, or was given up.
    func connectionClosed(now: NIODeadline)
    /// A request of any kind was handed to a connection.
    func requestSent(to node: Int32, bytes: Int, now: NIODeadline)
    /// A response of any kind came in.
    func responseReceived(from node: Int32, bytes: Int, now: NIODeadline)
    /// A response names a throttle time, which may be zero.
    func throttled(milliseconds: Int32, now: NIODeadline)
}
