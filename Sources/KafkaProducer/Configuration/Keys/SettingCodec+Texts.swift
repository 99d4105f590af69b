// SPDX-License-Identifier: Apache-2.0

extension SettingCodec where Value == String {
    /// A text; none is the empty one.
    static var text: Self {
        Self(
            decode: { value throws(SettingObjection) in try value.requireText() ?? "" },
            encode: { .string($0) }
        )
    }
}

extension SettingCodec where Value == String? {
    /// A text or none.
    static var optionalText: Self {
        Self(
            decode: { value throws(SettingObjection) in try value.requireText() },
            encode: { $0.map { .string($0) } ?? .null }
        )
    }
}

extension SettingCodec where Value == [String] {
    /// Texts.
    static var texts: Self {
        Self(
            decode: { value throws(SettingObjection) in try value.requireList() },
            encode: { .list($0) }
        )
    }
}

extension SettingCodec where Value == Password? {
    /// A text that is not to be shown, or none.
    static var password: Self {
        Self(
            decode: { value throws(SettingObjection) in try value.requirePassword() },
            encode: { $0.map { .password($0) } ?? .null }
        )
    }
}

extension SettingCodec where Value: RawRepresentable, Value.RawValue == String {
    /// One of Kafka's words, as it is written.
    static var word: Self {
        Self(
            decode: { value throws(SettingObjection) in
                guard let found = Value(rawValue: try value.requireText() ?? "") else { throw .rule("Unknown word") }
                return found
            },
            encode: { .string($0.rawValue) }
        )
    }

    /// One of Kafka's words in any case.
    ///
    /// - Parameter shown: how the word is written where the user did not write it.
    /// - Returns: the codec.
    static func wordInAnyCase(shown: @escaping @Sendable (String) -> String = { $0 }) -> Self {
        Self(
            decode: { value throws(SettingObjection) in
                let text = try value.requireText() ?? ""
                guard let found = Value(rawValue: text.uppercased()) else { throw .rule("Unknown word") }
                return found
            },
            encode: { .string(shown($0.rawValue)) }
        )
    }
}
