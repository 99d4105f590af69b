// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Guesses how far a topic's records will shrink, from the batches that were compressed before.
///
/// It rises fast and falls slowly, so that a guess is seldom too hopeful: a batch that turns out larger than the broker
/// takes must be divided.
final class CompressionRatioEstimator: Sendable {
    /// Added to the guess when a batch came out larger than guessed.
    static let deteriorationStep = 0.05
    /// Taken from the guess when a batch came out smaller.
    static let improvementStep = 0.005
    /// Every use of the guess is raised by this factor.
    static let safetyFactor = 1.05

    private let bits = Atomic<UInt64>(1.0.bitPattern)

    /// Compressed size by uncompressed size, 1 to begin with.
    var ratio: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    /// Takes in what a batch came to.
    func update(observed: Double) {
        let current = ratio
        let next =
            observed > current
            ? max(current + Self.deteriorationStep, observed) : max(current - Self.improvementStep, observed)
        bits.store(next.bitPattern, ordering: .relaxed)
    }

    /// Starts again after a batch was too large for the broker.
    func reset(to ratio: Double) {
        bits.store(max(1, ratio).bitPattern, ordering: .relaxed)
    }
}
