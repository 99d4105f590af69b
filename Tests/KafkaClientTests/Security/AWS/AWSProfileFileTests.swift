// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Files of profiles.
@Suite("AWSProfileFile")
struct AWSProfileFileTests {
    private func profiles(_ text: String, _ kind: AWSProfileFile.Kind = .config) throws -> [String: [String: String]] {
        try AWSProfileFile(Array(text.utf8), kind: kind).profiles.mapValues { $0.values.mapValues(\.text) }
    }

    @Test(
        "sections, values, comments and blanks",
        arguments: [
            ("", [:]), ("# a\n; b\n\n  \n", [:]),
            ("[default]\na = 1\nA=2\n", ["default": ["a": "2"]]),
            ("[ profile  x ]\r\nRole_ARN = arn:a=b \r\n", ["x": ["role_arn": "arn:a=b"]]),
            ("[profile x] # c\na = b # c\nc = d;e\nf = #g\n", ["x": ["a": "b", "c": "d;e", "f": ""]]),
            ("[profile \"a b\"]\nx=1\n[profile a b]\ny=2", ["a b": ["x": "1", "y": "2"]]),
            ("[default]\ns3 =\n  max = 5\n\tx\nz = 1", ["default": ["s3": "", "z": "1"]]),
            ("[sso-session s]\nsso_region = r\n[x]\na=b\n[profile ]\nc=d\n[profile y]", ["y": [:]]),
        ] as [(String, [String: [String: String]])]
    )
    func config(text: String, expected: [String: [String: String]]) throws {
        #expect(try profiles(text) == expected)
    }

    @Test("in the file of credentials a section's name is the profile's")
    func credentials() throws {
        #expect(
            try profiles("[default]\na=1\n[x]\nb=2\n[profile y]\n", .credentials).keys.sorted() == [
                "default", "profile y", "x",
            ]
        )
    }

    @Test(
        "a line that is none of these is told by its number, and not shown",
        arguments: [
            ("a = hunter2", 1), ("[default\n", 1), ("[default]\nhunter2", 2), ("[default]\n = hunter2", 2),
            ("[default]\n\n  hunter2", 3),
        ]
    )
    func faults(text: String, line: Int) {
        let fault = #expect(throws: AWSProfileFile.Fault.self) { try profiles(text) }
        #expect(fault?.line == line)
        #expect(fault?.reason.contains("hunter2") == false)
    }

    @Test("a profile shows nothing")
    func hidden() throws {
        let file = try AWSProfileFile(Array("[default]\naws_secret_access_key=hunter2".utf8), kind: .credentials)
        var dumped = "\(file)"
        dump(file, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }
}
