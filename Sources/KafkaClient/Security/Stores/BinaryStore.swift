// SPDX-License-Identifier: Apache-2.0

/// Reads a store of type JKS or PKCS12. Java reads either format under either name, so the first bytes decide here too.
enum BinaryStore {
    private static let sequence: UInt8 = 0x30
    private static let jceks: [UInt8] = [0xCE, 0xCE, 0xCE, 0xCE]

    /// The contents of a store.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - password: The store's password, or nil to read what can be read without, unchecked.
    /// - Returns: What the store holds.
    /// - Throws: Why it cannot be read.
    static func contents(_ bytes: [UInt8], password: StorePassword?) throws(StoreFault) -> StoreContents {
        guard !bytes.isEmpty else { throw StoreFault("it is empty") }
        if bytes.starts(with: JavaKeyStore.magic) { return try JavaKeyStore.contents(bytes, password: password) }
        if bytes.first == sequence { return try PKCS12Store.contents(bytes, password: password) }
        if bytes.starts(with: jceks) { throw StoreFault("it is in the format of JCEKS; \(StoreType.conversion)") }
        if bytes.starts(with: Array("-----".utf8)) {
            throw StoreFault("it is in the format of PEM: set the type to PEM")
        }
        throw StoreFault("it is in the format of neither JKS nor PKCS12")
    }
}
