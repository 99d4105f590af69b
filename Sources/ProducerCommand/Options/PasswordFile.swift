// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// A file with a password in its one line. It is read once, so that it may be a pipe: `--password-file <(pass show kafka)`.
final class PasswordFile: Sendable {
    private enum Content {
        case password(String)
        case fault(ConfigurationError)
    }

    let path: String
    private let content = Mutex<Content?>(nil)

    init(path: String) {
        self.path = path
    }

    /// The password: the line without its end.
    func password(_ environment: some ConfigurationEnvironment) throws(ConfigurationError) -> String {
        let content = content.withLock { content in
            let read = content ?? Self.read(path, environment)
            content = read
            return read
        }
        switch content {
        case .password(let text): return text
        case .fault(let fault): throw fault
        }
    }

    private static func read(_ path: String, _ environment: some ConfigurationEnvironment) -> Content {
        let option = Credentials.fileOption
        let fault = { (reason: String) in Content.fault(ConfigurationError(message: "\(option) \(path): \(reason)")) }
        let bytes: [UInt8]
        do throws(FileAccessError) {
            bytes = try environment.contents(ofFile: path)
        } catch {
            return fault(error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return fault("the password is no text in UTF-8")
        }
        var line = text[...]
        if line.last?.isNewline == true { line.removeLast() }
        if line.isEmpty { return fault("there is no password in it") }
        if line.contains(where: \.isNewline) { return fault("it has several lines; a password is one") }
        return .password(String(line))
    }
}
