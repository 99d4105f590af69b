// SPDX-License-Identifier: Apache-2.0
/// The name of a Java class in a setting. None can run here; some are known by what they do.
struct JavaClass {
    /// The name as written.
    let name: String

    /// Whether it is one of Kafka's own classes, by the part of its name after `common.security.`: programs with a copy of
    /// the client give it another name in front, such as `kafkashaded.org.apache.kafka.…`.
    func isKafka(_ tail: String) -> Bool {
        let ending = "common.security." + tail
        return name == ending || name.hasSuffix("." + ending)
    }

    /// Whether it is one of Kafka's own classes.
    func isKafka(anyOf tails: [String]) -> Bool { tails.contains(where: isKafka) }
}
