// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// All findings of a doctor, and what they come to.
struct DoctorReport: Sendable {
    let findings: [Finding]
    /// The signal that ended the inspection before its end.
    var signal: Int32?
    /// The cluster, as far as it is known.
    var cluster: ClusterFacts?

    /// The first thing that failed, from the outside in.
    var firstFailed: Finding? { findings.first { $0.mark == .failed } }

    /// The status that the command ends with.
    var status: ExitStatus {
        if let signal { return .signal(signal) }
        return firstFailed == nil ? .delivered : .unreachable
    }

    func count(_ mark: Finding.Mark) -> Int { findings.count { $0.mark == mark } }

    // MARK: text

    /// The report for a person. With `isQuiet` it has no findings that are as they should be.
    func text(isQuiet: Bool, colors: Bool) -> String {
        let shown = findings.filter { !isQuiet || $0.mark != .ok }
        var lines: [String] = []
        var subject: String?
        for finding in shown {
            if finding.subject != subject {
                if subject != nil { lines.append("") }
                lines.append(finding.subject)
                subject = finding.subject
            }
            lines += FindingText(finding, colors: colors).lines
        }
        if !lines.isEmpty { lines.append("") }
        lines.append(lastLine)
        return lines.joined(separator: "\n") + "\n"
    }

    /// What it comes to.
    var lastLine: String {
        let counts = "\(count(.ok)) ok, \(count(.warning)) \(count(.warning) == 1 ? "warning" : "warnings")"
        let ended = signal == nil ? "" : "ended by a signal: "
        guard let firstFailed else { return "\(ended)nothing has failed: \(counts)" }
        return
            "\(ended)failed at \(firstFailed.layer.name) (\(firstFailed.subject)): \(counts), \(count(.failed)) failed"
    }
}

extension Finding.Layer {
    /// As a person calls it.
    var name: String {
        switch self {
        case .settings, .metadata, .topic, .rights, .clock, .latency: rawValue
        case .dns, .tcp, .tls, .sasl: rawValue.uppercased()
        case .versions: "ApiVersions"
        }
    }
}
