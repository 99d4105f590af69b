// SPDX-License-Identifier: Apache-2.0

/// Sources that are asked one after the other. The first that has credentials is the one for the whole run.
struct AWSCredentialChain: Sendable {
    let sources: [any AWSCredentialSource]

    /// The first credentials, and whose they are.
    ///
    /// - Throws: What each source said, in one line. It is worth another attempt if it is for one of them.
    func find() async throws(AWSFault) -> (credentials: AWSCredentials, source: any AWSCredentialSource) {
        var faults: [(name: String, fault: AWSFault)] = []
        for source in sources {
            do throws(AWSFault) {
                return (try await source.credentials(), source)
            } catch {
                faults.append((source.name, error))
            }
        }
        let words = faults.map { "\($0.name): \($0.fault)" }.joined(separator: "; ")
        let isPassing = faults.contains { $0.fault.kind == .passing }
        throw AWSFault(isPassing ? .passing : .failed, words)
    }
}
