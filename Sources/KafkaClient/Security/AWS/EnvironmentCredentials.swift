// SPDX-License-Identifier: Apache-2.0

/// Credentials of the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: AWSCredentialSource {
    let environment: AWSEnvironment

    var name: String { "environment" }

    func credentials() async throws(AWSFault) -> AWSCredentials {
        switch (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) {
        case (let id?, let secret?):
            let token = environment["AWS_SESSION_TOKEN"].map { Secret($0) }
            return AWSCredentials(accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token)
        case (nil, nil): throw AWSFault(.absent, "AWS_ACCESS_KEY_ID is not set")
        case (nil, _): throw AWSFault(.failed, "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not")
        case (_, nil): throw AWSFault(.failed, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
        }
    }
}
