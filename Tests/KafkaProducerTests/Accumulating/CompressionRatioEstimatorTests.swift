// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// How the guess of a topic's compression ratio moves.
@Suite("CompressionRatioEstimator")
struct CompressionRatioEstimatorTests {
    private func expect(_ estimator: CompressionRatioEstimator, at ratio: Double) {
        #expect(abs(estimator.ratio - ratio) < 1e-9, "\(estimator.ratio), not \(ratio)")
    }

    @Test("begins without hope and falls by 0.005 a batch")
    func improves() {
        let estimator = CompressionRatioEstimator()
        expect(estimator, at: 1)
        estimator.update(observed: 0.2)
        expect(estimator, at: 0.995)
        estimator.update(observed: 0.2)
        expect(estimator, at: 0.99)
    }

    @Test("does not fall below what was observed")
    func stopsAtObserved() {
        let estimator = CompressionRatioEstimator()
        estimator.update(observed: 0.998)
        expect(estimator, at: 0.998)
        estimator.update(observed: 0.998)
        expect(estimator, at: 0.998)
    }

    @Test("rises by at least 0.05, or at once to what was observed")
    func deteriorates() {
        let estimator = CompressionRatioEstimator()
        estimator.update(observed: 0.2)
        estimator.update(observed: 0.996)
        expect(estimator, at: 1.045)
        estimator.update(observed: 1.5)
        expect(estimator, at: 1.5)
    }

    @Test("begins again at 1 or worse after a batch was too large", arguments: [(0.3, 1.0), (1.0, 1.0), (1.7, 1.7)])
    func resets(ratio: Double, expected: Double) {
        let estimator = CompressionRatioEstimator()
        estimator.update(observed: 0.2)
        estimator.reset(to: ratio)
        expect(estimator, at: expected)
    }
}
