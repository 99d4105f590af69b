// SPDX-License-Identifier: Apache-2.0

/// What the records of one input have in common, beside what those of all inputs have.
struct InputContext: Equatable, Sendable {
    /// The input's path as it was given, or `stdin`.
    var name = ""
    /// The names of its columns, by its first line; nil as long as that is not known.
    var columns: [String]?

    /// The name without the folders before it.
    var fileName: String { name.split(separator: "/").last.map { String($0) } ?? name }
}
