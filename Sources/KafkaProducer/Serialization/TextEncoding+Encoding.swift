// SPDX-License-Identifier: Apache-2.0

extension TextEncoding {
    /// Appends a text's bytes in this charset, as `String.getBytes` in Java, but without replacing what it lacks.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - bytes: receives the bytes.
    /// - Returns: whether the charset has every character of the text.
    func append(_ text: String, to bytes: inout [UInt8]) -> Bool {
        switch self {
        case .utf8: bytes += text.utf8
        case .ascii: return append(text, upTo: 0x7F, to: &bytes)
        case .iso88591: return append(text, upTo: 0xFF, to: &bytes)
        case .utf16:
            if !text.isEmpty { bytes += [0xFE, 0xFF] }
            appendUnits(text, isBigEndian: true, to: &bytes)
        case .utf16BigEndian: appendUnits(text, isBigEndian: true, to: &bytes)
        case .utf16LittleEndian: appendUnits(text, isBigEndian: false, to: &bytes)
        case .utf32: appendScalars(text, shifts: [24, 16, 8, 0], to: &bytes)
        case .utf32LittleEndian: appendScalars(text, shifts: [0, 8, 16, 24], to: &bytes)
        }
        return true
    }

    private func append(_ text: String, upTo last: UInt32, to bytes: inout [UInt8]) -> Bool {
        for scalar in text.unicodeScalars {
            guard scalar.value <= last else { return false }
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        }
        return true
    }

    private func appendUnits(_ text: String, isBigEndian: Bool, to bytes: inout [UInt8]) {
        for unit in text.utf16 {
            let high = UInt8(unit >> 8)
            let low = UInt8(truncatingIfNeeded: unit)
            bytes += isBigEndian ? [high, low] : [low, high]
        }
    }

    private func appendScalars(_ text: String, shifts: [UInt32], to bytes: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            for shift in shifts { bytes.append(UInt8(truncatingIfNeeded: scalar.value >> shift)) }
        }
    }
}
