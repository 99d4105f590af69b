// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// Replicas of one partition, of which a seed decides who writes, fetches, stops, is parted and elected. Whatever happens, what
/// all replicas in sync had stays.
@Suite("Replicas at random")
struct ReplicationModelTests {
    private static let nodes: [Int32] = [1, 2, 3]
    private static let maximumLag: Int64 = 30

    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// The partition, and what is known of it from outside.
    private struct World {
        let set: ReplicaSet
        var down: Set<Int32> = []
        var links = NodeLinks()
        var now: Int64 = 1000
        var written = 0
        /// What was acknowledged with acks=all, by offset.
        var acknowledged: [Int64: String] = [:]
        /// What waits for that.
        var waiting: [Int64: String] = [:]
        var highWatermark: Int64 = 0

        func isActive(_ node: Int32) -> Bool { !down.contains(node) }

        func canFetch(_ follower: Int32, _ leader: Int32) -> Bool {
            isActive(follower) && isActive(leader) && links.connect(follower, leader)
        }
    }

    private func makeSet(in directory: String?, segmentBytes: Int) throws -> ReplicaSet {
        let replicas = try Self.nodes.map { node in
            let folder = directory.map { "\($0)/node-\(node)" }
            if let folder { try Directory.make(folder) }
            let options = PartitionLog.Options(directory: folder, segmentBytes: segmentBytes)
            return Replica(nodeID: node, log: try PartitionLog(options: options, logger: .silent), epochs: nil)
        }
        let state = ReplicationState(replicas: Self.nodes, inSync: Self.nodes, epoch: -1, highWatermark: 0)
        let set = ReplicaSet(topic: "t", index: 0, replicas: replicas, state: state)
        set.elect(1, now: 1000)
        return set
    }

    @Test(
        "what acks=all acknowledged is in the log of each later leader, and replicas in sync agree",
        arguments: 0..<100,
        [false, true]
    )
    func acknowledged(seed: Int, inFiles: Bool) async throws {
        try await withTemporaryDirectory { directory in
            var dice = Dice(state: UInt64(seed) &* 7919 &+ 11)
            let segmentBytes = [200, 1000, 1 << 20].randomElement(using: &dice) ?? 200
            var world = World(set: try makeSet(in: inFiles ? directory : nil, segmentBytes: segmentBytes))
            for _ in 0..<300 {
                try step(&world, &dice)
                try check(world, "seed \(seed)")
                world.highWatermark = world.set.state.highWatermark
            }
            // In the end all run and reach each other, and have the same.
            world.links.healAll()
            world.down = []
            findLeader(&world)
            for _ in 0..<200 { fetch(&world) }
            let logs = try world.set.replicas.map { try values(of: $0.log) }
            #expect(logs[0] == logs[1] && logs[1] == logs[2], "seed \(seed)")
            #expect(world.set.state.inSync == Self.nodes, "seed \(seed)")
            #expect(world.set.state.highWatermark == world.set.leading?.log.logEndOffset, "seed \(seed)")
            try check(world, "seed \(seed)")
        }
    }

    private func step(_ world: inout World, _ dice: inout Dice) throws {
        world.now += Int64.random(in: 0..<6, using: &dice)
        let node = Self.nodes.randomElement(using: &dice) ?? 1
        let other = Self.nodes.randomElement(using: &dice) ?? 1
        switch Int.random(in: 0..<20, using: &dice) {
        case 0..<7: try write(&world, wantsAll: Bool.random(using: &dice))
        case 7..<12: fetch(&world)
        case 12: stop(node, &world)
        case 13, 14:
            world.down.remove(node)
            findLeader(&world)
        case 15: world.links.part(node, other)
        case 16: world.links.heal(node, other)
        case 17: world.links.healAll()
        case 18:
            let now = world.now
            if world.isActive(world.set.state.leader) {
                world.set.change { $0.dropLaggards(now: now, maximumLag: Self.maximumLag) }
            }
        default:
            if world.isActive(node), world.set.state.inSync.contains(node), world.set.state.leader != node {
                elect(node, &world)
            }
        }
        confirm(&world)
    }

    private func write(_ world: inout World, wantsAll: Bool) throws {
        guard let leading = world.set.leading, world.isActive(leading.nodeID) else { return }
        world.written += 1
        let value = "record \(world.written)"
        let bytes = try TestBatch.make([value])
        let batch = CheckedBatch(bytes: bytes, header: try RecordBatchHeader(decoding: bytes))
        let offset = try leading.log.append(batch, leaderEpoch: world.set.state.leadership.epoch)
        world.set.appended(bytes: bytes.readableBytes)
        if wantsAll { world.waiting[offset] = value }
    }

    private func fetch(_ world: inout World) {
        _ = world.set.fetch(now: world.now, canFetch: world.canFetch) { _, error in Issue.record("\(error)") }
        confirm(&world)
    }

    private func stop(_ node: Int32, _ world: inout World) {
        guard !world.down.contains(node) else { return }
        world.down.insert(node)
        var needsLeader = false
        world.set.change { needsLeader = $0.left(node) }
        if needsLeader { elect(world.set.state.candidate(mayBeUnclean: false, world.isActive), &world) }
    }

    private func findLeader(_ world: inout World) {
        guard world.set.state.leader == Partition.noLeader else { return }
        let next = world.set.state.candidate(mayBeUnclean: false, world.isActive)
        if next != Partition.noLeader { elect(next, &world) }
    }

    private func elect(_ node: Int32, _ world: inout World) {
        confirm(&world)
        // Who waits is told that another one leads.
        world.waiting = [:]
        world.set.elect(node, now: world.now)
    }

    private func confirm(_ world: inout World) {
        _ = world.set.settle()
        for (offset, value) in world.waiting where offset < world.set.state.highWatermark {
            world.acknowledged[offset] = value
            world.waiting[offset] = nil
        }
    }

    private func check(_ world: World, _ seed: String) throws {
        let state = world.set.state
        #expect(state.highWatermark >= world.highWatermark, "\(seed)")
        #expect(!state.inSync.isEmpty && Set(state.inSync).isSubset(of: Self.nodes), "\(seed)")
        for node in state.inSync {
            let log = try #require(world.set.replica(on: node)?.log)
            #expect(log.logEndOffset >= state.highWatermark, "\(seed): \(node)")
            let values = try values(of: log)
            for (offset, value) in world.acknowledged {
                guard values[offset] != value else { continue }
                Issue.record("\(seed): \(node) has \(values[offset] ?? "nothing") at \(offset) and not \(value)")
            }
        }
    }

    private func values(of log: PartitionLog) throws -> [Int64: String] {
        var values: [Int64: String] = [:]
        var next = log.logStartOffset
        while next < log.logEndOffset {
            let bytes = try log.batches(from: next, maximumBytes: 1 << 20, atLeastOne: true)
            var splitter = RecordBatchSplitter(bytes)
            while let batch = try splitter.next() {
                values[batch.header.baseOffset] = try batch.records()[0].value.map { String(buffer: $0) }
                next = batch.header.lastOffset + 1
            }
        }
        return values
    }
}
