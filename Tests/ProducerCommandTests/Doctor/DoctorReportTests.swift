// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaClient
import Testing

@testable import ProducerCommand

/// The report of the doctor as text and as JSON.
@Suite("The doctor's report")
struct DoctorReportTests {
    private static let findings = [
        Finding(.settings, "settings", .ok, "read from a.properties"),
        Finding(.tcp, "bootstrap a:1", .warning, String(repeating: "word ", count: 40), advice: "do this"),
        Finding(.tls, "bootstrap a:1", .failed, "it broke", advice: String(repeating: "advice ", count: 30)),
        Finding(.topic, "topic t", .failed, "it does not exist"),
    ]

    @Test("no line is longer than 80 columns, and none ends with spaces")
    func width() {
        let lines = DoctorReport(findings: Self.findings).text(isQuiet: false, colors: false).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 && $0.last != " " })
        #expect(lines.contains("  failed   TLS          it broke"))
        #expect(lines.contains("                        -> do this"))
    }

    @Test("the last line names the first layer that failed, and the status is 3")
    func failure() {
        let report = DoctorReport(findings: Self.findings)
        #expect(report.lastLine == "failed at TLS (bootstrap a:1): 1 ok, 1 warning, 2 failed")
        #expect(report.status == .unreachable)
    }

    @Test("warnings are no failure")
    func warnings() {
        let report = DoctorReport(findings: Array(Self.findings.prefix(2)))
        #expect(report.lastLine == "nothing has failed: 1 ok, 1 warning")
        #expect(report.status == .delivered)
    }

    @Test("a signal decides the status")
    func signal() {
        let report = DoctorReport(findings: Self.findings, signal: 2)
        #expect(report.lastLine.hasPrefix("ended by a signal: failed at TLS"))
        #expect(report.status == .signal(2))
    }

    @Test("with -q only what is not as it should be is there")
    func quiet() {
        let text = DoctorReport(findings: Self.findings).text(isQuiet: true, colors: false)
        #expect(!text.contains("read from") && text.contains("it broke"))
    }

    @Test("colors are around the mark only", arguments: [true, false])
    func colors(isOn: Bool) {
        let text = DoctorReport(findings: Self.findings).text(isQuiet: false, colors: isOn)
        #expect(text.contains("\u{1B}[31mfailed   \u{1B}[0m") == isOn)
        #expect(text.contains("\u{1B}") == isOn)
    }

    @Test("the JSON object has all findings, and null nowhere")
    func json() throws {
        let text = try JSONText.of(DoctorReport(findings: Self.findings))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["status"] as? String == "failed" && object["exitStatus"] as? Int == 3)
        #expect((object["firstFailed"] as? [String: String])?["layer"] == "tls")
        #expect((object["findings"] as? [[String: String]])?.count == 4)
        #expect(!text.contains("null"))
    }
}
