// SPDX-License-Identifier: Apache-2.0

/// Why a JAAS configuration cannot be used.
///
/// A missing quote makes a password look like a name. So only words that are known to be no secret are shown; others
/// are told by their place.
package struct JAASError: Error, Equatable {
    /// What is wrong, in the order in which Java finds it.
    package enum Reason: Equatable, Sendable {
        /// There is no entry.
        case empty
        /// The entry ends behind its login module.
        case controlFlagMissing
        /// What stands behind the login module is no word.
        case controlFlagNoWord
        /// What stands behind the login module is no control flag.
        case controlFlagUnknown(Secret)
        /// An option has no `=` or no value; nil for one whose name is no word.
        case valueMissing(option: Secret?)
        /// The last `;` is missing.
        case notTerminated
        /// The login module is no word, or an empty one.
        case loginModuleNoWord
        /// There must be one login module.
        case loginModules(Int)
        /// A login module that can call any server that its options name; Java refuses it too.
        case loginModuleNotAllowed(Secret)
        /// A login module that is a Java class unknown here.
        case loginModuleUnknown(Secret)
    }

    /// What is wrong.
    package let reason: Reason
    /// Where it was found: a character of the value, counted from 1.
    package let position: Int

    init(_ reason: Reason, at position: Int) {
        (self.reason, self.position) = (reason, position)
    }
}

extension JAASError: CustomStringConvertible {
    /// The whole line for the user.
    package var description: String { "sasl.jaas.config: \(text)" }

    private var text: String {
        switch reason {
        case .empty:
            "it is empty; \(Self.form)"
        case .controlFlagMissing, .controlFlagNoWord, .controlFlagUnknown:
            "required, requisite, sufficient or optional must stand at character \(position), behind the login module"
                + "\(found); \(Self.form)"
        case .valueMissing(let option?) where JAASConfiguration.knownOptions.contains(option.text):
            "the option \(option.text) has no value at character \(position); write \(option.text)=\"…\", with a "
                + "backslash before a \" or \\ in the value"
        case .valueMissing:
            "an option without name or value at character \(position); write name=\"value\", with a backslash before a "
                + "\" or \\ in the value"
        case .notTerminated:
            "it must end with a semicolon; if it does, a closing quote is missing before"
        case .loginModuleNoWord:
            "the login module at character \(position) is no class name; \(Self.form)"
        case .loginModules(let count):
            "it has \(count) login modules and must have one; a ; in a value must stand between quotes"
        case .loginModuleNotAllowed(let name), .loginModuleUnknown(let name):
            "\(Self.shown(name)) is not supported; use one of \(LoginModule.classNames)"
        }
    }

    /// The wrong word, if it is the name of an option: then the control flag was forgotten.
    private var found: String {
        guard case .controlFlagUnknown(let word) = reason, JAASConfiguration.knownOptions.contains(word.text) else {
            return ""
        }
        return ", instead of \(word.text)"
    }

    /// A name that looks like that of a Java class is no password.
    private static func shown(_ name: Secret) -> String {
        let text = name.text
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isClass = parts.count > 1 && (parts.last?.hasSuffix("Module") ?? false) && parts.allSatisfy(isIdentifier)
        return isClass ? "the login module \(text)" : "the login module at its beginning"
    }

    private static func isIdentifier(_ part: Substring) -> Bool {
        !part.isEmpty
            && part.utf8.allSatisfy { byte in
                byte == 0x24 || byte == 0x5F || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
            }
    }

    private static let form = "the form is LOGIN-MODULE required name=\"value\" … ;"
}
