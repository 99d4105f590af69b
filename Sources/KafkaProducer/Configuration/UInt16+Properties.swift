// SPDX-License-Identifier: Apache-2.0

/// The characters that mean something in a properties file.
extension UInt16 {
    static let hash = UInt16(ascii: "#")
    static let exclamationMark = UInt16(ascii: "!")
    static let backslash = UInt16(ascii: "\\")
    static let carriageReturn = UInt16(ascii: "\r")
    static let lineFeed = UInt16(ascii: "\n")

    init(ascii scalar: Unicode.Scalar) {
        self = UInt16(UInt8(ascii: scalar))
    }

    var isPropertiesBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0C }
    var isPropertiesLineEnd: Bool { self == .lineFeed || self == .carriageReturn }
    var isPropertiesSeparator: Bool { self == UInt16(ascii: "=") || self == UInt16(ascii: ":") }

    /// The control character that this letter means after a backslash, if it means one.
    var propertiesControl: UInt16? {
        switch self {
        case UInt16(ascii: "t"): 0x09
        case UInt16(ascii: "n"): .lineFeed
        case UInt16(ascii: "r"): .carriageReturn
        case UInt16(ascii: "f"): 0x0C
        default: nil
        }
    }

    var hexadecimalValue: UInt16? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
