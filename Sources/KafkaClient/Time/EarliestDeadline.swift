// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// The earliest of some deadlines, each of which may be missing: when to look again.
package struct EarliestDeadline {
    /// The earliest one so far, or nil when there was none.
    package private(set) var value: NIODeadline?

    package init(_ deadline: NIODeadline? = nil) { value = deadline }

    /// Takes another deadline into account.
    package mutating func consider(_ deadline: NIODeadline?) {
        guard let deadline else { return }
        value = value.map { min($0, deadline) } ?? deadline
    }
}
