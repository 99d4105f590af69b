// SPDX-License-Identifier: Apache-2.0
package import KafkaClient

extension ProducerConfiguration {
    /// What is to be inspected for a producer with this configuration, after ``prepareSecurity()``.
    ///
    /// - Parameters:
    ///   - topic: The topic to ask about; nil for none.
    ///   - limit: How long each layer of a broker may take; nil for as long as a connection may.
    /// - Returns: The plan.
    /// - Throws: `ConfigurationError` for what a producer refuses, and when TLS or the login cannot be made ready.
    package func inspection(topic: String?, limit: Duration?) throws(ConfigurationError) -> InspectionPlan {
        try validateSupport()
        let client = ClientSettings(self, security: try security().client)
        var plan = InspectionPlan(client: client, topic: topic, limit: limit ?? connectionSetupTimeout)
        plan.expandsBootstrap = dnsLookup == .resolveCanonicalBootstrapServersOnly
        return plan
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
