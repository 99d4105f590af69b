// SPDX-License-Identifier: Apache-2.0

/// Random numbers that are the same in every run, for payloads: quick, and good enough that no codec finds a pattern.
struct FastRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A Weyl sequence through the finalizer of splitmix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }

    /// A number below `bound`, which is not 0.
    mutating func below(_ bound: UInt32) -> Int {
        Int((next() &>> 32 &* UInt64(bound)) &>> 32)
    }
}
