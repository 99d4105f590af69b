// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

extension SplitMix64 {
    /// A number below `bound`, which is not 0.
    mutating func below(_ bound: UInt32) -> Int {
        Int((next() &>> 32 &* UInt64(bound)) &>> 32)
    }
}
