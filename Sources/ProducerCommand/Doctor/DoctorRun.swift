// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer
import Platform

/// Inspects a cluster and prints what was found. A signal ends it with what is known.
struct DoctorRun {
    let plan: DoctorPlan
    let console: Console

    func run() async -> ExitStatus {
        do {
            let settings = try plan.settings.inspected()
            let inspection = try settings.configuration.inspection(topic: plan.topic, limit: plan.limit)
            let course = DoctorCourse(
                settings: settings,
                inspection: ClusterInspection(inspection),
                limit: inspection.limit
            )
            let signal = await course.run()
            return print(course.report(signal: signal, isVerbose: console.verbosity == .verbose))
        } catch {
            return ExitStatus(of: error, console)
        }
    }

    private func print(_ report: DoctorReport) -> ExitStatus {
        let output = StandardOutput(console: console)
        let text: String
        if plan.isJSON {
            // Nothing in it is what JSON cannot hold.
            text = ((try? JSONText.of(report)) ?? "{}") + "\n"
        } else {
            let colors = isatty(1) == 1 && Console.terminalName != "dumb"
            text = report.text(isQuiet: console.verbosity == .quiet, colors: colors)
        }
        return output.write(text) ? report.status : .outputIncomplete
    }
}
