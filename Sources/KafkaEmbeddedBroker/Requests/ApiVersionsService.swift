// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers ApiVersions: what this broker can be asked.
struct ApiVersionsService {
    let cluster: Cluster

    /// The feature that says how producers and coordinators agree on transactions (KIP-890).
    private static let transactionVersion = "transaction.version"
    /// The first version that can say that a feature's lowest level is 0 (KAFKA-17011).
    private static let firstZeroVersion: Int16 = 4

    /// Answers a request, and one in a version that is not known in version 0, so that the client can read it and choose
    /// another one (KIP-511).
    func serve(_ request: ApiVersionsRequest, _ context: RequestContext) -> Answer {
        // A flexible request names the client's software; letters, digits, dots and hyphens are allowed (KIP-511).
        guard context.version < 3 || isName(request.clientSoftwareName) && isName(request.clientSoftwareVersion) else {
            return context.answer(ApiVersionsResponse(errorCode: .invalidRequest))
        }
        // As a Kafka broker without a receiver of metrics does.
        let served = cluster.clientMetrics.subscription == nil ? Self.servedWithoutTelemetry : Self.served
        var response = ApiVersionsResponse(apiKeys: served)
        let name = Self.transactionVersion
        if context.version >= Self.firstZeroVersion {
            response.supportedFeatures = [.init(name: name, minVersion: 0, maxVersion: 2)]
        }
        let level = cluster.coordination.level.rawValue
        response.finalizedFeaturesEpoch = cluster.coordination.featuresEpoch
        response.finalizedFeatures = [.init(name: name, maxVersionLevel: level, minVersionLevel: level)]
        return context.answer(response)
    }

    /// The answer to a version that this broker does not know.
    func refuseVersion(_ context: RequestContext) -> Answer {
        var header = context.header
        header.apiVersion = 0
        let response = ApiVersionsResponse(
            errorCode: .unsupportedVersion,
            apiKeys: Self.served.filter { $0.apiKey == .apiVersions }
        )
        return RequestContext(connection: context.connection, header: header).answer(response)
    }

    private static let served = ServedAPI.all.map { api in
        ApiVersionsResponse.API(
            apiKey: api.key,
            minVersion: api.advertised.lowerBound,
            maxVersion: api.advertised.upperBound
        )
    }

    private static let servedWithoutTelemetry = served.filter {
        $0.apiKey != .getTelemetrySubscriptions && $0.apiKey != .pushTelemetry
    }

    private func isName(_ text: String) -> Bool {
        let isLetterOrDigit = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isLetterOrDigit(first) && isLetterOrDigit(last)
            && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}
