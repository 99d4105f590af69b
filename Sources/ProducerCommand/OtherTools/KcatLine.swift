// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Platform

/// A line of `kcat -P`.
struct KcatLine {
    private static let withValue = Set("tpbDKkcHmFXzdofsGrMQ")
    private static let warningOfKeys =
        "kcat's keys go by CRC-32 and these by murmur2, as Java's: the same key may have another partition here "
        + "(kafka-producer partition-of --as librdkafka KEY shows kcat's)"

    private var rest: ArraySlice<String>
    private var result = ["send"]
    private var warnings: [String] = []
    private var files: [String] = []
    private var properties: [String] = []
    private var seen: Set<Character> = []
    private var file: String?
    /// What parts records into pieces, which is for lines.
    private var parting: [String] = []
    private var key = ""

    init(_ arguments: [String]) { rest = arguments[...] }

    /// The same as options of `send`.
    consuming func line() throws(UsageError) -> ToolLine {
        var line = self
        while let argument = line.rest.popFirst() {
            if argument == "--" {
                line.files += line.rest
                break
            }
            if argument == "--help" || argument == "-h" { return ToolLine(arguments: ["send", "--help"]) }
            guard argument.hasPrefix("-"), argument.count > 1 else {
                line.files.append(argument)
                continue
            }
            try line.take(argument)
        }
        return try line.finished()
    }

    private mutating func take(_ argument: String) throws(UsageError) {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            var value = ""
            if Self.withValue.contains(letter) {
                guard let found = letters.isEmpty ? rest.popFirst() : String(letters) else {
                    throw UsageError("-\(letter) takes a value")
                }
                (value, letters) = (found, "")
            }
            seen.insert(letter)
            try take(letter, value)
        }
    }

    private mutating func take(_ letter: Character, _ value: String) throws(UsageError) {
        switch letter {
        case "P", "E", "l", "Z", "u": break
        case "t", "b", "z": result += ["-\(letter)", value]
        case "D": parting += ["-D", value]
        case "p": if value != "-1" { result += ["-p", value] }
        // A line without it has no key there.
        case "K": parting += ["-K", value, "--reader-property", "ignore.error=true"]
        case "k":
            key = value
            result += ["-k", ToolLine.escaped(value)]
        case "H": result += ["-H", ToolLine.escaped(value)]
        case "c": result += ["--count", value]
        case "m":
            guard let seconds = Int(value), seconds > 0, seconds < 1 << 20 else {
                throw UsageError("-m \(value): it takes seconds; here that is -X max.block.ms=MILLISECONDS")
            }
            properties.append("max.block.ms=\(seconds * 1000)")
        case "F": file = value
        case "X": try setting(value)
        case "T": result += ["--receipts", "-", "--receipts-format", "%v"]
        case "q", "v": if !result.contains("-\(letter)") { result.append("-\(letter)") }
        default: throw UsageError(Self.refusal(of: letter))
        }
    }

    private mutating func setting(_ property: String) throws(UsageError) {
        guard property != "list", property != "dump" else {
            throw UsageError("-X \(property): kafka-producer config lists the settings with their values")
        }
        switch try LibrdkafkaSetting(property) {
        case .settings(let settings): properties += settings
        case .nothing: break
        case .refused(let advice): throw UsageError("-X \(property.split(separator: "=")[0]): \(advice)")
        }
    }

    private static func refusal(of letter: Character) -> String {
        switch letter {
        case "C", "G", "J", "o", "e", "f", "s", "O":
            "-\(letter) is for reading: kafka-producer read does that (see kafka-producer read --help)"
        case "L", "Q": "-\(letter) asks about the cluster: kafka-producer doctor does that"
        case "M": "-M starts a broker to test with: kafka-producer broker --brokers N does that"
        case "d": "-d: write -v to see what happens"
        case "V": "-V: write kafka-producer --version"
        default: "-\(letter) is no option of kcat -P that is known here; kafka-producer send --help lists what there is"
        }
    }

    /// Throws for a key that `--input files` would fill in.
    private func checkKeyOfFiles() throws(UsageError) {
        guard !key.contains("{file}"), !key.contains("{path}") else {
            throw UsageError("-k \(key): of a file that is one record, {file} and {path} in it would be replaced here")
        }
    }

    private mutating func finished() throws(UsageError) -> ToolLine {
        if seen.contains("k"), seen.contains("K") {
            throw UsageError("-k beside -K: kcat gives that key to lines without one; here use one of them")
        }
        // To kcat a file is one record as a whole, unless -l is there; and it leaves empty ones out, as it does with lines.
        let areWhole = !files.isEmpty && !seen.contains("l")
        result.append("--skip-empty")
        if areWhole {
            try checkKeyOfFiles()
            result += ["--input", "files"]
        } else {
            result += parting
            // Without -K it does nothing there: empty lines are left out.
            if seen.contains("Z"), seen.contains("K") { result += ["--null-marker", ""] }
        }
        if files.count > 1, !areWhole {
            throw UsageError("-l takes one file: name the others in lines of their own, or leave out -P and -l")
        }
        if seen.contains("K") || seen.contains("k"), !result.contains("-p") { warnings.append(Self.warningOfKeys) }
        if properties.contains(where: { $0.hasPrefix("transactional.id=") }) {
            warnings.append(
                "kcat commits all records at the end; here they are committed every 5 s (--commit-interval)"
            )
        }
        result += try settingsFile() + properties.flatMap { ["-X", $0] } + files
        return ToolLine(arguments: result, warnings: warnings)
    }

    /// kcat's own files are not looked for: a file is read if the line names it, or the variable that names it is set.
    private func settingsFile() throws(UsageError) -> [String] {
        let variable = unsafe getenv("KCAT_CONFIG").map { unsafe String(cString: $0) }
        guard let path = file ?? variable else { return [] }
        let source: PropertySource
        do throws(ConfigurationError) {
            source = try PropertySource(contentsOfFile: path, environment: ProcessEnvironment())
        } catch {
            throw UsageError("-F: \(error)")
        }
        for entry in source.entries where ProducerConfigKey.named(entry.key) == nil {
            throw UsageError(
                "\(path):\(entry.line ?? 1): \(entry.key) is librdkafka's name: give it with -X, or write a file with "
                    + "Kafka's names (kafka-producer config -c \(path) says which) and name it with -c"
            )
        }
        return ["-c", path]
    }
}
