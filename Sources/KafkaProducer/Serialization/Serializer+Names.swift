// SPDX-License-Identifier: Apache-2.0

extension Serializer {
    private static let package = "org.apache.kafka.common.serialization."
    private static let suffix = "Serializer"

    private static let all: [Serializer] = [
        .byteArray, .byteBuffer, .bytes, .string(), .short, .integer, .long, .float, .double, .uuid(), .boolean, .void,
    ]

    /// Finds a serializer by the name of its Java class, with or without the package, or by its short name in any case,
    /// such as `Integer`.
    ///
    /// - Parameter name: the name; strings and UUIDs are in UTF-8.
    public init?(named name: String) {
        var plain = name[...]
        if plain.hasPrefix(Self.package) {
            plain = plain.dropFirst(Self.package.count)
            guard plain.hasSuffix(Self.suffix) else { return nil }
        }
        if plain.hasSuffix(Self.suffix) { plain = plain.dropLast(Self.suffix.count) }
        let isClass = plain.count < name.count
        let found = Self.all.first { candidate in
            isClass ? candidate.name == plain : candidate.name.lowercased() == plain.lowercased()
        }
        guard let found else { return nil }
        self = found
    }

    /// The name of the Java class that writes the same bytes.
    public var className: String { Self.package + name + Self.suffix }

    /// Whether it writes text, and so knows charsets.
    public var hasEncoding: Bool {
        switch self {
        case .string, .uuid: true
        case .byteArray, .byteBuffer, .bytes, .short, .integer, .long, .float, .double, .boolean, .void: false
        }
    }

    /// The same serializer in another charset; one that writes no text is left as it is.
    ///
    /// - Parameter encoding: the charset.
    /// - Returns: the serializer in that charset.
    public func with(_ encoding: TextEncoding) -> Serializer {
        switch self {
        case .string: .string(encoding)
        case .uuid: .uuid(encoding)
        case .byteArray, .byteBuffer, .bytes, .short, .integer, .long, .float, .double, .boolean, .void: self
        }
    }
}
