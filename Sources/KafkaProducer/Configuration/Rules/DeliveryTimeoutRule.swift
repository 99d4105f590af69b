// SPDX-License-Identifier: Apache-2.0

/// A record has to be given the time to wait in its batch and for one answer: `delivery.timeout.ms` is at least
/// `linger.ms` + `request.timeout.ms`.
struct DeliveryTimeoutRule {
    static let key = "delivery.timeout.ms"
    /// The Java client's words for one that is too short.
    static let message = "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms"
    /// The largest time that Kafka's type of the setting holds: more is not asked for.
    private static let longest = Duration.milliseconds(Int64(Int32.max))

    let linger: Duration
    let requestTimeout: Duration

    /// The shortest time that is allowed.
    var least: Duration { min(min(linger, Self.longest) + requestTimeout, Self.longest) }

    func allows(_ deliveryTimeout: Duration) -> Bool { deliveryTimeout >= least }
}
