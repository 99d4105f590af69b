// SPDX-License-Identifier: Apache-2.0

/// An input that cannot be read, or not to its end. The command's exit status is then 4.
struct InputError: Error, Equatable, Sendable, CustomStringConvertible {
    enum Reason: Equatable, Sendable {
        case directory
        /// Opening failed with this `errno`.
        case cannotOpen(Int32)
        /// Reading failed with this `errno` after so many bytes.
        case cannotRead(Int32, offset: UInt64)
        /// A file became shorter while it was read: it had so many bytes, and ended after the first `offset` of them.
        case truncated(offset: UInt64, size: UInt64)
        /// A compressed input is damaged behind so many bytes of what is in it.
        case damaged(String, offset: UInt64)
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
        case .truncated(let offset, let size):
            "\(input) was cut off while it was read: it had \(NumberText.grouped(size)) bytes and ended after "
                + "\(NumberText.grouped(offset)); what was read before is sent"
        case .damaged(let text, let offset):
            "\(input) cannot be decompressed after \(NumberText.grouped(offset)) bytes of its content: \(text); what came before "
                + "is sent, what follows is not (--decompress never sends the bytes of the file as they are)"
        case .closed:
            "cannot read \(input): it is closed"
        }
    }
}
