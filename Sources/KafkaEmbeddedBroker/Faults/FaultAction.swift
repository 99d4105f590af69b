// SPDX-License-Identifier: Apache-2.0
public import KafkaProtocol

extension Fault {
    /// What happens.
    @nonexhaustive
    public enum Action: Sendable, Hashable {
        /// The answer is this error, and nothing is done.
        case error(ErrorCode)
        /// The answer is this error, though all is done: batches are appended.
        case errorAfterAppend(ErrorCode)
        /// The connection is closed before anything is done.
        case drop
        /// All is done, and the connection is closed instead of an answer.
        case appendThenDrop
        /// The request waits for so long before anything is done. It is done even if the client has gone meanwhile, as
        /// with a request that lies in a broker's queue.
        case delay(Duration)
        /// All is done, and the answer waits for so long.
        case delayAnswer(Duration)
        /// All is done, and no answer ever comes on this connection.
        case noAnswer
        /// The answer comes in pieces of so many bytes, with a pause after each.
        case torn(bytes: Int, pause: Duration)
        /// The first half of the answer comes, and the connection is closed.
        case halfAnswer
        /// The answer names another request.
        case wrongCorrelationID
        /// The answer says that the client is throttled for so long, and the broker reads nothing more from that
        /// connection until then (KIP-219).
        case throttle(Duration)
        /// Another broker becomes the leader of the request's partitions, with the next epoch, before the request is
        /// looked at: this node id, or nil for the next broker that is up. Without hints the old leader does not say
        /// who leads now (KIP-951). So many Metadata answers still name the old one.
        case moveLeader(to: Int?, hints: Bool, staleMetadata: Int)
        /// The broker goes down before the request is looked at and is up again on the same port after so long. Other
        /// replicas take over, unless leaders are kept: then Metadata goes on naming this broker.
        case down(Duration, keepingLeaders: Bool)
        /// The same, but at once: its followers have no time to fetch what they do not have.
        case kill(Duration)
        /// The request is served, and the broker answers nothing, to this or to anybody, for so long.
        case freeze(Duration)
        /// The broker and this one, or all others, cannot fetch from each other for so long.
        case part(Duration, from: Int?)
        /// The broker takes no new connections for so long.
        case refuseConnections(Duration)
        /// The request's partitions forget their idempotent producers, as after `producer.id.expiration.ms`. When they
        /// refuse, they answer from then on UNKNOWN_PRODUCER_ID to who is unknown and does not begin at sequence 0, as
        /// brokers before KIP-360 do; newer ones let any sequence begin.
        case forgetProducers(refusing: Bool)
        /// A connection begins with this alert of TLS instead of a handshake, and ends.
        case alert(Int)
        /// A connection ends after the broker has sent so many bytes of it, within a handshake of TLS or after it.
        case closeAfter(bytes: Int)
        /// From this connection on clients are shown another certificate: that of these PEM files.
        case certificate(file: String, keyFile: String)
        /// The broker's last message of a SCRAM login has a wrong signature, as if it did not know the password.
        case wrongSignature
        /// The client of a SCRAM login is told so many rounds.
        case iterations(Int)
        /// A login holds for so long, and the client is told.
        case lifetime(Duration)
        /// A login ends after so long, as by a token that expires in the middle, and the client is not told.
        case expireAfter(Duration)
        /// A batch in which values contain this text is refused with INVALID_RECORD and the list of those records
        /// (KIP-467).
        case refuseRecords(containing: String)
        /// In the first batch of the answer the last byte of a value is another one, or a record is not there; its checksum
        /// fits, as if the broker had stored it so.
        case spoil(SpoiledBatch.Damage)
        /// The markers of the transaction that the request ends wait for so long.
        case delayMarkers(Duration)
        /// Another broker becomes the coordinator of the request's transactional id or group before the request is looked
        /// at: this node id, or nil for the next broker that is up. For so long it answers COORDINATOR_LOAD_IN_PROGRESS.
        case moveCoordinator(to: Int?, loading: Duration)
    }
}

extension Fault.Action {
    /// The node id that it names; nil when it names none.
    var namedNode: Int? {
        switch self {
        case .moveLeader(let node, _, _), .moveCoordinator(let node, _), .part(_, let node): node
        default: nil
        }
    }
}
