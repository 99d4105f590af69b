// SPDX-License-Identifier: Apache-2.0
import Platform

/// The system's library for Kerberos (GSSAPI, RFC 2743), opened where it is needed: neither building nor starting this
/// program depends on it. It blocks: it asks servers and reads files.
///
/// This file has all that is unsafe about it.
@safe
final class GSSLibrary: Sendable {
    /// What a name is.
    enum NameKind {
        /// `service@host`.
        case service
        /// A principal, such as `alice@EXAMPLE.COM`.
        case principal
    }

    private typealias Pointer = UnsafeMutableRawPointer
    private typealias Status = UnsafeMutablePointer<UInt32>
    /// The address of a `GSSBuffer`.
    private typealias Buffer = UnsafeMutableRawPointer
    private typealias Object = UnsafeMutablePointer<UnsafeMutableRawPointer?>

    private typealias ImportName = @Sendable @convention(c) (Status, Buffer, Pointer?, Object) -> UInt32
    private typealias DisplayName = @Sendable @convention(c) (Status, Pointer?, Buffer, Object?) -> UInt32
    private typealias AcquireCredential =
        @Sendable @convention(c) (
            Status, Pointer?, UInt32, Pointer?, Int32, Pointer?, Object, Object?, Status?
        ) -> UInt32
    private typealias InquireCredential =
        @Sendable @convention(c) (
            Status, Pointer?, Object?, Status?, UnsafeMutablePointer<Int32>?, Object?
        ) -> UInt32
    private typealias InitContext =
        @Sendable @convention(c) (
            Status, Pointer?, Object, Pointer?, Pointer?, UInt32, UInt32, Pointer?, Buffer?, Object?, Buffer, Status?,
            Status?
        ) -> UInt32
    private typealias Wrap =
        @Sendable @convention(c) (
            Status, Pointer?, Int32, UInt32, Buffer, UnsafeMutablePointer<Int32>?, Buffer
        ) -> UInt32
    private typealias Unwrap =
        @Sendable @convention(c) (
            Status, Pointer?, Buffer, Buffer, UnsafeMutablePointer<Int32>?, Status?
        ) -> UInt32
    private typealias DisplayStatus =
        @Sendable @convention(c) (
            Status, UInt32, Int32, Pointer?, Status, Buffer
        ) -> UInt32
    private typealias Release = @Sendable @convention(c) (Status, Object) -> UInt32
    private typealias DeleteContext = @Sendable @convention(c) (Status, Object, Buffer?) -> UInt32
    private typealias ReleaseBuffer = @Sendable @convention(c) (Status, Buffer) -> UInt32

    private let importName: ImportName
    private let displayName: DisplayName
    private let acquireCredential: AcquireCredential
    private let inquireCredential: InquireCredential
    private let initContext: InitContext
    private let wrapMessage: Wrap
    private let unwrapMessage: Unwrap
    private let displayStatus: DisplayStatus
    private let releaseBuffer: ReleaseBuffer
    private let releaseName: Release
    private let releaseCredential: Release
    private let deleteContext: DeleteContext

    /// How the library is called here, unless a test asks for another one.
    static let fileName = "libgssapi_krb5.so.2"
    /// The library, or why there is none. It stays open.
    static let shared = Result { () throws(GSSFault) in try GSSLibrary(fileName) }

    /// Opens the library.
    ///
    /// - Throws: What to install.
    init(_ fileName: String) throws(GSSFault) {
        guard let handle = unsafe dlopen(fileName, RTLD_NOW | RTLD_LOCAL) else { throw .missing(fileName) }
        func function<Function>(_ name: String, as type: Function.Type) throws(GSSFault) -> Function {
            guard let symbol = unsafe dlsym(handle, name) else { throw .missing(fileName) }
            return unsafe unsafeBitCast(symbol, to: type)
        }
        unsafe importName = try function("gss_import_name", as: ImportName.self)
        unsafe displayName = try function("gss_display_name", as: DisplayName.self)
        unsafe acquireCredential = try function("gss_acquire_cred_from", as: AcquireCredential.self)
        unsafe inquireCredential = try function("gss_inquire_cred", as: InquireCredential.self)
        unsafe initContext = try function("gss_init_sec_context", as: InitContext.self)
        unsafe wrapMessage = try function("gss_wrap", as: Wrap.self)
        unsafe unwrapMessage = try function("gss_unwrap", as: Unwrap.self)
        unsafe displayStatus = try function("gss_display_status", as: DisplayStatus.self)
        unsafe releaseBuffer = try function("gss_release_buffer", as: ReleaseBuffer.self)
        unsafe releaseName = try function("gss_release_name", as: Release.self)
        unsafe releaseCredential = try function("gss_release_cred", as: Release.self)
        unsafe deleteContext = try function("gss_delete_sec_context", as: DeleteContext.self)
    }

    // MARK: Names and credentials

    /// A name.
    func name(_ text: String, _ kind: NameKind) throws(GSSFault) -> GSSHandle {
        var handle = GSSHandle(.name, self)
        var minor: UInt32 = 0
        let type = kind == .service ? GSSIdentifier.hostBasedService : GSSIdentifier.principal
        let major = unsafe withInput(Array(text.utf8)) { buffer in
            unsafe importName(&minor, buffer, type.pointer, &handle.pointer)
        }
        try check(major, minor)
        return handle
    }

    /// No name, which stands for any.
    func noName() -> GSSHandle { GSSHandle(.name, self) }

    /// Credentials to begin contexts with.
    ///
    /// - Parameters:
    ///   - principal: Whose; no name for whose there are.
    ///   - store: Where they are: `ccache`, `client_keytab`; empty for the usual place.
    /// - Returns: The credentials.
    /// - Throws: What the library says.
    func credential(of principal: borrowing GSSHandle, store: [(key: String, value: String)]) throws(GSSFault)
        -> GSSHandle
    {
        var handle = GSSHandle(.credential, self)
        var minor: UInt32 = 0
        let mechanisms = unsafe GSSIdentifier.kerberosSet
        let name = unsafe principal.pointer
        let major = unsafe withStore(store) { store in
            unsafe acquireCredential(
                &minor,
                name,
                Self.unlimited,
                mechanisms,
                Self.toInitiate,
                store,
                &handle.pointer,
                nil,
                nil
            )
        }
        try check(major, minor)
        return handle
    }

    /// Whose credentials they are, and for how many seconds still; nil for ever.
    func inquire(_ credential: borrowing GSSHandle) throws(GSSFault) -> (principal: String, lifetime: UInt32?) {
        var (minor, lifetime): (UInt32, UInt32) = (0, 0)
        var name = GSSHandle(.name, self)
        let major = unsafe inquireCredential(&minor, credential.pointer, &name.pointer, &lifetime, nil, nil)
        try check(major, minor)
        var output = unsafe GSSBuffer()
        let displayed = unsafe displayName(&minor, name.pointer, &output, nil)
        let text = unsafe take(&output)
        try check(displayed, minor)
        return (String(decoding: text, as: UTF8.self), lifetime == Self.unlimited ? nil : lifetime)
    }

    // MARK: Contexts

    /// A context that does not exist yet.
    func makeContext() -> GSSHandle { GSSHandle(.context, self) }

    /// Goes on with the making of a context. The token is what the other side said; it is empty at the beginning.
    ///
    /// - Returns: What to say to the other side, and whether the context is complete.
    /// - Throws: What the library says.
    func step(
        _ context: inout GSSHandle,
        with credential: borrowing GSSHandle,
        to target: borrowing GSSHandle,
        token: [UInt8]
    ) throws(GSSFault) -> (token: [UInt8], isComplete: Bool) {
        var minor: UInt32 = 0
        var output = unsafe GSSBuffer()
        let (credentialPointer, targetPointer) = unsafe (credential.pointer, target.pointer)
        let major = unsafe withInput(token) { input in
            unsafe initContext(
                &minor,
                credentialPointer,
                &context.pointer,
                targetPointer,
                GSSIdentifier.kerberos.pointer,
                Self.flags,
                0,
                nil,
                token.isEmpty ? nil : input,
                nil,
                &output,
                nil,
                nil
            )
        }
        let answer = unsafe take(&output)
        try check(major, minor)
        return (answer, major & Self.continueNeeded == 0)
    }

    /// Protects a message against changes; it is not encrypted.
    func wrap(_ message: [UInt8], in context: borrowing GSSHandle) throws(GSSFault) -> [UInt8] {
        var minor: UInt32 = 0
        var output = unsafe GSSBuffer()
        let pointer = unsafe context.pointer
        let major = unsafe withInput(message) { unsafe wrapMessage(&minor, pointer, 0, 0, $0, nil, &output) }
        let answer = unsafe take(&output)
        try check(major, minor)
        return answer
    }

    /// The message in a protected one.
    func unwrap(_ message: [UInt8], in context: borrowing GSSHandle) throws(GSSFault) -> [UInt8] {
        var minor: UInt32 = 0
        var output = unsafe GSSBuffer()
        let pointer = unsafe context.pointer
        let major = unsafe withInput(message) { unsafe unwrapMessage(&minor, pointer, $0, &output, nil, nil) }
        let answer = unsafe take(&output)
        try check(major, minor)
        return answer
    }

    fileprivate func release(_ handle: inout UnsafeMutableRawPointer?, _ kind: GSSHandle.Kind) {
        guard unsafe handle != nil else { return }
        var minor: UInt32 = 0
        switch kind {
        case .name: _ = unsafe releaseName(&minor, &handle)
        case .credential: _ = unsafe releaseCredential(&minor, &handle)
        case .context: _ = unsafe deleteContext(&minor, &handle, nil)
        }
    }

    // MARK: Errors

    /// Throws for a status that is an error: those have bits above the 16 lowest.
    private func check(_ major: UInt32, _ minor: UInt32) throws(GSSFault) {
        guard major >> 16 != 0 else { return }
        throw GSSFault(major: text(of: major, kind: 1), minor: minor == 0 ? "" : text(of: minor, kind: 2), code: minor)
    }

    private func text(of status: UInt32, kind: Int32) -> String {
        var texts: [String] = []
        var more: UInt32 = 0
        repeat {
            var minor: UInt32 = 0
            var output = unsafe GSSBuffer()
            guard unsafe displayStatus(&minor, status, kind, GSSIdentifier.kerberos.pointer, &more, &output) == 0 else {
                break
            }
            texts.append(String(decoding: unsafe take(&output), as: UTF8.self))
        } while more != 0 && texts.count < 8
        return texts.joined(separator: ", ")
    }

    // MARK: Memory

    /// The bytes of a buffer that the library made, which is released.
    private func take(_ buffer: inout GSSBuffer) -> [UInt8] {
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: buffer.value, count: buffer.length))
        var minor: UInt32 = 0
        _ = unsafe releaseBuffer(&minor, &buffer)
        return bytes
    }

    private func withInput<Result>(_ bytes: [UInt8], _ body: (Buffer) -> Result) -> Result {
        var bytes = bytes
        return unsafe bytes.withUnsafeMutableBytes { memory in
            var buffer = unsafe GSSBuffer(length: memory.count, value: memory.baseAddress)
            return unsafe body(&buffer)
        }
    }

    /// A set of keys and values: a count and the address of pairs of C strings.
    private func withStore<Result>(_ store: [(key: String, value: String)], _ body: (Pointer?) -> Result) -> Result {
        guard !store.isEmpty else { return body(nil) }
        let texts = store.flatMap { [$0.key, $0.value] }
        var pairs: [UnsafeMutablePointer<CChar>?] = unsafe texts.map { unsafe strdup($0) }
        let copies = unsafe pairs
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe pairs.withUnsafeMutableBytes { memory in
            var set = unsafe GSSArray(count: UInt32(store.count), elements: memory.baseAddress)
            return unsafe withUnsafeMutablePointer(to: &set) { unsafe body(Pointer($0)) }
        }
    }

    private static let unlimited = UInt32.max
    private static let toInitiate: Int32 = 1
    private static let continueNeeded: UInt32 = 1
    /// The other side proves itself, and messages can be protected, in their order.
    private static let flags: UInt32 = 2 | 8 | 32
}

/// Something of the library's: a name, credentials or a context. It is released with its end.
@safe
struct GSSHandle: ~Copyable {
    fileprivate enum Kind {
        case name, credential, context
    }

    fileprivate var pointer: UnsafeMutableRawPointer?
    private let kind: Kind
    private let library: GSSLibrary

    fileprivate init(_ kind: Kind, _ library: GSSLibrary) {
        unsafe pointer = nil
        self.kind = kind
        self.library = library
    }

    deinit {
        var pointer = unsafe pointer
        unsafe library.release(&pointer, kind)
    }
}

/// `gss_buffer_desc`.
@unsafe
private struct GSSBuffer {
    var length = 0
    var value: UnsafeMutableRawPointer?
}

/// `gss_OID_desc`, `gss_OID_set_desc` and `gss_key_value_set_desc`, which all have a number and an address. The number of a
/// set of identifiers is a `size_t`, whose upper half is padding in the others.
@unsafe
private struct GSSArray {
    var count: UInt32
    private var padding: UInt32 = 0
    var elements: UnsafeMutableRawPointer?

    init(count: UInt32, elements: UnsafeMutableRawPointer?) {
        unsafe self.count = count
        unsafe self.elements = elements
    }
}

/// Object identifiers in memory that stays: the library keeps their addresses.
@safe
private struct GSSIdentifier: @unchecked Sendable {
    /// Never changed after it was made.
    let pointer: UnsafeMutableRawPointer

    private init(_ bytes: [UInt8]) {
        let elements = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        unsafe elements.copyBytes(from: bytes)
        unsafe pointer = Self.array(count: bytes.count, elements.baseAddress)
    }

    private static func array(count: Int, _ elements: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
        let memory = UnsafeMutablePointer<GSSArray>.allocate(capacity: 1)
        unsafe memory.initialize(to: GSSArray(count: UInt32(count), elements: elements))
        return UnsafeMutableRawPointer(memory)
    }

    /// 1.2.840.113554.1.2.2, Kerberos.
    static let kerberos = GSSIdentifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2])
    /// 1.2.840.113554.1.2.1.4, `service@host`.
    static let hostBasedService = GSSIdentifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 1, 4])
    /// 1.2.840.113554.1.2.2.1, a principal.
    static let principal = GSSIdentifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2, 1])
    /// The set of Kerberos alone.
    static var kerberosSet: UnsafeMutableRawPointer { unsafe setOfKerberos.pointer }

    private static let setOfKerberos = unsafe GSSIdentifier(pointer: array(count: 1, kerberos.pointer))

    private init(pointer: UnsafeMutableRawPointer) {
        unsafe self.pointer = pointer
    }
}
