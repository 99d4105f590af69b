// SPDX-License-Identifier: Apache-2.0

/// Which objects and arrays a place in JSON lies in: a bit for each, and so no memory to allocate.
struct JSONNesting: Sendable {
    private var bits: InlineArray<8, UInt64> = InlineArray(repeating: 0)
    /// In how many objects and arrays the place lies.
    private(set) var depth = 0

    /// Whether the innermost of them is an object; false outside of all.
    var isInObject: Bool {
        guard depth > 0 else { return false }
        return bits[(depth - 1) >> 6] & 1 << UInt64((depth - 1) & 63) != 0
    }

    /// Enters an object or an array; false when that would be too deep.
    mutating func enter(isObject: Bool) -> Bool {
        guard depth < JSONScanner.mostDepth else { return false }
        let bit = UInt64(1) << UInt64(depth & 63)
        if isObject { bits[depth >> 6] |= bit } else { bits[depth >> 6] &= ~bit }
        depth += 1
        return true
    }

    /// Leaves the innermost of them.
    mutating func leave() { depth = max(0, depth - 1) }
}
