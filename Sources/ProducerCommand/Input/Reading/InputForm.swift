// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import RecordText

/// What is done with the bytes of inputs before records are looked for.
struct InputForm: Equatable, Sendable {
    /// Whether inputs that are compressed are decompressed.
    var expands = false
    /// What text is written in.
    var encoding = InputEncoding.utf8

    /// Whether what is read of a file is something else than its bytes.
    func changes(_ descriptor: borrowing InputDescriptor) -> Bool {
        if encoding != .utf8 { return true }
        guard expands else { return false }
        return InputExpander.format(of: FilePart(of: descriptor.number, at: 0, count: 8).bytes) != nil
    }

    /// The same of what can be read again, as a path has it.
    func changes(_ source: InputSource) -> Bool {
        guard self != InputForm(), let descriptor = try? InputDescriptor(opening: source) else { return false }
        return changes(descriptor)
    }

    /// Whether half a character may have come out of it, which no record may have.
    var mayHaveHalves: Bool { encoding != .utf8 }
}

/// What `--encoding` takes.
enum InputEncoding: String, ExpressibleByArgument, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"

    init?(argument: String) { self.init(rawValue: argument.lowercased()) }

    /// Makes UTF-8 of it; nil for UTF-8 itself.
    var converter: UTF16Converter? {
        switch self {
        case .utf8: nil
        case .utf16: UTF16Converter()
        case .utf16LittleEndian: UTF16Converter(.little)
        case .utf16BigEndian: UTF16Converter(.big)
        }
    }
}
