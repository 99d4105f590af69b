// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

extension SplitMix64 {
    /// Random bytes without the excepted one.
    mutating func bytes(_ count: Int, without excepted: UInt8? = nil) -> [UInt8] {
        (0..<count).map { _ in
            let byte = UInt8.random(in: 0...255, using: &self)
            return byte == excepted ? byte &+ 1 : byte
        }
    }
}
