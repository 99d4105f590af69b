// SPDX-License-Identifier: Apache-2.0

extension ProducerConfiguration {
    /// Every key in the order of the table with its value as text and where it comes from.
    ///
    /// A value that code has set shows as it is now, without an origin.
    public var effectiveValues: [EffectiveValue] {
        ProducerConfigKey.all.map { merged.effectiveValue(of: $0, in: self) }
    }

    /// Where a setting was written, or `nil` for a default or a value set in code.
    ///
    /// - Parameter key: the setting's name.
    /// - Returns: the origin.
    public func origin(of key: String) -> PropertyOrigin? {
        ProducerConfigKey.named(key).flatMap { merged.effectiveValue(of: $0, in: self).origin }
    }

    /// What idempotence gives way to when the user did not ask for it, such as `acks is 1, not all`.
    package var idempotenceObstacles: [String] { idempotenceRule.obstacles }

    /// Whether batches carry a producer id, epoch and sequence: `idempotence` seen together with `acks` and `retries`.
    public var isIdempotenceEnabled: Bool { idempotenceRule.isEnabled }
}
