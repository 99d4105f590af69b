// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Variables and files that a test makes up.
struct TestEnvironment: ConfigurationEnvironment {
    var variables: [String: String] = [:]
    var files: [String: String] = [:]
    /// Files that other users can read.
    var shared: Set<String> = []

    func variable(named name: String) -> String? { variables[name] }

    func contents(ofFile path: String) throws(FileAccessError) -> [UInt8] {
        guard let text = files[path] else { throw FileAccessError(reason: "No such file or directory") }
        return Array(text.utf8)
    }

    func isReadableByOthers(_ path: String) -> Bool { shared.contains(path) }

    func kind(ofPath path: String) -> PathKind? {
        if files[path] != nil { return .file }
        return files.keys.contains { $0.hasPrefix(path + "/") } ? .directory : nil
    }
}

extension ProducerConfiguration {
    /// A configuration from the text of a settings file named `producer.config`.
    ///
    /// - Parameters:
    ///   - text: the file; a bootstrap server is put in when it names none.
    ///   - environment: what `config.providers` sees.
    /// - Throws: `ConfigurationError`, as merging does.
    init(text: String, environment: TestEnvironment = TestEnvironment()) throws(ConfigurationError) {
        let server = PropertySource(name: "test", key: "bootstrap.servers", value: "localhost:9092")
        let file = try PropertySource(name: "producer.config", contents: Array(text.utf8))
        try self.init(merging: [server, file], environment: environment)
    }

    /// The text of one effective value.
    ///
    /// - Parameter key: the setting's name.
    /// - Returns: its text, or `nil` for a key that does not exist.
    func effective(_ key: String) -> String? { effectiveValues.first { $0.key == key }?.text }
}
