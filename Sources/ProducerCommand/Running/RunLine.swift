// SPDX-License-Identifier: Apache-2.0

/// A line for a person, and how loud it is.
enum RunLine: Equatable, Sendable {
    case error(String)
    case warning(String)
    case notice(String)
}

extension Console {
    /// Says each of the lines.
    func say(_ lines: [RunLine]) {
        for line in lines {
            switch line {
            case .error(let text): error(text)
            case .warning(let text): warning(text)
            case .notice(let text): notice(text)
            }
        }
    }
}
