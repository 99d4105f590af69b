// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("The page of perf")
struct PerfReportTests {
    @Test("it is one file: no script, no reference to anything outside of it")
    func selfContained() {
        let html = PerfReport(.sample()).html
        for word in [
            "<script", "http://", "https://", "src=", "href=", "url(", "@import", "<link", "<iframe", "onload",
        ] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.hasPrefix("<!DOCTYPE html>"))
        #expect(html.contains("prefers-color-scheme: dark"))
    }

    @Test("it is well-formed, and each chart has a title and a description that it names")
    func wellFormed() throws {
        let html = PerfReport(.sample()).html
        // As XML, once the declaration and the elements without an end are taken out.
        let xml = html.replacing("<!DOCTYPE html>", with: "").replacing(/<meta[^>]*>/, with: "")
        let document = try XMLCheck.elements(of: xml)
        let charts = document.filter { $0.name == "svg" }
        #expect(charts.count == 3)
        let identifiers = Set(document.compactMap { $0.attributes["id"] })
        for chart in charts {
            let labels = try #require(chart.attributes["aria-labelledby"]).split(separator: " ").map(String.init)
            #expect(labels.count == 2 && labels.allSatisfy(identifiers.contains))
            #expect(chart.attributes["role"] == "img")
        }
        #expect(document.count { $0.name == "polyline" } == 4)
        #expect(document.count { $0.name == "title" } == 4)
    }

    @Test("what comes from outside is text, not markup")
    func escaping() throws {
        let nasty = "<b>&\"'\u{1}"
        var result = PerfResult.sample(
            settings: [
                EffectiveValue(key: "client.id", text: nasty, origin: PropertyOrigin(source: "<file>", line: 3))
            ]
        )
        result.ledger.fail(ProducerError(.closed, message: "<message>"), place: nil)
        let html = PerfReport(result).html
        #expect(!html.contains("<b>") && !html.contains("<file>") && !html.contains("<message>"))
        #expect(html.contains("&lt;message&gt;"))
        #expect(html.contains("&lt;b&gt;&amp;&quot;&#39;\u{FFFD}"))
        #expect(html.contains("&lt;file&gt;:<wbr/>3"))
    }

    @Test("long names break behind their dots and dashes, and charts keep their labels readable on a phone")
    func narrow() {
        #expect(HTMLText.breakable("a.b-c<d") == "a.<wbr/>b-<wbr/>c&lt;d")
        #expect(ReportStyle.css.contains("@media (max-width: 500px)"))
        #expect(ReportStyle.css.contains("figure { overflow-x: auto; } svg { min-width: 640px; }"))
    }

    @Test("secrets are hidden, on the page and in JSON")
    func secrets() throws {
        let configuration = try ProducerConfiguration(
            merging: [
                PropertySource(
                    name: "-X",
                    entries: [
                        .init(key: "bootstrap.servers", value: "localhost:9092"),
                        .init(key: "ssl.key.password", value: "s3cret"),
                        .init(key: "sasl.jaas.config", value: "x required password=\"s3cret\";"),
                    ]
                )
            ]
        )
        let result = PerfResult.sample(settings: configuration.effectiveValues)
        for text in [PerfReport(result).html, try JSONText.of(result)] {
            #expect(!text.contains("s3cret"))
            #expect(text.contains("[hidden]"))
        }
    }

    @Test("the headline figures are those of the result")
    func figures() {
        let html = PerfReport(.sample()).html
        #expect(html.contains("4,000 records to orders"))
        #expect(html.contains("<dt>records/s</dt><dd>1,000</dd>"))
        #expect(html.contains("<dt>CPU s per million</dt><dd>125.00</dd>"))
        #expect(html.contains("limited by the broker"))
        #expect(!html.contains("<h2>Failures</h2>"))
    }

    @Test("a run of no records and no time has a page too")
    func empty() throws {
        var result = PerfResult.sample()
        result.total = LatencyStatistics()
        result.timeline = Timeline()
        result.batches = BatchSizes()
        result.seconds = 0
        result.cpuSeconds = 0
        let html = PerfReport(result).html
        #expect(!html.lowercased().contains("nan") && !html.contains("inf"))
        #expect(try JSONSerialization.jsonObject(with: Data(try JSONText.of(result).utf8)) is [String: Any])
    }

    @Test("an axis has round steps, and as few as were asked for")
    func axes() {
        #expect(AxisScale(reaching: 0).ticks == [0, 1])
        #expect(AxisScale(reaching: 7).ticks == [0, 2, 4, 6, 8])
        #expect(AxisScale(reaching: 100).ticks == [0, 20, 40, 60, 80, 100])
        #expect(AxisScale(reaching: 0.013).end == 0.015)
        for largest in [0.0007, 0.3, 1, 9.99, 12, 49_999, 1_234_567] {
            let axis = AxisScale(reaching: largest, limit: 8)
            #expect(axis.count <= 8 && axis.end >= largest * 0.999_999 && axis.end < largest * 3)
        }
    }

    @Test("the curve of percentiles ends where there is one record left to tell")
    func percentiles() {
        #expect(PerfCharts.percents(records: 1).count == 9)
        let thousand = PerfCharts.percents(records: 1000)
        #expect(thousand.first == 0 && thousand.count == 36)
        #expect(abs(PerfCharts.place(ofPercent: 99.9) - 3) < 1e-9)
    }
}
