// SPDX-License-Identifier: Apache-2.0
import KafkaReader

/// Where reading begins and ends, as arguments say it.
enum ReadArguments {
    /// What `-o` asks for: `beginning`, `end`, an offset, `-N` for N records before the end, or `@TIME`.
    ///
    /// - Parameters:
    ///   - text: The argument.
    ///   - option: The option, as it was typed.
    ///   - now: The time, in milliseconds since 1970.
    /// - Throws: `UsageError` for anything else.
    /// - Returns: Where to begin.
    static func start(_ text: String, of option: String, now: Int64) throws(UsageError) -> ReadStart {
        switch text {
        case "beginning", "earliest", "start": return .earliest
        case "end", "latest": return .latest
        default: break
        }
        if let time = try time(text, of: option, now: now) { return .timestamp(time) }
        if let number = Int64(text) {
            return number < 0 ? .last(Int64(number.magnitude & 0x7FFF_FFFF_FFFF_FFFF)) : .offset(number)
        }
        throw UsageError(
            "\(option) \"\(text)\": give beginning, end, an offset, -N for N records before the end, or @TIME"
        )
    }

    /// What `--until` asks for: `end`, an offset, or `@TIME`.
    static func end(_ text: String, of option: String, now: Int64) throws(UsageError) -> ReadEnd {
        if text == "end" || text == "latest" { return .latestAtStart }
        if let time = try time(text, of: option, now: now) { return .timestamp(time) }
        if let offset = Int64(text), offset >= 0 { return .offset(offset) }
        throw UsageError("\(option) \"\(text)\": give end, an offset, or @TIME")
    }

    private static func time(_ text: String, of option: String, now: Int64) throws(UsageError) -> Int64? {
        guard text.hasPrefix("@") else { return nil }
        if let time = TimeArgument.milliseconds(String(text.dropFirst()), now: now) { return time }
        throw UsageError(
            "\(option) \"\(text)\": a time is milliseconds since 1970 (@1764432000000), a date with its time and zone "
                + "(@2026-11-29T16:00:00Z), or a while ago (@-1h)"
        )
    }
}
