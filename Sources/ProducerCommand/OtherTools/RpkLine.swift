// SPDX-License-Identifier: Apache-2.0
import RecordText

/// A line of `rpk topic produce`.
struct RpkLine {
    private static let short: [Character: String] = [
        "f": "--format", "o": "--output-format", "k": "--key", "H": "--header", "p": "--partition",
        "z": "--compression",
        "Z": "--tombstone", "X": "--config-opt", "v": "--verbose", "t": "--timestamp", "h": "--help",
    ]
    private static let flags: Set = [
        "--tombstone", "--verbose", "--allow-auto-topic-creation", "--help", "--tls-enabled",
    ]
    private static let usualOutput = "Produced to partition %p at offset %o with timestamp %d.\\n"

    private var rest: ArraySlice<String>
    private var result = ["send"]
    private var topics: [String] = []
    private var output = Self.usualOutput
    private var format: [String] = []
    private var isTombstone = false
    private var codec = "snappy"
    private var login: [String: String] = [:]

    init(_ arguments: [String]) { rest = arguments[...] }

    /// The same as options of `send`.
    consuming func line() throws(UsageError) -> ToolLine {
        var line = self
        while let argument = line.rest.popFirst() {
            guard argument.hasPrefix("-"), argument.count > 1 else {
                line.topics.append(argument)
                continue
            }
            if argument == "--" { continue }
            let (name, value) = try line.option(argument)
            if name == "--help" { return ToolLine(arguments: ["send", "--help"]) }
            try line.take(name, value)
        }
        return try line.finished()
    }

    /// The long name of an option, and its value.
    private mutating func option(_ argument: String) throws(UsageError) -> (String, String) {
        var name = argument
        var value: String?
        if argument.hasPrefix("--") {
            if let equals = argument.firstIndex(of: "=") {
                (name, value) = (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
            }
        } else {
            let letter = argument.dropFirst().first ?? " "
            name = Self.short[letter] ?? "-\(letter)"
            let joined = argument.dropFirst(2)
            if !joined.isEmpty { value = String(joined.first == "=" ? joined.dropFirst() : joined) }
        }
        guard !Self.flags.contains(name) else { return (name, value ?? "true") }
        guard let value = value ?? rest.popFirst() else { throw UsageError("\(argument) takes a value") }
        return (name, value)
    }

    private mutating func take(_ name: String, _ value: String) throws(UsageError) {
        switch name {
        case "--format": format = RpkFormat.inputOptions(value)
        case "--output-format": output = value
        case "--key": result += ["-k", ToolLine.escaped(value)]
        case "--header":
            guard let colon = value.firstIndex(of: ":") else {
                throw UsageError("-H \(value): rpk's headers are name:value")
            }
            result += ["-H", ToolLine.escaped("\(value[..<colon])=\(value[value.index(after: colon)...])")]
        case "--partition": if value != "-1" { result += ["-p", value] }
        case "--compression": codec = value
        case "--acks": result += ["--acks", value == "-1" ? "all" : value]
        case "--delivery-timeout": try deliveryTimeout(value)
        case "--max-message-bytes": result += ["-X", "max.request.size=\(value)"]
        case "--tombstone": isTombstone = value != "false"
        // Whether missing topics are made is for the broker to say.
        case "--allow-auto-topic-creation": break
        case "--verbose": result.append("-v")
        case "--brokers": result += ["-b", value]
        case "--user": login["user"] = value
        case "--password": login["pass"] = value
        case "--sasl-mechanism": login["sasl.mechanism"] = value
        case "--tls-enabled": login["tls.enabled"] = value
        case "--tls-truststore": login["tls.ca"] = value
        case "--config-opt": try setting(value)
        default: throw UsageError("\(name): \(Self.refusal(of: name))")
        }
    }

    private mutating func deliveryTimeout(_ text: String) throws(UsageError) {
        guard let time = TransactionOptions.duration(text), time >= .seconds(1) else {
            throw UsageError("--delivery-timeout \(text): give 1s or more")
        }
        let milliseconds = Int64(time / .milliseconds(1))
        result += ["-X", "delivery.timeout.ms=\(milliseconds)"]
        // Here the time for one answer is a part of it.
        if milliseconds < 30_005 { result += ["-X", "request.timeout.ms=\(milliseconds - 5)"] }
    }

    private mutating func setting(_ text: String) throws(UsageError) {
        let setting = try KeyValueArgument(text, of: "-X")
        switch setting.key {
        case "brokers": result += ["-b", setting.value]
        case "user", "pass", "sasl.mechanism", "tls.enabled", "tls.ca": login[setting.key] = setting.value
        default:
            throw UsageError(
                "-X \(setting.key): that is a setting of rpk's; those of the producer have Kafka's names and belong to "
                    + "kafka-producer send -X, or into a file with -c"
            )
        }
    }

    private static func refusal(of name: String) -> String {
        switch name {
        case "--timestamp": "records get the time of sending; rpk has taken this option away, too"
        case "--schema-id", "--schema-key-id", "--schema-type", "--schema-key-type":
            "records are not encoded by schemas here: send bytes that are encoded"
        case "--profile", "--config", "--rpk-config":
            "rpk's profiles are not read: put Kafka's settings into a file for -c"
        case "--tls-cert", "--tls-key":
            "write -X ssl.keystore.type=PEM and -X ssl.keystore.location=FILE, one file with the key and its certificates"
        default:
            "it is no option of rpk topic produce that is known here; kafka-producer send --help lists what there is"
        }
    }

    private mutating func finished() throws(UsageError) -> ToolLine {
        if isTombstone {
            guard format.first != "-f" else {
                throw UsageError(
                    "-Z beside -f \"\(format[1])\": say which values are null by sizes such as %V{big32}, of which -1 is null"
                )
            }
            result += ["--null-marker", ""]
        }
        result += format
        let namesTopics = format.first == "-f" && (try? RecordLayout(format[1]))?.hasTopic == true
        guard topics.count == 1 || topics.isEmpty && namesTopics else {
            let what = topics.isEmpty ? "there is no topic" : "there are \(topics.count) topics, and rpk takes one"
            throw UsageError("\(what): kafka-producer produce TOPIC")
        }
        result += topics.flatMap { ["-t", $0] } + ["-z", codec]
        result += try RpkFormat.outputOptions(output) + security()
        return ToolLine(arguments: result)
    }

    private func security() throws(UsageError) -> [String] {
        guard !login.isEmpty else { return [] }
        if login["pass"] != nil {
            throw UsageError(
                "the password on the command line is for all to see: write it into a file, and --user NAME "
                    + "--password-file FILE with kafka-producer send"
            )
        }
        var settings: [String] = []
        let isEncrypted = login["tls.enabled"] == "true" || login["tls.ca"] != nil
        if isEncrypted { settings.append("security.protocol=SSL") }
        if let path = login["tls.ca"] { settings += ["ssl.truststore.type=PEM", "ssl.truststore.location=\(path)"] }
        if login["user"] != nil || login["sasl.mechanism"] != nil {
            throw UsageError(
                "a login needs a password: write --user NAME --password-file FILE with kafka-producer send"
            )
        }
        return settings.flatMap { ["-X", $0] }
    }
}
