// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What a fault plan wants to happen to one request. It is put together from all faults that fit; of those that exclude
/// each other the first one counts.
struct FaultOrders {
    /// What becomes of the answer.
    enum Ending: Hashable {
        case whole
        /// Not sent: the connection is closed.
        case dropped
        /// Not sent, and nothing after it.
        case withheld
        case torn(bytes: Int, pause: Duration)
        case halved
    }

    /// An error that is answered for some part of the request.
    struct Failure: Hashable {
        var code: ErrorCode
        var isAfterAppend: Bool
        var scope: FaultScope
    }

    /// Records that are refused in some part of the request.
    struct Refusal: Hashable {
        var text: String
        var scope: FaultScope
    }

    /// Records that are not what was stored, in some part of the answer.
    struct Spoiling: Hashable {
        var damage: SpoiledBatch.Damage
        var scope: FaultScope
    }

    /// Something that happens to the cluster before the request is served.
    struct Change: Hashable {
        enum Kind: Hashable {
            case moveLeader(to: Int32?, hints: Bool, staleMetadata: Int)
            case moveCoordinator(to: Int32?, loading: Duration)
            case forgetProducers(refusing: Bool)
            case down(Duration, NodeEnding)
            case freeze(Duration)
            case part(Duration, from: Int32?)
            case refuseConnections(Duration)
        }

        var kind: Kind
        var scope: FaultScope
    }

    private(set) var changes: [Change] = []
    /// Whether the connection is closed before the request is served.
    private(set) var isDropped = false
    /// How long the request waits before it is served.
    private(set) var delay = Duration.zero
    /// How long the markers of a transaction wait that the request ends; nil for as long as all do.
    private(set) var markerDelay: Duration?
    /// How long the answer waits.
    private(set) var answerDelay = Duration.zero
    private(set) var failures: [Failure] = []
    private(set) var refusals: [Refusal] = []
    private(set) var spoilings: [Spoiling] = []
    /// What happens to a connection that begins.
    private(set) var connection: ConnectionFault?
    /// What goes wrong with a login.
    private(set) var login = LoginFaults()
    private(set) var throttle: Duration?
    private(set) var hasWrongCorrelationID = false
    private(set) var ending = Ending.whole
    /// The names of topics that the request names by their ids.
    var names: [TopicID: String] = [:]
    /// The faults that it was put together from.
    private(set) var faults: [Fault] = []

    mutating func add(_ fault: Fault) {
        faults.append(fault)
        let scope = FaultScope(fault)
        switch fault.action {
        case .error(let code): failures.append(Failure(code: code, isAfterAppend: false, scope: scope))
        case .errorAfterAppend(let code): failures.append(Failure(code: code, isAfterAppend: true, scope: scope))
        case .drop: isDropped = true
        case .appendThenDrop: end(.dropped)
        case .delay(let time): delay += time
        case .delayAnswer(let time): answerDelay += time
        case .noAnswer: end(.withheld)
        case .torn(let bytes, let pause): end(.torn(bytes: bytes, pause: pause))
        case .halfAnswer: end(.halved)
        case .wrongCorrelationID: hasWrongCorrelationID = true
        case .throttle(let time): throttle = max(throttle ?? time, time)
        case .moveLeader(let node, let hints, let stale):
            let node = node.map { Int32(clamping: $0) }
            change(.moveLeader(to: node, hints: hints, staleMetadata: stale), scope)
        case .down(let time, let keepsLeaders): change(.down(time, keepsLeaders ? .unnoticed : .stopped), scope)
        case .kill(let time): change(.down(time, .killed), scope)
        case .freeze(let time): change(.freeze(time), scope)
        case .part(let time, let node): change(.part(time, from: node.map { Int32(clamping: $0) }), scope)
        case .refuseConnections(let time): change(.refuseConnections(time), scope)
        case .forgetProducers(let refusing): change(.forgetProducers(refusing: refusing), scope)
        case .alert(let number): connection = connection ?? .alert(UInt8(clamping: number))
        case .closeAfter(let bytes): connection = connection ?? .closeAfter(bytes: bytes)
        case .certificate(let file, let keyFile):
            connection = connection ?? .certificate(EmbeddedBroker.TLS(certificate: .file(file), key: .file(keyFile)))
        case .wrongSignature: login.scram.hasWrongSignature = true
        case .iterations(let count): login.scram.iterations = login.scram.iterations ?? count
        case .lifetime(let time): login.lifetime = login.lifetime ?? time
        case .expireAfter(let time): login.silentEnd = login.silentEnd ?? time
        case .delayMarkers(let time): markerDelay = markerDelay ?? time
        case .moveCoordinator(let node, let time):
            change(.moveCoordinator(to: node.map { Int32(clamping: $0) }, loading: time), scope)
        case .spoil(let damage): spoilings.append(Spoiling(damage: damage, scope: scope))
        case .refuseRecords(let text): refusals.append(Refusal(text: text, scope: scope))
        }
    }

    /// Whether nothing new is to be made, since the answer is an error.
    var preventsCreation: Bool { failures.contains { !$0.isAfterAppend } }

    /// The error with which a step of a login fails; nil for none.
    var loginRefusal: ErrorCode? { failures.first { !$0.isAfterAppend }?.code }

    /// The error with which this partition is answered without anything being done; nil for none.
    func error(topic: String, partition: Int32?) -> ErrorCode? {
        failures.first { !$0.isAfterAppend && $0.scope.covers(topic: topic, partition: partition) }?.code
    }

    /// The texts that no record for this partition may contain.
    func refusedTexts(topic: String, partition: Int32) -> [String] {
        refusals.filter { $0.scope.covers(topic: topic, partition: partition) }.map(\.text)
    }

    private mutating func end(_ ending: Ending) {
        if self.ending == .whole { self.ending = ending }
    }

    private mutating func change(_ kind: Change.Kind, _ scope: FaultScope) {
        changes.append(Change(kind: kind, scope: scope))
    }
}
