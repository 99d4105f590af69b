// SPDX-License-Identifier: Apache-2.0

/// Random numbers without a system call for each, and the same ones for the same seed (Steele, Lea and Flood, 2014).
///
/// They are good enough to spread records, to make payloads in which no codec finds a pattern, and to repeat a test. They keep
/// no secret.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Begins at `seed`, so that the numbers are the same in every run.
    ///
    /// - Parameter seed: where to begin.
    public init(seed: UInt64) {
        state = seed
    }

    /// Begins anywhere.
    public init() {
        self.init(seed: .random(in: .min ... .max))
    }

    /// The next 64 random bits.
    ///
    /// - Returns: the bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }
}
