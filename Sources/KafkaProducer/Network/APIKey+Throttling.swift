// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension APIKey {
    /// Whether a throttle time in an answer of this version asks the client to pause (KIP-219). Before it, the broker
    /// itself had waited so long before it answered.
    func asksClientToPause(version: Int16) -> Bool {
        switch self {
        case .produce, .metadata: version >= 6
        case .initProducerID: version >= 1
        case .apiVersions: version >= 2
        default: false
        }
    }
}
