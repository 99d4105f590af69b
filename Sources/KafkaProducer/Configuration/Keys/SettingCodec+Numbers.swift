// SPDX-License-Identifier: Apache-2.0

extension SettingCodec where Value == Bool {
    /// `true` or `false`.
    static var boolean: Self {
        Self(
            decode: { value throws(SettingObjection) in try value.requireBoolean() },
            encode: { .boolean($0) }
        )
    }
}

extension SettingCodec where Value == Int {
    /// A number, or a size in bytes.
    static var count: Self {
        Self(
            decode: { value throws(SettingObjection) in Int(clamping: try value.requireInteger()) },
            encode: { .integer(Int64($0)) }
        )
    }
}

extension SettingCodec where Value == Int? {
    /// A size in bytes; -1 leaves it to the system.
    static var sizeOrSystem: Self {
        Self(
            decode: { value throws(SettingObjection) in
                let size = try value.requireInteger()
                return size == -1 ? nil : Int(clamping: size)
            },
            encode: { .integer(Int64($0 ?? -1)) }
        )
    }
}

extension SettingCodec where Value == Duration {
    /// A time in milliseconds, brought into the range from 0 to a hundred years so that adding times cannot overflow.
    static var milliseconds: Self {
        Self(
            decode: { value throws(SettingObjection) in .setting(milliseconds: try value.requireInteger()) },
            encode: { .integer($0.flooredMilliseconds) }
        )
    }

    /// A time in seconds.
    static var seconds: Self {
        Self(
            decode: { value throws(SettingObjection) in .seconds(try value.requireInteger()) },
            encode: { .integer($0.components.seconds) }
        )
    }
}

extension SettingCodec where Value == Double {
    /// A number with a fraction.
    static var number: Self {
        Self(
            decode: { value throws(SettingObjection) in try value.requireDouble() },
            encode: { .double($0) }
        )
    }
}

extension SettingCodec where Value == Duration? {
    /// A time in milliseconds, or none.
    static var optionalMilliseconds: Self {
        Self(
            decode: { value throws(SettingObjection) in
                if case .null = value { return nil }
                return .setting(milliseconds: try value.requireInteger())
            },
            encode: { $0.map { .integer($0.flooredMilliseconds) } ?? .null }
        )
    }

    /// A time in milliseconds; a negative one is never.
    static var millisecondsOrNegative: Self {
        Self(
            decode: { value throws(SettingObjection) in
                let number = try value.requireInteger()
                return number < 0 ? nil : .setting(milliseconds: number)
            },
            encode: { .integer($0?.flooredMilliseconds ?? -1) }
        )
    }

    /// A time in milliseconds; 0 is never.
    static var millisecondsOrZero: Self {
        Self(
            decode: { value throws(SettingObjection) in
                let number = try value.requireInteger()
                return number == 0 ? nil : .setting(milliseconds: number)
            },
            encode: { .integer($0?.flooredMilliseconds ?? 0) }
        )
    }
}
