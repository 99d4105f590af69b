// SPDX-License-Identifier: Apache-2.0

/// The way to a value within JSON: `.user.id`, `.items[0].name`, `."a.b"`.
public struct JSONPath: Equatable, Sendable {
    /// One step of the way.
    public enum Step: Equatable, Sendable {
        /// Into the member of this name.
        case member([UInt8])
        /// Into the element of this number, from 0.
        case element(Int)
    }

    /// The steps, of which there is at least one.
    public let steps: [Step]
    /// The text that it was made of.
    public let text: String

    /// The most steps of a path.
    public static let mostSteps = 32

    /// Nil for a text that is no path. The point at its beginning may be left out.
    public init?(_ text: String) {
        self.text = text
        var steps: [Step] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty, steps.count < Self.mostSteps {
            if rest.first == UInt8(ascii: "[") {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: UInt8(ascii: "]")),
                    let number = Int(String(decoding: rest[..<end], as: UTF8.self)), number >= 0
                else { return nil }
                steps.append(.element(number))
                rest = rest[(end + 1)...]
                continue
            }
            if rest.first == UInt8(ascii: ".") { rest.removeFirst() } else if !steps.isEmpty { return nil }
            guard let name = Self.takeName(&rest) else { return nil }
            steps.append(.member(name))
        }
        guard !steps.isEmpty, rest.isEmpty else { return nil }
        self.steps = steps
    }

    private static func takeName(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        if rest.first == UInt8(ascii: "\"") {
            rest.removeFirst()
            guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return Array(rest[..<end])
        }
        let end = rest.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") } ?? rest.endIndex
        guard end > rest.startIndex else { return nil }
        defer { rest = rest[end...] }
        return Array(rest[..<end])
    }
}
