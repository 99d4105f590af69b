// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer

/// The page of `--report`: one file without a script or a reference to anything outside of it.
struct PerfReport: Sendable {
    private let result: PerfResult

    init(_ result: PerfResult) { self.result = result }

    var html: String {
        let heading = "\(NumberText.grouped(result.total.records)) records to \(result.topic)"
        let charts = PerfCharts(result)
        let sections =
            [header(heading), tiles]
            + [charts.throughput, charts.latency, charts.sizes].map(section)
            + [failures, settings, footer]
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(HTMLText.escaped(heading)) - kafka-producer perf</title>
            <style>
            \(ReportStyle.css)
            </style>
            </head>
            <body>
            <main>
            \(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private func header(_ heading: String) -> String {
        let words = result.load.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        let time = TimeText.iso8601(milliseconds: result.startedAt)
        return """
            <header>
            <p class="eyebrow">kafka-producer perf</p>
            <h1>\(HTMLText.breakable(heading))</h1>
            <p>\(HTMLText.escaped(words))</p>
            <p class="quiet"><time datetime="\(time)">\(time)</time>, \(NumberText.seconds(result.seconds)) s\
            \(result.limit.map { ", " + HTMLText.escaped($0.clause) } ?? "")</p>
            </header>
            """
    }

    private var tiles: String {
        let total = result.total
        func milliseconds(_ value: Double) -> String {
            NumberText.fixed(value, digits: value < 10 ? 2 : value < 100 ? 1 : 0) + " ms"
        }
        var tiles = [
            ("records/s", NumberText.grouped(UInt64(result.recordsPerSecond.rounded()))),
            ("MiB/s", NumberText.fixed(result.megabytesPerSecond, digits: 1)),
            ("median latency", milliseconds(total.percentile(50))),
            ("99th percentile", milliseconds(total.percentile(99))),
            ("99.9th percentile", milliseconds(total.percentile(99.9))),
            ("largest latency", milliseconds(total.maximum)),
            ("CPU s per million", NumberText.fixed(result.cpuSecondsPerMillion, digits: 2)),
            ("peak memory", NumberText.bytes(result.peakMemory)),
        ]
        if result.ledger.failed > 0 { tiles.append(("failed", NumberText.grouped(result.ledger.failed))) }
        let items = tiles.map { name, value in
            "<div\(name == "failed" ? " class=\"bad\"" : "")><dt>\(name)</dt><dd>\(HTMLText.escaped(value))</dd></div>"
        }
        return "<dl class=\"tiles\">\n" + items.joined(separator: "\n") + "\n</dl>"
    }

    private func section(_ part: PerfCharts.Part) -> String {
        """
        <section>
        <h2>\(HTMLText.escaped(part.chart.title))</h2>
        \(part.chart.legend)
        <figure>
        \(part.chart.svg)
        <figcaption>\(HTMLText.escaped(part.chart.summary))</figcaption>
        </figure>
        <details><summary>The figures</summary>
        \(table(part.head, part.rows))
        </details>
        </section>
        """
    }

    private func table(_ head: [String], _ rows: [[String]], isText: Bool = false) -> String {
        func cells(_ row: [String], _ tag: String) -> String {
            "<tr>" + row.map { "<\(tag)>\(isText ? HTMLText.breakable($0) : HTMLText.escaped($0))</\(tag)>" }.joined()
                + "</tr>"
        }
        return
            "<div class=\"scroll\"><table\(isText ? " class=\"text\"" : "")><thead>\(cells(head, "th"))</thead><tbody>\n"
            + rows.map { cells($0, "td") }.joined(separator: "\n") + "\n</tbody></table></div>"
    }

    private var failures: String {
        guard !result.ledger.failures.isEmpty else { return "" }
        let rows = result.ledger.failures.map { [$0.kind.name, NumberText.grouped($0.count), $0.firstMessage] }
        return
            "<section>\n<h2>Failures</h2>\n\(table(["error", "records", "the first"], rows, isText: true))\n</section>"
    }

    private var settings: String {
        let given = result.settings.filter { $0.origin != nil }
        let rows = given.map { [$0.key, $0.text, $0.origin?.description ?? ""] }
        let rest = result.settings.filter { $0.origin == nil }.map { [$0.key, $0.text] }
        return """
            <section>
            <h2>Settings</h2>
            \(rows.isEmpty ? "<p>All are defaults.</p>" : table(["setting", "value", "from"], rows, isText: true))
            <details><summary>Defaults (\(rest.count))</summary>
            \(table(["setting", "value"], rest, isText: true))
            </details>
            </section>
            """
    }

    private var footer: String {
        """
        <footer><p class="quiet">Latency is taken from the time at which a record was to be sent, so waits before sending \
        count. kafka-producer \(ClientSoftware.version).</p></footer>
        """
    }
}
