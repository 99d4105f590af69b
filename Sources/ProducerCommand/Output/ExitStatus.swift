// SPDX-License-Identifier: Apache-2.0

/// What the command says to the shell when it ends. Documented in `--help`.
enum ExitStatus: Equatable, Sendable {
    /// Every record that was read is acknowledged.
    case delivered
    /// At least one record failed.
    case recordsFailed
    /// Every record is acknowledged, but receipts or dead letters could not be written.
    case outputIncomplete
    /// The command line or a setting is wrong; nothing was sent.
    case usage
    /// No broker could be reached.
    case unreachable
    /// An input cannot be read, or not to its end.
    case inputUnreadable
    /// Ended by this signal, after what was read was delivered.
    case signal(Int32)

    /// The number for `exit(2)`.
    var code: Int32 {
        switch self {
        case .delivered: 0
        case .recordsFailed, .outputIncomplete: 1
        case .usage: 2
        case .unreachable: 3
        case .inputUnreadable: 4
        case .signal(let number): 128 + number
        }
    }
}
