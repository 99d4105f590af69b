// SPDX-License-Identifier: Apache-2.0
import Platform

/// A file operation that the system refused, with the file and the system's own word for why.
struct StorageError: Error, CustomStringConvertible {
    /// What was tried: "open", "write", …
    let operation: String
    let path: String
    /// The system's error number (`errno`).
    let code: Int32

    var description: String { "\(operation) \(path): \(errorText(code))" }
}
