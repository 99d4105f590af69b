// SPDX-License-Identifier: Apache-2.0

/// Some paths, all followed in one pass through a value.
public struct JSONPaths: Equatable, Sendable {
    /// The paths, at most 64.
    public let paths: [JSONPath]
    private let all: UInt64

    /// The paths; further ones than 64 are left out.
    public init(_ paths: [JSONPath]) {
        self.paths = Array(paths.prefix(64))
        all = self.paths.count == 64 ? .max : 1 << UInt64(self.paths.count) - 1
    }

    /// Finds what the paths lead to. Of members with the same name the last counts.
    ///
    /// - Parameters:
    ///   - part: where the value lies; nothing else may be there beside blanks.
    ///   - bytes: those in which it lies.
    ///   - places: gets a place for each path, `.absent` where it leads nowhere; what was there is removed.
    /// - Throws: ``JSONFault`` when this is not JSON.
    public func find(_ part: Range<Int>, in bytes: Span<UInt8>, into places: inout [JSONPlace]) throws(JSONFault) {
        places.removeAll(keepingCapacity: true)
        for _ in paths { places.append(.absent) }
        var scanner = JSONScanner(part)
        try walk(&scanner, in: bytes, all, 0, &places)
        try scanner.expectEnd(in: bytes)
    }

    /// Passes a value that some paths lead into. It goes no deeper than the longest path.
    private func walk(
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>,
        _ active: UInt64,
        _ depth: Int,
        _ places: inout [JSONPlace]
    ) throws(JSONFault) {
        switch try scanner.kind(in: bytes) {
        case .object:
            var name = try scanner.firstMember(in: bytes)
            while let present = name {
                let taken = matching(present, in: bytes, active, depth)
                try pass(&scanner, in: bytes, taken, depth, &places)
                name = try scanner.nextMember(in: bytes)
            }
        case .array:
            var number = 0
            var hasElement = try scanner.firstElement(in: bytes)
            while hasElement {
                try pass(&scanner, in: bytes, matching(number, active, depth), depth, &places)
                number += 1
                hasElement = try scanner.nextElement(in: bytes)
            }
        case .string, .number, .bool, .null: _ = try scanner.value(in: bytes)
        }
    }

    /// Passes a value that these paths have come to, notes it for those that end there, and follows the others into it.
    private func pass(
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>,
        _ taken: UInt64,
        _ depth: Int,
        _ places: inout [JSONPlace]
    ) throws(JSONFault) {
        var rest = taken
        var further: UInt64 = 0
        var place: JSONPlace?
        scanner.skipBlanks(in: bytes)
        let start = scanner.position
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest &- 1
            guard paths[index].steps.count == depth + 1 else {
                further |= 1 << UInt64(index)
                places[index] = .absent
                continue
            }
            let found = if let place { place } else { try scanner.place(in: bytes) }
            (place, places[index]) = (found, found)
        }
        guard further != 0 else {
            if place == nil { _ = try scanner.value(in: bytes) }
            return
        }
        scanner.move(to: start)
        try walk(&scanner, in: bytes, further, depth + 1, &places)
    }

    private func matching(_ name: JSONString, in bytes: Span<UInt8>, _ active: UInt64, _ depth: Int) -> UInt64 {
        var (rest, taken) = (active, UInt64(0))
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest &- 1
            if case .member(let expected) = paths[index].steps[depth], Self.isSame(name, expected, in: bytes) {
                taken |= 1 << UInt64(index)
            }
        }
        return taken
    }

    private func matching(_ number: Int, _ active: UInt64, _ depth: Int) -> UInt64 {
        var (rest, taken) = (active, UInt64(0))
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest &- 1
            if paths[index].steps[depth] == .element(number) { taken |= 1 << UInt64(index) }
        }
        return taken
    }

    private static func isSame(_ name: JSONString, _ expected: [UInt8], in bytes: Span<UInt8>) -> Bool {
        guard !name.hasEscapes else {
            var text: [UInt8] = []
            name.append(from: bytes, to: &text)
            return text == expected
        }
        guard name.content.count == expected.count else { return false }
        for index in 0..<expected.count where bytes[name.content.lowerBound &+ index] != expected[index] {
            return false
        }
        return true
    }
}
