// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// The words of a line of a fault file, taken one after the other.
struct FaultWords {
    /// What cannot be read.
    struct Objection: Error {
        let reason: String
    }

    private var words: [Substring]

    init(_ text: some StringProtocol) {
        words = String(text).split(whereSeparator: \.isWhitespace)
    }

    /// Reads a whole line.
    mutating func fault() throws(Objection) -> Fault {
        var fault = Fault(.drop, to: try event(), when: try occurrence())
        while let word = words.first.flatMap({ Restriction(rawValue: String($0)) }) {
            words.removeFirst()
            switch word {
            case .limit: fault.limit = try number("limit", 1...Int.max)
            case .node: fault.node = try number("node", 1...1000)
            case .topic: fault.topic = try take("a topic")
            case .partition: fault.partition = try number("partition", 0...Int(Int32.max))
            }
        }
        fault.action = try action()
        if let word = words.first { throw Objection(reason: "\"\(word)\" follows where the line should end") }
        if let objection = fault.objection { throw Objection(reason: objection) }
        return fault
    }

    private enum Restriction: String {
        case limit, node, topic, partition
    }

    private mutating func take(_ what: String) throws(Objection) -> String {
        guard !words.isEmpty else { throw Objection(reason: "\(what) is missing at the end") }
        return String(words.removeFirst())
    }

    /// Takes the next word if it is this one.
    private mutating func takes(_ word: String) -> Bool {
        guard let first = words.first, first == word else { return false }
        words.removeFirst()
        return true
    }

    private mutating func number(_ what: String, _ allowed: ClosedRange<Int>) throws(Objection) -> Int {
        let word = try take("the number after \(what)")
        guard let number = Int(word), allowed.contains(number) else {
            throw Objection(reason: "\"\(word)\" after \(what) is no number that is possible there")
        }
        return number
    }

    private mutating func event() throws(Objection) -> Fault.Event {
        let word = try take("the kind of request")
        if word == "any" { return .anyRequest }
        if word == "connection" { return .connection }
        if word == "login" { return .login }
        guard let api = ServedAPI.all.first(where: { $0.key.wordInFaults == word }) else {
            let known = ServedAPI.all.map(\.key.wordInFaults).joined(separator: ", ")
            throw Objection(reason: "\"\(word)\" is none of \(known), any, connection and login")
        }
        return .request(api.key)
    }

    private mutating func occurrence() throws(Objection) -> Fault.Occurrence {
        if takes("every") { return .every(try number("every", 1...Int.max)) }
        guard let word = words.first, word.first?.isNumber == true else { return .always }
        words.removeFirst()
        if word.last == "%", let percent = Double(word.dropLast()), (0...100).contains(percent) {
            return .chance(percent / 100)
        }
        let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
        case (1, let number?, _) where number > 0: return .nth(number)
        case (2, let first?, let last?) where first > 0 && first <= last: return .range(first...last)
        case (2, let first?, nil) where first > 0 && word.last == "-": return .from(first)
        default: throw Objection(reason: "\"\(word)\" is no number like 3, range like 3-7 or 3-, or chance like 5%")
        }
    }

    private mutating func action() throws(Objection) -> Fault.Action {
        let word = try take("what happens")
        switch word {
        case "error": return .error(try errorCode())
        case "error-after-append": return .errorAfterAppend(try errorCode())
        case "drop": return .drop
        case "append-then-drop": return .appendThenDrop
        case "delay": return .delay(try duration())
        case "delay-answer": return .delayAnswer(try duration())
        case "no-answer": return .noAnswer
        case "torn":
            let bytes = try number("torn", 1...Int(Int32.max))
            return .torn(bytes: bytes, pause: words.isEmpty ? .milliseconds(1) : try duration())
        case "half-answer": return .halfAnswer
        case "wrong-correlation-id": return .wrongCorrelationID
        case "throttle": return .throttle(try duration())
        case "move-leader": return try moveLeader()
        case "down": return .down(try duration(), keepingLeaders: takes("keeping-leaders"))
        case "kill": return .kill(try duration())
        case "freeze": return .freeze(try duration())
        case "part":
            let time = try duration()
            return .part(time, from: takes("from") ? try number("from", 1...1000) : nil)
        case "refuse-connections": return .refuseConnections(try duration())
        case "forget-producers": return .forgetProducers(refusing: takes("refusing"))
        case "alert": return .alert(try number("alert", 0...255))
        case "close-after": return .closeAfter(bytes: try number("close-after", 0...Int(Int32.max)))
        case "certificate":
            let file = try take("the file of the certificate")
            return .certificate(file: file, keyFile: try take("the file of the key"))
        case "wrong-signature": return .wrongSignature
        case "iterations": return .iterations(try number("iterations", 1...1_000_000))
        case "lifetime": return .lifetime(try duration())
        case "expire-after": return .expireAfter(try duration())
        case "delay-markers": return .delayMarkers(try duration())
        case "move-coordinator":
            let node = takes("to") ? try number("to", 1...1000) : nil
            return .moveCoordinator(to: node, loading: takes("loading") ? try duration() : .zero)
        case "alter-value": return .spoil(.alteredValue)
        case "lose-record": return .spoil(.lostRecord)
        case "refuse-records":
            guard takes("containing"), !words.isEmpty else {
                throw Objection(reason: "refuse-records must be followed by containing and a text")
            }
            defer { words.removeAll() }
            return .refuseRecords(containing: words.joined(separator: " "))
        default: throw Objection(reason: "\"\(word)\" is nothing that can happen")
        }
    }

    private mutating func moveLeader() throws(Objection) -> Fault.Action {
        let node = takes("to") ? try number("to", 1...1000) : nil
        let hints = !takes("without-hints")
        let stale = takes("stale-metadata") ? try number("stale-metadata", 1...Int(Int32.max)) : 0
        return .moveLeader(to: node, hints: hints, staleMetadata: stale)
    }

    private mutating func errorCode() throws(Objection) -> ErrorCode {
        let word = try take("the error's name")
        guard let code = ErrorCode(named: word) else {
            throw Objection(reason: "\"\(word)\" is no error of Kafka's, such as NOT_ENOUGH_REPLICAS")
        }
        return code
    }

    private mutating func duration() throws(Objection) -> Duration {
        let word = try take("a time such as 200ms or 2s")
        for (unit, milliseconds) in [("ms", 1), ("s", 1000)] where word.hasSuffix(unit) {
            guard let count = Int32(word.dropLast(unit.count)), count >= 0 else { continue }
            return .milliseconds(Int(count) * milliseconds)
        }
        throw Objection(reason: "\"\(word)\" is no time such as 200ms or 2s")
    }
}

extension APIKey {
    /// How fault files name it: Kafka's name in lower case, with hyphens between the words.
    var wordInFaults: String {
        var word = ""
        for character in name {
            if character.isUppercase, !word.isEmpty { word.append("-") }
            word += character.lowercased()
        }
        return word
    }
}

extension ErrorCode {
    /// The error that Kafka calls so; nil for none.
    fileprivate init?(named name: String) {
        let codes = (Int16(-1)...Int16(256)).lazy.map { ErrorCode(rawValue: $0) }
        guard name != "NONE", let code = codes.first(where: { $0.name == name }) else { return nil }
        self = code
    }
}
