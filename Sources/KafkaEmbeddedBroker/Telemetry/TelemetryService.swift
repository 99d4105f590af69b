// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Answers GetTelemetrySubscriptions and PushTelemetry: which metrics are wanted, and that they were taken (KIP-714).
struct TelemetryService {
    let cluster: Cluster
    let eventLoop: any EventLoop

    /// Serves one of the two; nil for any other request. Without a subscription they are not served, as by a Kafka broker
    /// without a receiver of metrics.
    func serve(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) -> Answer? {
        switch context.header.apiKey {
        case .getTelemetrySubscriptions:
            let request: GetTelemetrySubscriptionsRequest = try context.read(body)
            return context.answer(cluster.clientMetrics.subscription(of: request.clientInstanceID))
        case .pushTelemetry:
            let request: PushTelemetryRequest = try context.read(body)
            let code = cluster.clientMetrics.take(request, from: context.header.clientID ?? "", now: eventLoop.now)
            return context.answer(PushTelemetryResponse(errorCode: code))
        default: return nil
        }
    }
}

extension GetTelemetrySubscriptionsResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) {
        self = GetTelemetrySubscriptionsResponse(throttleTimeMs: throttleTimeMs, errorCode: failure.code)
    }
}

extension PushTelemetryResponse: ServedResponse {
    mutating func fail(_ failure: FaultOrders.Failure, names: [TopicID: String]) { errorCode = failure.code }
}
