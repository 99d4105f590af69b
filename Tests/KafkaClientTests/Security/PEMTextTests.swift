// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The rules by which Kafka finds entries in text.
@Suite("Entries in PEM")
struct PEMTextTests {
    @Test(
        "they are found with any white space, in any text",
        arguments: [
            ("-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n", 1),
            ("-----BEGIN CERTIFICATE-----\r\nAA\r\nEC\r\n-----END CERTIFICATE-----", 1),
            ("-----BEGIN CERTIFICATE----- AAEC -----END CERTIFICATE-----", 1),
            ("-----BEGIN CERTIFICATE----- AAEC-----END CERTIFICATE-----", 1),
            ("-----BEGIN CERTIFICATE-----AAEC-----END CERTIFICATE-----", 0),
            ("-BEGIN X509 CERTIFICATE-\nAAEC\n-END X509 CERTIFICATE-\n", 1),
            ("a: b\nsubject=x - y\n---BEGIN TRUSTED CERTIFICATE---\nAAEC\n---END CERTIFICATE---\nmore", 1),
            ("-----BEGIN CERTIFICATE-----\nName: x\nOther: y\n\nAAEC\n-----END CERTIFICATE-----\n", 1),
            ("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", 0),
            ("-----BEGIN CERTIFICATE-----\nAAEC\n-----END PRIVATE KEY-----\n", 0),
            ("-----BEGIN CERTIFICATE-----\nAAEC\n", 0),
            (
                "-----BEGIN CERTIFICATE-----\nAA!C\n-----END CERTIFICATE-----\n-BEGIN CERTIFICATE-\nAAEC\n-END CERTIFICATE-",
                1
            ),
            ("-----BEGIN", 0), ("-----BEGIN CERTIFICATE", 0), ("-----BEGIN CERTIFICATE-----", 0), ("", 0),
        ]
    )
    func found(text: String, count: Int) throws {
        let pem = PEMText(Array(text.utf8))
        guard count > 0 else {
            let fault = #expect(throws: StoreFault.self) { try pem.entries(.certificate) }
            #expect(fault?.reason == "it has no CERTIFICATE entry in PEM")
            return
        }
        #expect(try pem.entries(.certificate).map(\.bytes) == Array(repeating: [0, 1, 2], count: count))
    }

    @Test("the words of a key's label are looked for", arguments: ["", "RSA ", "EC ", "ENCRYPTED "])
    func keys(kind: String) throws {
        let text = "-----BEGIN \(kind)PRIVATE KEY-----\nAAEC\n-----END \(kind)PRIVATE KEY-----\n"
        #expect(try PEMText(Array(text.utf8)).entries(.privateKey).map(\.bytes) == [[0, 1, 2]])
        #expect(throws: StoreFault.self) { try PEMText(Array(text.utf8)).entries(.certificate) }
    }

    @Test(
        "Base64 is what it should be",
        arguments: [
            ("", [] as [UInt8]?), ("AAEC", [0, 1, 2]), ("AAE=", [0, 1]), ("AA==", [0]), ("A A\tE\n=", [0, 1]),
            ("////", [255, 255, 255]),
            ("+w==", [251]), ("A", nil), ("AAE==", nil), ("AA=A", nil), ("AA=", nil), ("A===", nil), ("====", nil),
            ("AA-_", nil),
        ]
    )
    func base64(text: String, bytes: [UInt8]?) {
        #expect(Base64.decode(text.utf8) == bytes)
    }
}
