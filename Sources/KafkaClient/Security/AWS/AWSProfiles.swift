// SPDX-License-Identifier: Apache-2.0

/// The profiles of both files of AWS's programs.
struct AWSProfiles {
    /// Where they are from, for messages.
    let origin: String
    private let config: AWSProfileFile
    private let credentials: AWSProfileFile

    /// Reads `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or `~/.aws/config` and `~/.aws/credentials`. A file that
    /// is not there has no profiles.
    init(_ environment: AWSEnvironment) throws(AWSFault) {
        let configPath = environment.expanded(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config")
        let credentialsPath = environment.expanded(environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials")
        config = try Self.read(configPath, .config, environment)
        credentials = try Self.read(credentialsPath, .credentials, environment)
        origin = "\(credentialsPath) or \(configPath)"
    }

    /// A profile; nil when neither file has it. What the credentials file says goes before what the other one says.
    subscript(name: String) -> AWSProfile? {
        switch (config.profiles[name], credentials.profiles[name]) {
        case (let config?, let credentials?): config.merging(credentials)
        case (let config, let credentials): config ?? credentials
        }
    }

    private static func read(
        _ path: String,
        _ kind: AWSProfileFile.Kind,
        _ environment: AWSEnvironment
    ) throws(AWSFault) -> AWSProfileFile {
        guard let bytes = try environment.file(path) else { return AWSProfileFile() }
        do throws(AWSProfileFile.Fault) {
            return try AWSProfileFile(bytes, kind: kind)
        } catch {
            throw AWSFault(.failed, "\(path):\(error.line): \(error.reason)")
        }
    }
}
