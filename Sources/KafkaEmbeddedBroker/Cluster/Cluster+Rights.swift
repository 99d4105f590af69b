// SPDX-License-Identifier: Apache-2.0

/// What principals may do to the cluster as a whole.
extension Cluster {
    /// Whether a principal may make a topic: with the right to make any, or this one.
    func mayCreateTopic(_ name: String, _ principal: String) -> Bool {
        authorizer.allows(principal, .create, .cluster) || authorizer.allows(principal, .create, .topic, name)
    }

    /// A bit for each operation that a principal may do to the cluster; none when it may not see the cluster.
    func clusterOperations(of principal: String) -> Int32 {
        guard authorizer.allows(principal, .describe, .cluster) else { return 0 }
        return authorizer.operations(of: principal, on: .cluster)
    }
}
