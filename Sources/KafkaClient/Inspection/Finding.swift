// SPDX-License-Identifier: Apache-2.0

/// One thing that an inspection has found out.
package struct Finding: Sendable, Equatable {
    /// What of the way to the cluster it is about, from the outside in.
    package enum Layer: String, Sendable, CaseIterable {
        case settings, dns, tcp, tls, sasl, versions, latency, metadata, topic, rights, clock
    }

    /// How good it is.
    package enum Mark: String, Sendable {
        case ok, warning, failed
    }

    /// What of the way it is about.
    package var layer: Layer
    /// Whom it is about: `settings`, `bootstrap a:9092`, `broker 1 at a:9092`, `cluster`, `topic orders`.
    package var subject: String
    /// How good it is.
    package var mark: Mark
    /// What was found, in a sentence without an end.
    package var text: String
    /// What to do; nil when nothing is to be done.
    package var advice: String?

    package init(_ layer: Layer, _ subject: String, _ mark: Mark, _ text: String, advice: String? = nil) {
        (self.layer, self.subject, self.mark, self.text, self.advice) = (layer, subject, mark, text, advice)
    }
}
