// SPDX-License-Identifier: Apache-2.0

/// What has to be known of the options before the parser sees them. A test compares it with what the parser knows.
///
/// An option with one name and one value needs no entry, unless its name begins with the letter of a short option. The lists are
/// short and looked at a few times: making sets of them would take longer.
enum OptionNames {
    /// The short options that take a value.
    static let shortWithValue = "tpbcXzKkHDfon"

    /// Whether this is the letter of a short option that takes a value.
    static func takesValue(_ letter: Character) -> Bool { shortWithValue.contains(letter) }

    /// The short options that take no value, and may stand together before one that does.
    static let shortFlags = ["-q", "-v"]

    /// The options that take no value.
    static let flags = [
        "--sync", "--quiet", "--verbose", "--help", "--version", "--follow", "--from-start", "--print-metrics",
        "--payload-monotonic", "--no-auto-create-topics", "--again", "--timestamps", "--dry-run", "--dry-run-print",
        "--verify", "--skip-empty", "--fsync",
    ]

    /// Commands that have `--json` as an option without a value.
    private static let commandsWithJSON = ["doctor", "config", "exactly-once"]

    /// Whether an option of a command takes no value.
    static func isFlag(_ name: String, in command: String) -> Bool {
        flags.contains(name) || name == "--json" && commandsWithJSON.contains(command)
    }

    /// Options with several names, each with the name first that is short or Kafka's.
    static let synonyms = [
        ["-t", "--topic"], ["-p", "--partition"], ["-b", "--bootstrap-server", "--broker-list"],
        ["-c", "--command-config", "--producer.config"],
        ["-X", "--command-property", "--producer-property", "--producer-props"], ["-z", "--compression-codec"],
        ["-o", "--offset"], ["-n", "--count"], ["-K", "--key-separator"], ["-k", "--key"], ["-H", "--header"],
        ["-D", "--delimiter"],
        ["-f", "--format"], ["--reader-property", "--property"], ["--acks", "--request-required-acks"],
        ["--batch-size", "--max-partition-memory-bytes"], ["--linger", "--timeout"],
        ["--retries", "--message-send-max-retries"],
    ]

    /// Further names that begin with the letter of a short option: `-preset` could be `-p reset`.
    static let confusable = [
        "--topic-default", "--brokers", "--checkpoint", "--control", "--commit-bytes", "--commit-interval",
        "--commit-records",
        "--compare", "--compression-ratio", "--crlf", "--key-cardinality", "--key-size",
        "--columns", "--faults", "--fsync-interval-ms", "--header-path", "--keep", "--key-encoding", "--key-path",
        "--timestamp-path", "--topic-path", "--pace",
        "--partitions", "--payload-delimiter", "--payload-file", "--port", "--preset", "--progress", "--throughput",
        "--transaction-duration-ms", "--transaction-version", "--transactional-id", "--data-dir",
        "--dead-letter", "--password-file", "--null-marker", "--num-records", "--on-error", "--on-outage", "--output",
        "--client-auth", "--client-ca", "--plaintext-port", "--tls-cert", "--tls-key", "--tls-key-password-file",
    ]

    /// The one name that stands for all names of an option.
    static func first(of name: String) -> String { synonyms.first { $0.contains(name) }?[0] ?? name }

    /// Whether this is the whole name of an option, as far as it could be taken for a short option with its value.
    static func isLong(_ name: String) -> Bool {
        synonyms.contains { $0.contains(name) } || flags.contains(name) || confusable.contains(name)
    }

    /// The long name of a short option that takes a value.
    static func long(of short: String) -> String? {
        synonyms.first { $0.contains(short) }?.first { $0.hasPrefix("--") }
    }

    /// How often an option may be given.
    enum Occurrence {
        /// Once.
        case single
        /// As often as one likes, each with one value.
        case repeatable
        /// As often as one likes, each with all values up to the next option.
        case list
    }

    /// How often an option, by its first name, may be given to a command.
    static func occurrence(of name: String, in command: String) -> Occurrence {
        switch (name, command) {
        case ("-X", "perf"), ("--compare", _): .list
        case ("-X", _), ("-H", _), ("--reader-property", _), ("-t", "broker"), ("--topic-default", "broker"),
            ("--user", "broker"),
            ("--allow", _), ("--header-path", _):
            .repeatable
        default: .single
        }
    }
}
