// SPDX-License-Identifier: Apache-2.0

extension TextEncoding {
    /// Finds a charset by its name or one of the aliases that Java knows, in any case.
    ///
    /// - Parameter name: the name, such as `UTF-8` or `latin1`.
    public init?(named name: String) {
        switch name.lowercased() {
        case "utf-8", "utf8", "unicode-1-1-utf-8": self = .utf8
        case "iso-8859-1", "iso8859-1", "iso8859_1", "iso_8859-1", "iso_8859_1", "8859_1", "latin1", "l1", "cp819":
            self = .iso88591
        case "us-ascii", "ascii", "ascii7", "iso646-us", "ansi_x3.4-1968", "646", "us": self = .ascii
        case "utf-16", "utf16", "utf_16", "unicode", "unicodebig": self = .utf16
        case "utf-16be", "utf_16be", "unicodebigunmarked", "x-utf-16be": self = .utf16BigEndian
        case "utf-16le", "utf_16le", "unicodelittleunmarked", "x-utf-16le": self = .utf16LittleEndian
        case "utf-32", "utf32", "utf_32", "utf-32be", "utf_32be", "x-utf-32be": self = .utf32
        case "utf-32le", "utf_32le", "x-utf-32le": self = .utf32LittleEndian
        default: return nil
        }
    }
}
