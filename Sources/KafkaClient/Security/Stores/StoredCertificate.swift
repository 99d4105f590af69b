// SPDX-License-Identifier: Apache-2.0

/// A certificate as a store holds it. It is known to have the structure of a certificate; nothing else is checked here.
package struct StoredCertificate: Sendable, Equatable {
    /// The certificate in DER.
    package let der: [UInt8]
    /// The name of its owner in DER.
    let subject: [UInt8]
    /// The name of who signed it in DER.
    let issuer: [UInt8]

    /// Reads a certificate. What follows it is passed over, as Java does: OpenSSL's "trusted certificates" have a trailer.
    init(_ bytes: [UInt8]) throws(StoreFault) {
        guard let length = EncodedHeader.lengthOfSequence(bytes) else {
            throw StoreFault("a certificate is damaged")
        }
        der = Array(bytes[..<length])
        do throws(StoreFault) {
            var certificate = try EncodedValue(der).sequence()
            var body = try certificate.next().sequence()
            guard try certificate.next().isSequence, try certificate.next().isBitString else {
                throw StoreFault("no signature")
            }
            try certificate.end()
            // The version is optional; the serial number and the algorithm come before the names.
            let first = try body.next()
            if first.isTagged(0) { _ = try body.next() }
            _ = try body.next()
            let issuer = try body.next()
            let validity = try body.next()
            let subject = try body.next()
            guard issuer.isSequence, validity.isSequence, subject.isSequence else { throw StoreFault("no names") }
            self.issuer = issuer.encoded
            self.subject = subject.encoded
        } catch {
            throw StoreFault("a certificate is damaged")
        }
    }

    /// Whether it is signed by its own owner, by the names in it.
    var isSelfIssued: Bool { subject == issuer }
}
