// SPDX-License-Identifier: Apache-2.0
import Mutation

/// The seeds of tests that repeat with random faults: `KAFKA_PRODUCER_SEEDS=N` takes N times as many as CI does, and
/// `KAFKA_PRODUCER_SEED=N` begins with another one.
enum Seeds {
    /// So many seeds in CI. A failing case names its seed.
    static func take(_ count: Int) -> [UInt64] {
        let first = MutationTrial.seed
        return (0..<UInt64(count * MutationTrial.seedFactor)).map { first + $0 }
    }
}
