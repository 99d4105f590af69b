// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension Fault {
    /// What is impossible about it, or nil: each action belongs to connections, to logins or to requests.
    var objection: String? {
        switch event {
        case .connection:
            guard action.isForConnections, hasNoPlace else {
                return "a connection can only be dropped, get no-answer, an alert, another certificate or its end by "
                    + "close-after, and knows no topic or partition"
            }
        case .login:
            guard action.isForLogins, hasNoPlace else {
                return "a login can only get an error, a wrong-signature, iterations, a lifetime or its end by "
                    + "expire-after, and knows no topic or partition"
            }
        case .request(let api):
            guard action.isForRequests else { return "\"\(action)\" is nothing that can happen to a request" }
            return objection(to: api)
        case .anyRequest:
            guard action.isForRequests else { return "\"\(action)\" is nothing that can happen to a request" }
        }
        return nil
    }

    /// What is impossible because requests of this kind end no transaction, or know no coordinator.
    private func objection(to api: APIKey) -> String? {
        switch action {
        case .delayMarkers where ![.endTransaction, .initProducerID].contains(api):
            "\(api.wordInFaults) ends no transaction: markers follow end-txn and init-producer-id"
        case .spoil where api != .fetch: "an answer to \(api.wordInFaults) has no records"
        case .moveCoordinator where !CoordinatedParts.keys.contains(api):
            "\(api.wordInFaults) names no group and no transactional id"
        default: nil
        }
    }

    private var hasNoPlace: Bool { topic == nil && partition == nil }
}

extension Fault.Action {
    fileprivate var isForConnections: Bool {
        switch self {
        case .drop, .noAnswer, .alert, .closeAfter, .certificate: true
        default: false
        }
    }

    fileprivate var isForLogins: Bool {
        switch self {
        case .error, .wrongSignature, .iterations, .lifetime, .expireAfter: true
        default: false
        }
    }

    fileprivate var isForRequests: Bool {
        switch self {
        case .alert, .closeAfter, .certificate, .wrongSignature, .iterations, .lifetime, .expireAfter: false
        default: true
        }
    }
}
