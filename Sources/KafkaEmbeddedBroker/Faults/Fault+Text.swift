// SPDX-License-Identifier: Apache-2.0

extension Fault: CustomStringConvertible {
    /// The line of a fault file that describes it.
    public var description: String {
        var words: [String] = []
        switch event {
        case .request(let api): words.append(api.wordInFaults)
        case .anyRequest: words.append("any")
        case .connection: words.append("connection")
        case .login: words.append("login")
        }
        switch occurrence {
        case .always: break
        case .nth(let number): words.append("\(number)")
        case .range(let numbers): words.append("\(numbers.lowerBound)-\(numbers.upperBound)")
        case .from(let number): words.append("\(number)-")
        case .every(let number): words.append("every \(number)")
        case .chance(let probability):
            // Rounded to what a person would write.
            words.append("\((probability * 100_000_000).rounded() / 1_000_000)%")
        }
        if let limit { words.append("limit \(limit)") }
        if let node { words.append("node \(node)") }
        if let topic { words.append("topic \(topic)") }
        if let partition { words.append("partition \(partition)") }
        words.append("\(action)")
        return words.joined(separator: " ")
    }
}

extension Fault.Action: CustomStringConvertible {
    /// The words of a fault file for it.
    public var description: String {
        switch self {
        case .error(let code): "error \(code)"
        case .errorAfterAppend(let code): "error-after-append \(code)"
        case .drop: "drop"
        case .appendThenDrop: "append-then-drop"
        case .delay(let time): "delay \(time.milliseconds)ms"
        case .delayAnswer(let time): "delay-answer \(time.milliseconds)ms"
        case .noAnswer: "no-answer"
        case .torn(let bytes, let pause): "torn \(bytes) \(pause.milliseconds)ms"
        case .halfAnswer: "half-answer"
        case .wrongCorrelationID: "wrong-correlation-id"
        case .throttle(let time): "throttle \(time.milliseconds)ms"
        case .moveLeader(let node, let hints, let stale):
            "move-leader" + (node.map { " to \($0)" } ?? "") + (hints ? "" : " without-hints")
                + (stale > 0 ? " stale-metadata \(stale)" : "")
        case .down(let time, let keepsLeaders):
            "down \(time.milliseconds)ms" + (keepsLeaders ? " keeping-leaders" : "")
        case .kill(let time): "kill \(time.milliseconds)ms"
        case .freeze(let time): "freeze \(time.milliseconds)ms"
        case .part(let time, let node): "part \(time.milliseconds)ms" + (node.map { " from \($0)" } ?? "")
        case .refuseConnections(let time): "refuse-connections \(time.milliseconds)ms"
        case .forgetProducers(let refusing): "forget-producers" + (refusing ? " refusing" : "")
        case .alert(let number): "alert \(number)"
        case .closeAfter(let bytes): "close-after \(bytes)"
        case .certificate(let file, let keyFile): "certificate \(file) \(keyFile)"
        case .wrongSignature: "wrong-signature"
        case .iterations(let count): "iterations \(count)"
        case .lifetime(let time): "lifetime \(time.milliseconds)ms"
        case .expireAfter(let time): "expire-after \(time.milliseconds)ms"
        case .delayMarkers(let time): "delay-markers \(time.milliseconds)ms"
        case .moveCoordinator(let node, let time):
            "move-coordinator" + (node.map { " to \($0)" } ?? "")
                + (time > .zero ? " loading \(time.milliseconds)ms" : "")
        case .spoil(let damage): damage.rawValue
        case .refuseRecords(let text): "refuse-records containing \(text)"
        }
    }
}
