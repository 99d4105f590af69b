// SPDX-License-Identifier: Apache-2.0

/// What `sasl.jaas.config` says: one login module with its options, such as
/// `org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="…";`.
///
/// All values are secrets, since nobody knows what an option is for before its login module is known.
package struct JAASConfiguration: Equatable, Sendable {
    /// What follows for other login modules, of which there are none here: it has no effect.
    package enum ControlFlag: String, Sendable {
        case required, requisite, sufficient, optional
    }

    /// The login module's Java class.
    package let className: String
    /// The word behind it.
    package let controlFlag: ControlFlag
    /// The options by their names; of those with the same name the last.
    package let options: [String: Secret]
    /// The value of an option whose name is a number, if there is one: Java reads it and cannot give it to anybody.
    package let valueWithoutName: Secret?

    /// Reads the value of `sasl.jaas.config`, by the grammar of the Java client 4.3.
    ///
    /// - Throws: For what Java refuses. A login module that is unknown here is refused by ``loginModule()``.
    package init(parsing text: String) throws(JAASError) {
        var tokenizer = JAASTokenizer(text)
        var entries: [JAASConfiguration] = []
        while true {
            let token = tokenizer.next()
            if token.isEnd { break }
            entries.append(try JAASConfiguration(entry: token.word, from: &tokenizer))
        }
        guard let entry = entries.first else { throw JAASError(.empty, at: 1) }
        guard entries.count == 1 else { throw JAASError(.loginModules(entries.count), at: 1) }
        guard !LoginModule.notAllowed.contains(entry.className) else {
            throw JAASError(.loginModuleNotAllowed(Secret(entry.className)), at: 1)
        }
        self = entry
    }

    /// Reads what follows the login module's name, up to the semicolon.
    private init(entry module: Secret?, from tokenizer: inout JAASTokenizer) throws(JAASError) {
        let start = tokenizer.tokenPosition
        controlFlag = try Self.controlFlag(from: &tokenizer)
        var options: [String: Secret] = [:]
        var valueWithoutName: Secret?
        var token = tokenizer.next()
        while !token.isEnd, !token.isSymbol(";") {
            let (name, position) = (token.word, tokenizer.tokenPosition)
            guard tokenizer.next().isSymbol("="), let value = tokenizer.next().word else {
                throw JAASError(.valueMissing(option: name), at: position)
            }
            if let name { options[name.text] = value } else { valueWithoutName = value }
            token = tokenizer.next()
        }
        guard !token.isEnd else { throw JAASError(.notTerminated, at: tokenizer.tokenPosition) }
        guard let module, !module.isEmpty else { throw JAASError(.loginModuleNoWord, at: start) }
        (className, self.options, self.valueWithoutName) = (module.text, options, valueWithoutName)
    }

    private static func controlFlag(from tokenizer: inout JAASTokenizer) throws(JAASError) -> ControlFlag {
        let token = tokenizer.next()
        let position = tokenizer.tokenPosition
        guard !token.isEnd else { throw JAASError(.controlFlagMissing, at: position) }
        guard let word = token.word else { throw JAASError(.controlFlagNoWord, at: position) }
        guard let flag = ControlFlag(rawValue: word.text.lowercased()) else {
            throw JAASError(.controlFlagUnknown(word), at: position)
        }
        return flag
    }

    /// The login module, which says for which mechanisms the options are.
    ///
    /// - Throws: For a Java class that is unknown here.
    package func loginModule() throws(JAASError) -> LoginModule {
        guard let module = LoginModule(className: className) else {
            throw JAASError(.loginModuleUnknown(Secret(className)), at: 1)
        }
        return module
    }

    /// Options whose names may be shown: they are no secrets.
    static let knownOptions: Set<String> = Set(
        LoginModule.allCases.flatMap(\.options) + TLSSettings.optionsWithoutEffect
    )
}

extension JAASConfiguration: CustomStringConvertible {
    /// The login module, and which of the known options there are.
    package var description: String {
        let names = options.keys.filter(Self.knownOptions.contains).sorted().map { "\($0)=[hidden]" }
        let module = LoginModule(className: className)?.rawValue ?? "[hidden]"
        return ([module, controlFlag.rawValue] + names).joined(separator: " ")
    }
}

extension JAASConfiguration: CustomReflectable {
    /// What `dump` shows: the description.
    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
