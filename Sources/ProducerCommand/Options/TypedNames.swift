// SPDX-License-Identifier: Apache-2.0

/// By which of its names each option was typed, so that messages call it as the user did.
struct TypedNames: Decodable, Equatable, Sendable {
    /// For the first name of an option, the name of each of its values.
    private var names: [String: [String]] = [:]

    /// Takes in a value of an option.
    mutating func append(_ name: String, for first: String) {
        names[first, default: []].append(name)
    }

    /// The name that was typed for the option's value at `index`; its first name when nothing is known.
    func name(of first: String, at index: Int = 0) -> String {
        guard let typed = names[first], index < typed.count else { return first }
        return typed[index]
    }
}
