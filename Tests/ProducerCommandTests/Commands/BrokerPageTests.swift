// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

/// The page of `kafka-producer broker --ui`, as a browser shows it.
@Suite("The broker's page", .takesTurns, .timeLimit(.minutes(10)))
struct BrokerPageTests {
    @Test("--ui takes a port, and an address before it")
    func address() throws {
        #expect(try PageAddress("0") == PageAddress("0"))
        #expect(try PageAddress("8080").host == nil)
        #expect(try PageAddress("8080").port == 8080)
        #expect(try PageAddress("0.0.0.0:1").host == "0.0.0.0")
        #expect(try PageAddress("[::1]:80").host == "::1")
        for text in ["", "x", "-1", "65536", ":80", "host:", "1 2"] {
            #expect(throws: UsageError.self, "\(text)") { try PageAddress(text) }
        }
    }

    @Test("an address that is none is 2")
    func refused() async throws {
        let finished = try await KafkaProducerBinary.run(["broker", "--port", "0", "--ui", "here"])
        #expect(finished.status == 2)
        #expect(finished.errorText.contains("--ui here: it must be a port"), "\(finished)")
    }

    @Test("the address is printed at the start, and by ctl status")
    func printed() async throws {
        let folder = try TemporaryDirectory()
        let socket = folder.path + "/ctl"
        let broker = try ChildProcess(
            TestTools.kafkaProducer(),
            ["broker", "--port", "0", "--ui", "0", "--control", socket]
        )
        let page = try await broker.line { $0.hasPrefix("page: http://127.0.0.1:") }
        let status = try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["broker", "ctl", "--control", socket, "status"]
        )
        #expect(status.outputLines.contains("page \(page.dropFirst("page: ".count))"), "\(status)")
        broker.signal(15)
        #expect(try await broker.finish().status == 0)
    }

    @Test("Chromium shows topics, offsets, groups and records, and runs nothing that a record says", .needsPeers)
    func browser() async throws {
        let broker = try ChildProcess(
            TestTools.kafkaProducer(),
            ["broker", "--port", "0", "--ui", "0", "--topic", "orders:2"]
        )
        let bootstrap = try await broker.line { $0.hasPrefix("listening on ") }.dropFirst("listening on ".count)
        let page = String(try await broker.line { $0.hasPrefix("page: ") }.dropFirst("page: ".count))
        let hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
        let sent = try await KafkaProducerBinary.run(
            ["-b", String(bootstrap), "-t", "orders", "-p", "1", "-z", "zstd"],
            input: .bytes(Array("first\n\(hostile)\n".utf8) + [0xFF, 0x00, 0x0A])
        )
        #expect(sent.status == 0, "\(sent)")
        _ = try await Kcat.readAsMember(of: "shop", "orders", from: String(bootstrap))
        let folder = try TemporaryDirectory()
        // Time stands in the page while answers are waited for.
        let shown = try await ChildProcess.run(
            TestTools.path("chromium"),
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--user-data-dir=\(folder.path)", "--virtual-time-budget=1500", "--dump-dom", page,
            ],
            limit: .seconds(300)
        )
        let dom = shown.outputText
        #expect(dom.contains("<a href=\"#orders\">orders</a>"), "\(shown)")
        #expect(dom.contains("<title>Embedded broker: 1 topics</title>"), "\(shown)")
        let cells = ["1", "1", "0", "1", "1", "0", "3", "3"]
        let row = cells.map { "<td class=\"number\">\($0)</td>" }
        // Of partition 1 the log begins at 0, and the high watermark and its end are 3.
        #expect(dom.contains(row[5] + row[6] + row[7]), "\(shown)")
        #expect(dom.contains("&lt;img src=x onerror=\"document.title='taken'\"&gt;"), "\(shown)")
        #expect(!dom.contains("<img"), "\(shown)")
        #expect(dom.contains(">0xff00<"), "\(shown)")
        #expect(dom.contains(">first<"), "\(shown)")
        #expect(dom.contains("Group shop"), "\(shown)")
        #expect(dom.contains("Empty, lag 0"), "\(shown)")
        broker.signal(15)
        #expect(try await broker.finish().status == 0)
    }
}
