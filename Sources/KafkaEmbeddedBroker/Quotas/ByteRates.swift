// SPDX-License-Identifier: Apache-2.0

/// How much clients have produced beyond what they may: a bucket each that leaks at the quota's rate and holds what they may
/// produce in a second.
struct ByteRates {
    /// Who produced.
    struct Client: Hashable {
        var user: String
        var id: String
    }

    private struct Bucket {
        var bytes: Double
        /// When it was looked at, in milliseconds.
        var time: Int64
    }

    /// Beyond so many clients those whose buckets are empty are forgotten.
    private static let mostClients = 1000
    /// The longest time that a client is told to wait, in milliseconds.
    private static let longest = 30_000.0

    private var buckets: [Client: Bucket] = [:]

    /// Takes note of what a client produced.
    ///
    /// - Parameters:
    ///   - bytes: How much.
    ///   - client: Who.
    ///   - rate: Bytes that it may produce a second.
    ///   - now: The time, in milliseconds.
    /// - Returns: How many milliseconds the client is to wait.
    mutating func produced(_ bytes: Int, by client: Client, rate: Double, now: Int64) -> Int32 {
        let rate = max(rate, 1)
        var bucket = buckets[client] ?? Bucket(bytes: 0, time: now)
        bucket.bytes = max(0, bucket.bytes - Double(max(0, now - bucket.time)) / 1000 * rate) + Double(bytes)
        bucket.time = now
        if buckets.count >= Self.mostClients { buckets = buckets.filter { now - $0.value.time < 1000 } }
        buckets[client] = bucket
        let excess = bucket.bytes - rate
        return excess <= 0 ? 0 : Int32(min(excess / rate * 1000, Self.longest).rounded(.up))
    }
}
