// SPDX-License-Identifier: Apache-2.0

/// What a client says last in SCRAM: `c=BASE64,r=NONCE[,EXTENSION...],p=PROOF`.
struct ScramClientFinal: Equatable {
    /// The header of the first message once more.
    let header: [UInt8]
    let nonce: [UInt8]
    let proof: [UInt8]
    /// The message up to the proof, as it was received: proofs are made over these bytes.
    let withoutProof: [UInt8]

    /// Reads the bytes of a message; nil when they are none.
    init?(_ bytes: [UInt8]) {
        let fields = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard
            fields.count >= 3, let last = fields.last,
            let binding = ScramField(fields[0]), binding.key == UInt8(ascii: "c"),
            let nonce = ScramField(fields[1]), nonce.key == UInt8(ascii: "r"), nonce.isPrintable,
            let proof = ScramField(last), proof.key == UInt8(ascii: "p"),
            let header = Base64Text.decode(binding.value), let proven = Base64Text.decode(proof.value)
        else { return nil }
        guard fields[2..<(fields.count - 1)].allSatisfy(ScramExtension.isExtension) else { return nil }
        self.header = header
        self.nonce = Array(nonce.value)
        self.proof = proven
        withoutProof = Array(bytes[..<(last.startIndex - 1)])
    }
}
