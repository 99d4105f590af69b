// SPDX-License-Identifier: Apache-2.0

/// An input that cannot be read, or not to its end. The command's exit status is then 4.
struct InputError: Error, Equatable, Sendable, CustomStringConvertible {
    enum Reason: Equatable, Sendable {
        case directory
        /// Opening failed with this `errno`.
        case cannotOpen(Int32)
        /// Reading failed with this `errno` after so many bytes.
        case cannotRead(Int32, offset: UInt64)
        /// A file that is followed became shorter than the bytes that were read.
        case truncated(offset: UInt64)
        /// Standard input was closed before the command began.
        case closed
    }

    var input: String
    var reason: Reason

    var description: String {
        switch reason {
        case .directory:
            "cannot read \(input): it is a directory; name the files in it"
        case .cannotOpen(let code):
            "cannot read \(input): \(SystemError.text(code))"
        case .cannotRead(let code, let offset):
            "reading \(input) failed after \(NumberText.grouped(offset)) bytes: \(SystemError.text(code)); "
                + "what was read before is sent, what follows is not"
        case .truncated(let offset):
            "\(input) was cut off: it is now shorter than the \(NumberText.grouped(offset)) bytes that were read"
        case .closed:
            "cannot read \(input): it is closed"
        }
    }
}
