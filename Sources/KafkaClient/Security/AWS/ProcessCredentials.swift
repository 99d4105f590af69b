// SPDX-License-Identifier: Apache-2.0

/// Credentials that a program prints: `credential_process` of a profile.
struct ProcessCredentials: AWSCredentialSource {
    let name: String
    let command: String
    let environment: AWSEnvironment

    func credentials() async throws(AWSFault) -> AWSCredentials {
        let output: [UInt8]
        do throws(AWSFault) {
            output = try await environment.run(command)
        } catch {
            throw AWSFault(error.kind, "its credential_process: \(error)")
        }
        guard let document = AWSCredentialDocument(output), document.version == 1 else {
            throw AWSFault(.failed, "its credential_process: it printed no JSON object with Version 1")
        }
        guard let credentials = document.credentials else {
            throw AWSFault(.failed, "its credential_process: it printed no AccessKeyId and SecretAccessKey")
        }
        guard credentials.expiration.map({ $0 > environment.now() }) ?? true else {
            throw AWSFault(.failed, "its credential_process: it printed credentials that ended already")
        }
        return credentials
    }
}

extension ProcessCredentials: CustomStringConvertible, CustomReflectable {
    /// Nothing of the command, which may have a secret in it.
    var description: String { name }
    /// What `dump` shows: nothing.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
