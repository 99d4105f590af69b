// SPDX-License-Identifier: Apache-2.0

/// The versions that this library and one broker have in common, API by API.
///
/// Produce is never below 3: brokers from Kafka 4.0 advertise 0 to 2 but do not serve them (KAFKA-18659), and this
/// library does not know them.
public struct NegotiatedVersions: Equatable, Sendable {
    private var ranges: [APIKey: ClosedRange<Int16>]
    /// What is switched on in the cluster, as the broker knows it; nil if it does not say.
    public private(set) var features: Features?

    /// The features that are switched on in a cluster, and their levels.
    public struct Features: Equatable, Sendable {
        /// Grows with each change.
        public var epoch: Int64
        /// The level of each feature.
        public var levels: [String: Int16]

        /// Features and their levels.
        public init(epoch: Int64, levels: [String: Int16]) {
            self.epoch = epoch
            self.levels = levels
        }
    }

    /// Nothing in common.
    public init() { (ranges, features) = ([:], nil) }

    /// What is common to `response`, which came without an error, and to `supported`.
    public init(
        _ response: ApiVersionsResponse,
        supported: [APIKey: ClosedRange<Int16>] = NegotiatedVersions.supportedByLibrary
    ) {
        ranges = [:]
        if response.finalizedFeaturesEpoch >= 0 {
            let levels = response.finalizedFeatures.map { ($0.name, $0.maxVersionLevel) }
            features = Features(
                epoch: response.finalizedFeaturesEpoch,
                levels: Dictionary(levels, uniquingKeysWith: { first, _ in first })
            )
        } else {
            features = nil
        }
        for api in response.apiKeys {
            guard let ours = supported[api.apiKey] else { continue }
            let lowest = max(ours.lowerBound, api.minVersion)
            let highest = min(ours.upperBound, api.maxVersion)
            guard lowest <= highest else { continue }
            ranges[api.apiKey] = lowest...highest
        }
    }

    /// The versions in common for `api`, or nil if there are none.
    public func range(of api: APIKey) -> ClosedRange<Int16>? {
        ranges[api]
    }

    /// The highest version in common for `api` that is not above `cap`, or nil if there is none.
    public func version(of api: APIKey, upTo cap: Int16 = .max) -> Int16? {
        guard let range = ranges[api], range.lowerBound <= cap else { return nil }
        return min(range.upperBound, cap)
    }

    /// The highest version in common for requests of this type that is not above `cap`, or nil if there is none.
    public func version<Request: KafkaRequest>(of _: Request.Type, upTo cap: Int16 = .max) -> Int16? {
        version(of: Request.apiKey, upTo: cap)
    }

    /// All APIs that this library can read and write, with their versions.
    public static let supportedByLibrary: [APIKey: ClosedRange<Int16>] = {
        let requests: [any KafkaRequest.Type] = [
            ProduceRequest.self, FetchRequest.self, ListOffsetsRequest.self, MetadataRequest.self,
            ApiVersionsRequest.self, CreateTopicsRequest.self, InitProducerIDRequest.self,
            SaslHandshakeRequest.self, SaslAuthenticateRequest.self, DescribeClusterRequest.self,
            DescribeConfigsRequest.self, FindCoordinatorRequest.self, AddPartitionsToTransactionRequest.self,
            AddOffsetsToTransactionRequest.self, EndTransactionRequest.self, TransactionOffsetCommitRequest.self,
            OffsetFetchRequest.self, DescribeTransactionsRequest.self, GetTelemetrySubscriptionsRequest.self,
            PushTelemetryRequest.self,
        ]
        return Dictionary(uniqueKeysWithValues: requests.map { ($0.apiKey, $0.validVersions) })
    }()
}
