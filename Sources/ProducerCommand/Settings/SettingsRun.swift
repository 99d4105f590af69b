// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Reads and checks settings, and prints what they come to. Nothing is connected to.
struct SettingsRun {
    /// What is wrong, for a program to read.
    private struct Errors: Encodable {
        let errors: [String]
    }

    let settings: SettingsPlan
    let isJSON: Bool
    let console: Console

    func run() -> ExitStatus {
        let output = StandardOutput(console: console)
        let text: String
        do throws(ConfigurationError) {
            let report = try report()
            text = isJSON ? Self.json(report) : report.text(isVerbose: console.verbosity == .verbose)
        } catch {
            if isJSON { output.write(Self.json(Errors(errors: error.all.map(\.description)))) }
            return ExitStatus(of: error, console)
        }
        return output.write(text) ? .delivered : .outputIncomplete
    }

    private func report() throws(ConfigurationError) -> SettingsReport {
        let key = "bootstrap.servers"
        // Where no cluster is named, all else can be explained as well.
        let (settings, isNamed) = try settings.withPlaceholder()
        var report = SettingsReport(try settings.inspected())
        if !isNamed {
            report.settings.removeAll { $0.name == key }
            report.remarks.insert("\(key) is not set: send needs -b HOST:PORT", at: 0)
        }
        return report
    }

    private static func json(_ value: some Encodable) -> String { ((try? JSONText.of(value)) ?? "{}") + "\n" }
}
