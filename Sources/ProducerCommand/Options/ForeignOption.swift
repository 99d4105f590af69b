// SPDX-License-Identifier: Apache-2.0

/// Options of other tools, and names that one would guess, which mean nothing here or something else.
enum ForeignOption {
    /// What to write instead of an option that `command` does not have; nil for all others.
    static func advice(for name: String, in command: String) -> String? {
        switch (name, command) {
        case ("-e", "read"): "reading ends at the end of what is there anyway, so leave it out (--follow goes on)"
        case ("-C", "read"): "read is what it stands for, so leave it out"
        case ("-J", "read"): "records are printed as JSON anyway, so leave it out"
        case ("-G", "read"), ("--group", "read"), ("-g", "read"):
            "there are no groups here; -o says where to begin"
        case ("-t", "resend"), ("--topic", "resend"):
            "each dead letter goes to the topic that it was for, so leave it out"
        case ("--brokers", "broker"): nil
        case ("--brokers", _), ("--server", _), ("--servers", _), ("--broker", _): "brokers are named by -b"
        case ("--config", _), ("--properties", _), ("--config-file", _), ("--settings", _):
            "settings come from a file with -c"
        case ("--codec", _), ("--compression", _), ("--compression-type", _), ("--compress", _):
            "the codec is chosen by -z"
        case ("-P", _): "kafka-producer does nothing but send, so leave it out"
        case ("-C", _), ("-G", _): "kafka-producer read does that"
        case ("-L", _), ("-Q", _): "kafka-producer doctor does that"
        case ("-M", _): "kafka-producer broker does that"
        case ("-A", _): "kafka-producer does nothing of the kind; kcat -A does"
        case ("-F", _): "settings come from a file with -c"
        case ("-l", _): "files are sent line by line anyway, so name the file alone"
        case ("-Z", _): "write --null-marker '' for empty values that are null"
        case ("-T", _): "write --receipts - to see what was delivered"
        case ("-E", _), ("-e", _):
            "a failed record never ends the others (--on-error says what happens), so leave it out"
        case ("-d", _): "-v says what happens"
        default: nil
        }
    }
}
