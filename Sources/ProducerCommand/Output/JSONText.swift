// SPDX-License-Identifier: Apache-2.0
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Values as JSON text on one line, with keys in alphabetical order, so that the results of two runs can be compared.
enum JSONText {
    /// - Throws: `EncodingError` for what JSON cannot hold, such as a number that is not finite.
    static func of(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension Double {
    /// With three digits after the point: more is noise in what was measured.
    var roundedToThousandths: Double {
        let scaled = (self * 1000).rounded()
        return scaled.isFinite ? scaled / 1000 : self
    }
}
