// SPDX-License-Identifier: Apache-2.0

/// What kind of value JSON has at a place, by its first byte.
public enum JSONKind: Equatable, Sendable {
    case object
    case array
    case string
    case number
    case bool
    case null
}
