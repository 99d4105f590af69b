// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// A command whose messages call options by the names that were typed.
protocol NamingCommand: ParsableCommand {
    /// The names that were typed; the parser does not know them.
    var names: TypedNames { get set }
}
