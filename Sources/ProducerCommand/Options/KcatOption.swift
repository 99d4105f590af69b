// SPDX-License-Identifier: Apache-2.0

/// The options of kcat that mean something else here, or nothing.
enum KcatOption {
    /// What to write instead of a short option that only kcat has.
    static func advice(for name: String) -> String? {
        switch name {
        case "-P": "kafka-producer does nothing but send, so leave it out"
        case "-C", "-L", "-Q", "-G", "-M", "-A": "kafka-producer only sends; kcat \(name) does that"
        case "-F": "settings come from a file with -c"
        case "-l": "files are sent line by line anyway, so name the file alone"
        case "-Z": "write --null-marker '' for empty values that are null"
        case "-T": "write --receipts - to see what was delivered"
        case "-E", "-e": "a failed record never ends the others (--on-error says what happens), so leave it out"
        case "-d": "-v says what happens"
        default: nil
        }
    }
}
