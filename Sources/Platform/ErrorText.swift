// SPDX-License-Identifier: Apache-2.0

/// The system's text for an `errno`, such as "No such file or directory".
public func errorText(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}
