// SPDX-License-Identifier: Apache-2.0
package import KafkaClient

extension ProducerConfiguration {
    /// Connections as a producer with this configuration would make them, after ``prepareSecurity()``.
    ///
    /// - Throws: `ConfigurationError` when TLS or the login cannot be made ready.
    package func clientSettings() throws(ConfigurationError) -> ClientSettings {
        ClientSettings(self, security: try security().client)
    }

    /// What a producer with this configuration wants of a topic and of the cluster.
    package var demands: ClientDemands {
        var demands = ClientDemands()
        demands.waitsForAllReplicas = acks == .all
        demands.isIdempotent = isIdempotenceEnabled
        demands.maxRequestSize = maxRequestSize
        demands.batchSize = batchSize
        demands.compression = effectiveValues.first { $0.key == "compression.type" }?.text ?? demands.compression
        demands.user = prepared?.client.login?.user
        return demands
    }
}
