// SPDX-License-Identifier: Apache-2.0

/// Random numbers without a system call for each: good enough to spread records and to make payloads in which no codec finds
/// a pattern, and no secret. A Weyl sequence through the finalizer of SplitMix64.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Begins at `seed`, so that the numbers are the same in every run.
    package init(seed: UInt64) {
        state = seed
    }

    /// Begins anywhere.
    init() {
        self.init(seed: .random(in: .min ... .max))
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }
}
