// SPDX-License-Identifier: Apache-2.0
package import KafkaClient

extension ProducerEvent {
    /// What happened to a client, in a producer's words.
    ///
    /// - Parameter event: What happened.
    package init(_ event: ClientEvent) {
        self =
            switch event {
            case .connected(let broker): .brokerConnected(broker)
            case .unreachable(let broker, let reason, let wait):
                .brokerUnreachable(broker, reason: reason, retryIn: wait)
            case .listenerMismatch(let broker, let mismatch): .listenerMismatch(broker, mismatch)
            case .disconnected(let broker, let reason): .brokerDisconnected(broker, reason: reason)
            case .throttled(let broker, let pause): .throttled(broker, pause)
            case .loginRefreshFailed(let reason, let wait): .loginRefreshFailed(reason: reason, retryIn: wait)
            case .loginRefreshed: .loginRefreshed
            case .rebootstrapping: .rebootstrapping
            case .topicUnavailable(let topic, let error): .topicUnavailable(topic: topic, error)
            }
    }
}
