// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

extension Fault {
    /// At which events a fault happens, counted from 1 over those that fit it.
    @nonexhaustive
    public enum Occurrence: Sendable, Hashable {
        /// At each one.
        case always
        /// At one of them.
        case nth(Int)
        /// From the first number to the last one.
        case range(ClosedRange<Int>)
        /// From this one on.
        case from(Int)
        /// At each one whose number can be divided by this.
        case every(Int)
        /// At each one with this probability, from 0 to 1. The broker's seed decides.
        case chance(Double)

        /// Whether it is the event of this number. A random number is taken only when chance decides.
        func includes(_ ordinal: Int, using generator: inout SplitMix64) -> Bool {
            switch self {
            case .always: true
            case .nth(let number): ordinal == number
            case .range(let numbers): numbers.contains(ordinal)
            case .from(let number): ordinal >= number
            case .every(let number): number > 0 && ordinal.isMultiple(of: number)
            case .chance(let probability): Double.random(in: 0..<1, using: &generator) < probability
            }
        }
    }
}
