// SPDX-License-Identifier: Apache-2.0

/// Arguments as hands write them, made ready for the parser, and the names that options were typed by.
///
/// `-K:` and `-Xacks=1` are parted, as hands that know kcat expect. A negative number is a value and no option. What the
/// parser would misunderstand without a word is refused: a long option behind one dash (`-topic`), and two values for an
/// option that has one.
struct TypedArguments {
    private(set) var arguments: [String] = []
    private(set) var names = TypedNames()

    private let command: String
    private var values: [String: (name: String, value: String)] = [:]
    /// The option whose values go on until the next option.
    private var list: String?
    private var rest: ArraySlice<String>

    init(_ arguments: [String]) throws(UsageError) {
        rest = arguments[...]
        command = arguments.first ?? ""
        while let typed = rest.popFirst() {
            // A flag to the parser, which knows no option with and without a value.
            let argument = typed == "--dry-run=print" ? "--dry-run-print" : typed
            guard argument != "--" else {
                self.arguments += [argument] + rest
                return
            }
            if argument.hasPrefix("--") {
                try takeLong(argument)
            } else if argument.hasPrefix("-"), argument.count > 1 {
                try takeShort(argument)
            } else {
                self.arguments.append(argument)
                if let list { try note(argument, of: list) }
            }
        }
    }

    private mutating func takeLong(_ argument: String) throws(UsageError) {
        list = nil
        if let equals = argument.firstIndex(of: "=") {
            arguments.append(argument)
            let name = String(argument[..<equals])
            try refuseForeign(name)
            return try note(String(argument[argument.index(after: equals)...]), of: name)
        }
        try refuseForeign(argument)
        guard !OptionNames.isFlag(argument, in: command), let value = rest.popFirst() else {
            arguments.append(argument)
            return
        }
        append(argument, value)
        try note(value, of: argument)
    }

    private mutating func takeShort(_ argument: String) throws(UsageError) {
        list = nil
        let spelled = "-" + String(argument.prefix { $0 != "=" })
        guard spelled == "--help" || !OptionNames.isLong(spelled) else {
            throw UsageError("\(spelled.dropFirst()): did you mean \(spelled)?")
        }
        let name = String(argument.prefix(2))
        try refuseForeign(name)
        guard let letter = name.last, OptionNames.shortWithValue.contains(letter) else {
            guard OptionNames.shortFlags.contains(name), argument.dropFirst().contains(where: OptionNames.takesValue)
            else {
                arguments.append(argument)
                return
            }
            // `-qt logs`: the flag for itself.
            arguments.append(name)
            return try takeShort("-" + argument.dropFirst(2))
        }
        let joined = String(argument.dropFirst(2))
        guard let value = joined.isEmpty ? rest.popFirst() : try Self.value(joined, of: name) else {
            arguments.append(name)
            return
        }
        append(name, value)
        try note(value, of: name)
    }

    private func refuseForeign(_ name: String) throws(UsageError) {
        guard let advice = ForeignOption.advice(for: name, in: command) else { return }
        throw UsageError("\(name) is none of the options: \(advice)")
    }

    /// A value that was joined to its short option. `-t=logs` means what it looks like, and where the value might as well
    /// begin with `=`, nobody guesses.
    private static func value(_ joined: String, of name: String) throws(UsageError) -> String {
        guard joined.hasPrefix("="), joined != "=" else { return joined }
        let value = String(joined.dropFirst())
        guard "KkHD".contains(name.suffix(1)) else { return value }
        throw UsageError("\(name)\(joined): write \(name) '\(value)', or \(name) '\(joined)' if the = belongs to it")
    }

    private mutating func append(_ name: String, _ value: String) {
        guard Self.isNegativeNumber(value), let long = OptionNames.long(of: name) ?? (name.hasPrefix("--") ? name : nil)
        else {
            arguments += [name, value]
            return
        }
        // To the parser it would be an option.
        arguments.append("\(name.hasPrefix("--") ? name : long)=\(value)")
    }

    private mutating func note(_ value: String, of name: String) throws(UsageError) {
        let first = OptionNames.first(of: name)
        switch OptionNames.occurrence(of: first, in: command) {
        case .list:
            list = name
        case .repeatable:
            break
        case .single:
            if let earlier = values.updateValue((name, value), forKey: first), earlier.value != value {
                throw Self.twice(earlier, (name, value), first: first)
            }
        }
        names.append(name, for: first)
    }

    private static func twice(
        _ earlier: (name: String, value: String),
        _ later: (name: String, value: String),
        first: String
    ) -> UsageError {
        let advice =
            first == "-b"
            ? "write all brokers with commas between them: \(later.name) \(earlier.value),\(later.value)"
            : "leave one of them out"
        guard earlier.name != later.name else {
            return UsageError("\(later.name) is given as \"\(earlier.value)\" and as \"\(later.value)\": \(advice)")
        }
        return UsageError(
            "\(earlier.name) \"\(earlier.value)\" and \(later.name) \"\(later.value)\" set the same: \(advice)"
        )
    }

    private static func isNegativeNumber(_ value: String) -> Bool {
        value.hasPrefix("-") && value.dropFirst().first?.isNumber == true && Double(value) != nil
    }
}
