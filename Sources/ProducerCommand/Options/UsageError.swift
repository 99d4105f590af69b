// SPDX-License-Identifier: Apache-2.0

/// Options that do not make sense, in words. The command's exit status is then 2.
struct UsageError: Error, Equatable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
