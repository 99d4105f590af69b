// SPDX-License-Identifier: Apache-2.0

/// The charset that the String and UUID serializers write: Kafka's `serializer.encoding` and its `key.` and `value.`
/// forms.
@nonexhaustive
public enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    /// UTF-8, the default: bytes pass unchanged.
    case utf8 = "UTF-8"
    /// ISO-8859-1 (Latin-1), one byte a character.
    case iso88591 = "ISO-8859-1"
    /// US-ASCII, 7 bits.
    case ascii = "US-ASCII"
    /// UTF-16 with a big-endian byte order mark, as Java writes it.
    case utf16 = "UTF-16"
    /// UTF-16, big-endian, without a mark.
    case utf16BigEndian = "UTF-16BE"
    /// UTF-16, little-endian, without a mark.
    case utf16LittleEndian = "UTF-16LE"
    /// UTF-32, big-endian without a mark, as Java writes both `UTF-32` and `UTF-32BE`.
    case utf32 = "UTF-32"
    /// UTF-32, little-endian, without a mark.
    case utf32LittleEndian = "UTF-32LE"
}
