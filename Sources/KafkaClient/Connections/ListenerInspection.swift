// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Finds out which addresses belong to something else than a broker's plain-text listener.
///
/// A value: signs and answers go in, and what is certain comes out. Some peers say what they are. Others do what a broker
/// may do that stops, or that is reached over a bad line: they must do it several times, and for some time.
struct ListenerInspection {
    /// What a connection's end says about the peer.
    enum Sign: Equatable {
        /// The peer showed what it is.
        case certain(ListenerMismatch)
        /// The peer may be this.
        case suspected(ListenerMismatch)
    }

    private struct Suspicion {
        let mismatch: ListenerMismatch
        let since: NIODeadline
        var count = 0
    }

    private struct Place: Hashable {
        let host: String
        let port: Int
        init(_ address: BrokerAddress) { (host, port) = (address.host, address.port) }
    }

    /// So often in a row a suspicion must come up before it is certain.
    static let certainCount = 3
    /// So long after it came up first a suspicion is certain.
    static let certainAge = TimeAmount.seconds(2)

    private var suspicions: [Place: Suspicion] = [:]
    private var mismatches: [Place: ListenerMismatch] = [:]

    /// A connection ended with a sign.
    ///
    /// - Returns: what the peer is, when that is news.
    mutating func ended(_ address: BrokerAddress, _ sign: Sign, now: NIODeadline) -> ListenerMismatch? {
        let place = Place(address)
        let found: ListenerMismatch
        switch sign {
        case .certain(let mismatch): found = mismatch
        case .suspected(let mismatch):
            var suspicion = suspicions[place] ?? Suspicion(mismatch: mismatch, since: now)
            if suspicion.mismatch != mismatch { suspicion = Suspicion(mismatch: mismatch, since: now) }
            suspicion.count += 1
            suspicions[place] = suspicion
            guard suspicion.count >= Self.certainCount, now - suspicion.since >= Self.certainAge else { return nil }
            found = mismatch
        }
        return mismatches.updateValue(found, forKey: place) == found ? nil : found
    }

    /// A request was answered: this is a broker.
    mutating func answered(_ address: BrokerAddress) {
        guard !suspicions.isEmpty || !mismatches.isEmpty else { return }
        suspicions[Place(address)] = nil
        mismatches[Place(address)] = nil
    }

    /// What the peer at an address is, if it is certain that it is no plain-text listener of a broker.
    func mismatch(of address: BrokerAddress) -> ListenerMismatch? { mismatches[Place(address)] }

    /// Why none of these addresses is of use, or `nil` as long as one may be.
    func objection(to addresses: [BrokerAddress]) -> String? {
        guard !mismatches.isEmpty, !addresses.isEmpty else { return nil }
        let objections = addresses.compactMap { address in mismatch(of: address).map { "\(address) \($0)" } }
        return objections.count == addresses.count ? objections.joined(separator: "; ") : nil
    }
}

extension ListenerMismatch {
    /// What the versions that a peer tells say about it; `nil` for a broker.
    init?(_ response: ApiVersionsResponse) {
        guard response.errorCode == .none, NegotiatedVersions(response).version(of: .metadata) == nil else {
            return nil
        }
        let served = Set(response.apiKeys.map(\.apiKey))
        let isController = !served.contains(.produce) && !served.isDisjoint(with: Self.controllerAPIs)
        self = isController ? .controller : .noMetadata
    }

    /// APIs that only controllers serve: Vote, BrokerRegistration, BrokerHeartbeat.
    private static let controllerAPIs: Set = [
        APIKey(rawValue: 52), APIKey(rawValue: 62), APIKey(rawValue: 63),
    ]

    /// What the first four bytes of a connection say about the peer; `nil` when they are nothing that is known.
    ///
    /// A TLS record begins with its type (20 to 23), the version (3, then 0 to 4) and its length. HTTP says its name.
    init?(firstBytes: UInt32) {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: firstBytes >> (24 - 8 * UInt32($0))) }
        if (20...23).contains(bytes[0]), bytes[1] == 3, bytes[2] <= 4 {
            self = .tls
        } else if bytes == Array("HTTP".utf8) {
            self = .http
        } else {
            return nil
        }
    }
}
