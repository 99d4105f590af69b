// SPDX-License-Identifier: Apache-2.0
import Platform

/// What the operating system calls its error numbers.
enum SystemError {
    /// The system's text for an `errno`, such as "No such file or directory".
    static func text(_ code: Int32) -> String { errorText(code) }

    /// The same of a write. The system's text for a descriptor that is not open for writing says little.
    static func text(ofOutput code: Int32) -> String { code == EBADF ? "it is closed" : text(code) }
}
