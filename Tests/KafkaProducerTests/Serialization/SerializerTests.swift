// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// The bytes of each serializer; those expected are what the Java serializer of that name writes.
@Suite("Serializer")
struct SerializerTests {
    private func serialize(_ text: String, _ serializer: Serializer) throws -> [UInt8]? {
        var bytes: [UInt8] = [1, 2, 3]
        let text = Array(text.utf8)
        return try serializer.serialize(text.span, into: &bytes) == .null ? nil : bytes
    }

    @Test(
        "numbers are big-endian",
        arguments: [
            (Serializer.short, "-2", [0xFF, 0xFE]),
            (.short, "+32767", [0x7F, 0xFF]),
            (.integer, "16909060", [1, 2, 3, 4]),
            (.integer, "-2147483648", [0x80, 0, 0, 0]),
            (.integer, "007", [0, 0, 0, 7]),
            (.long, "72623859790382856", [1, 2, 3, 4, 5, 6, 7, 8]),
            (.long, "-9223372036854775808", [0x80, 0, 0, 0, 0, 0, 0, 0]),
            (.float, "1.5", [0x3F, 0xC0, 0, 0]),
            (.float, "-1e2f", [0xC2, 0xC8, 0, 0]),
            (.float, "16777217", [0x4B, 0x80, 0, 0]),
            (.float, "NaN", [0x7F, 0xC0, 0, 0]),
            (.float, "1e40", [0x7F, 0x80, 0, 0]),
            (.double, "0.1", [0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A]),
            (.double, "-Infinity", [0xFF, 0xF0, 0, 0, 0, 0, 0, 0]),
            (.double, "5.", [0x40, 0x14, 0, 0, 0, 0, 0, 0]),
            (.double, ".5", [0x3F, 0xE0, 0, 0, 0, 0, 0, 0]),
            (.double, "0x1p-1", [0x3F, 0xE0, 0, 0, 0, 0, 0, 0]),
            (.double, "-0", [0x80, 0, 0, 0, 0, 0, 0, 0]),
            (.boolean, "true", [1]),
            (.boolean, "FALSE", [0]),
        ] as [(Serializer, String, [UInt8])]
    )
    func numbers(serializer: Serializer, text: String, expected: [UInt8]) throws {
        #expect(try serialize(text, serializer) == expected)
    }

    @Test(
        "a text of another type is an error that says what was expected",
        arguments: [
            (Serializer.short, ["32768", "-32769", "", "-", "+", "1.0", " 1", "1 ", "0x1", "1\r", "１", "--1"]),
            (.integer, ["2147483648", "-2147483649", "99999999999999999999", "a"]),
            (.long, ["9223372036854775808", "-9223372036854775809", ""]),
            (.float, ["", "a", "1,5", "nan", "inf", ".", "--1", "1e", "0x1"]),
            (.double, ["", "infinity", "1..2", "e5", "+", "１.5"]),
            (.boolean, ["", "yes", "1", "truee"]),
            (.uuid(), ["", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g", "-"]),
            (.void, ["x", " "]),
            (.string(.ascii), ["é"]),
            (.string(.iso88591), ["€"]),
        ] as [(Serializer, [String])]
    )
    func mismatches(serializer: Serializer, texts: [String]) {
        for text in texts {
            let error = #expect(throws: SerializationError.self, "\(text)") { try serialize(text, serializer) }
            #expect(error?.serializer == serializer.name)
        }
    }

    @Test("the error is one printable line")
    func description() {
        let error = #expect(throws: SerializationError.self) { try serialize("a\n\u{1}\"", .integer) }
        #expect(
            error?.description
                == "Integer serializer: expected an integer from -2147483648 to 2147483647, got \"a\\n\\u{01}\\\"\""
        )
        let long = #expect(throws: SerializationError.self) {
            try serialize(String(repeating: "x", count: 100_000), .double)
        }
        #expect((long?.description.count ?? 0) < 120)
    }

    @Test("a UUID is its 36 characters in lower case")
    func uuid() throws {
        let text = "123E4567-e89b-12D3-a456-426614174000"
        #expect(try serialize(text, .uuid()) == Array(text.lowercased().utf8))
        #expect(try serialize(text, .uuid(.utf16BigEndian))?.count == 72)
    }

    @Test("nothing is null, and only nothing")
    func void() throws {
        #expect(try serialize("", .void) == nil)
    }

    @Test("bytes pass unchanged, whatever they are", arguments: [Serializer.byteArray, .byteBuffer, .bytes, .string()])
    func identity(serializer: Serializer) throws {
        #expect(serializer.isIdentity)
        let text: [UInt8] = [0xFF, 0, 0x0A, 0xC3]
        var bytes: [UInt8] = []
        #expect(try serializer.serialize(text.span, into: &bytes) == .bytes)
        #expect(bytes == text)
    }

    @Test(
        "text is written in the charset that is asked for",
        arguments: [
            (TextEncoding.iso88591, "é", [0xE9]),
            (.ascii, "a~", [0x61, 0x7E]),
            (.utf16, "a😀", [0xFE, 0xFF, 0, 0x61, 0xD8, 0x3D, 0xDE, 0]),
            (.utf16, "", []),
            (.utf16BigEndian, "é", [0, 0xE9]),
            (.utf16LittleEndian, "é", [0xE9, 0]),
            (.utf32, "😀", [0, 1, 0xF6, 0]),
            (.utf32LittleEndian, "😀", [0, 0xF6, 1, 0]),
        ] as [(TextEncoding, String, [UInt8])]
    )
    func charsets(encoding: TextEncoding, text: String, expected: [UInt8]) throws {
        #expect(!Serializer.string(encoding).isIdentity)
        #expect(try serialize(text, .string(encoding)) == expected)
    }

    @Test("text that is not UTF-8 cannot be put into another charset")
    func malformed() {
        let text: [UInt8] = [0x61, 0xFF]
        var bytes: [UInt8] = []
        #expect(throws: SerializationError.self) {
            try Serializer.string(.utf16).serialize(text.span, into: &bytes)
        }
    }

    @Test("class names and short names are known, with and without package")
    func names() {
        let package = "org.apache.kafka.common.serialization."
        for name in [
            "ByteArray", "ByteBuffer", "Bytes", "String", "Short", "Integer", "Long", "Float", "Double", "UUID",
            "Boolean", "Void",
        ] {
            let serializer = Serializer(named: package + name + "Serializer")
            #expect(serializer?.name == name)
            #expect(serializer?.className == package + name + "Serializer")
            #expect(Serializer(named: name) == serializer)
            #expect(Serializer(named: name.lowercased()) == serializer)
            #expect(Serializer(named: name + "Serializer") == serializer)
        }
        for name in ["", "Serializer", package, package + "String", "a.StringSerializer", package + "string"] {
            #expect(Serializer(named: name) == nil, "\(name)")
        }
    }

    @Test("settings choose serializers and charsets, those of one side before those of both")
    func settings() throws {
        let package = "org.apache.kafka.common.serialization."
        let configuration = try ProducerConfiguration(
            text: """
                key.serializer=\(package)StringSerializer
                value.serializer=\(package)UUIDSerializer
                serializer.encoding=latin1
                value.serializer.encoding=utf-16be
                """
        )
        #expect(configuration.keySerializer == .string(.iso88591))
        #expect(configuration.valueSerializer == .uuid(.utf16BigEndian))
        #expect(try ProducerConfiguration(text: "").valueSerializer == .byteArray)
        #expect(
            try ProducerConfiguration(text: "value.serializer=Integer\nserializer.encoding=klingon").valueSerializer
                == .integer
        )
    }

    @Test(
        "an unknown serializer or charset is an error",
        arguments: [
            (
                "key.serializer= com.example.Nope ",
                "Invalid value com.example.Nope  for configuration key.serializer: "
                    + "Class com.example.Nope  could not be found."
            ),
            (
                "value.serializer=String\nvalue.serializer.encoding=klingon",
                "Invalid value klingon for configuration value.serializer.encoding: Unsupported encoding; known are "
                    + "UTF-8, ISO-8859-1, US-ASCII, UTF-16, UTF-16BE, UTF-16LE, UTF-32, UTF-32LE"
            ),
        ]
    )
    func unknown(text: String, expected: String) {
        let error = #expect(throws: ConfigurationError.self) { try ProducerConfiguration(text: text) }
        #expect(error?.javaMessage == expected)
    }
}
