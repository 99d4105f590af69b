// SPDX-License-Identifier: Apache-2.0

/// What `replicas.state` says of a partition with several replicas: `1,2,3 in-sync 1,2 leader 1 epoch 4`.
struct StoredReplicas: Equatable {
    var replicas: [Int32]
    var inSync: [Int32]
    var leader: Int32
    var epoch: Int32

    init(_ state: ReplicationState) {
        replicas = state.replicas
        inSync = state.inSync
        leader = state.leader
        epoch = state.leadership.epoch
    }

    /// Reads a value; nil when it was damaged.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 7, words[1] == "in-sync", words[3] == "leader", words[5] == "epoch",
            let replicas = Self.nodes(words[0]), let inSync = Self.nodes(words[2]), let leader = Int32(words[4]),
            let epoch = Int32(words[6]), (0...Self.largestEpoch).contains(epoch),
            Set(replicas).count == replicas.count, Set(inSync).isSubset(of: replicas)
        else { return nil }
        self.replicas = replicas
        self.inSync = inSync
        self.leader = leader
        self.epoch = epoch
    }

    private static let largestEpoch: Int32 = 1 << 30

    private static func nodes(_ text: Substring) -> [Int32]? {
        let nodes = text.split(separator: ",", omittingEmptySubsequences: false).map { Int32($0) }
        guard nodes.allSatisfy({ $0.map { (1...1000).contains($0) } ?? false }) else { return nil }
        return nodes.compactMap(\.self)
    }

    var text: String {
        func list(_ nodes: [Int32]) -> String { nodes.map(String.init).joined(separator: ",") }
        return "\(list(replicas)) in-sync \(list(inSync)) leader \(leader) epoch \(epoch)"
    }
}
