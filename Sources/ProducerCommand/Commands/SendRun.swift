// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProducer
import Logging

/// One run of `send`: checks everything that can be checked, then reads and delivers.
struct SendRun {
    let plan: SendPlan
    let console: Console
    private let clock = RunClock()

    init(plan: SendPlan, console: Console) {
        self.plan = plan
        self.console = console
    }

    /// Runs to the end and says how it went. The only place that turns errors into an exit status.
    func run() async -> ExitStatus {
        do {
            return try await prepareAndSend()
        } catch let error as InputError {
            console.error("\(error)")
            return .inputUnreadable
        } catch let error as ConfigurationError {
            let isServersMissing = error.key == "bootstrap.servers" && error.origin == nil
            console.error("\(error)" + (isServersMissing ? " Say where with -b HOST:PORT or in a file with -c." : ""))
            return .usage
        } catch let error as UsageError {
            console.error("\(error)")
            return .usage
        } catch let error as EmbeddedBrokerError {
            console.error("the embedded broker cannot start: \(error)")
            return .usage
        } catch {
            // What is left is the producer's: it refuses settings before it begins.
            console.error("\(error)")
            return .usage
        }
    }

    private func prepareAndSend() async throws -> ExitStatus {
        for warning in plan.warnings { console.warning(warning) }
        let inputSize = try checkInputs()
        guard let directory = plan.embeddedDataDirectory else {
            return try await send(try configuration(plan.settings), inputSize: inputSize)
        }
        // The settings are checked first: a broker would leave its files behind.
        let servers = { (list: String) in
            PropertySource(name: "--embedded", key: "bootstrap.servers", value: list)
        }
        var settings = plan.settings
        settings.sources.append(servers("localhost:9092"))
        _ = try ProducerConfiguration(merging: try settings.load().sources)
        let broker = try await startBroker(directory)
        settings.sources[settings.sources.count - 1] = servers(broker.bootstrapServers.joined(separator: ","))
        do {
            let status = try await send(try configuration(settings), inputSize: inputSize)
            await broker.stop()
            return status
        } catch {
            await broker.stop()
            throw error
        }
    }

    /// Looks at every input before anything is sent. Returns the size of all, when it is known.
    private func checkInputs() throws(InputError) -> UInt64? {
        var total: UInt64? = 0
        for source in plan.sources {
            let kind = try InputDescriptor.check(source)
            total = if let size = kind.size, let known = total { known + size } else { nil }
            if kind == .stream(isTerminal: true) { console.notice("reading lines from the terminal; Ctrl-D ends them") }
        }
        return total
    }

    private func configuration(_ settings: SettingsPlan) throws(ConfigurationError) -> ProducerConfiguration {
        let (sources, isDefaultFile) = try settings.load()
        if isDefaultFile { console.notice("settings from ./\(SettingsPlan.defaultFile)") }
        let configuration = try ProducerConfiguration(merging: sources)
        for notice in configuration.notices {
            switch notice.severity {
            case .warning: console.warning("\(notice)")
            case .information: console.notice("\(notice)")
            }
        }
        for line in SettingsPlan.overrides(in: sources) { console.detail(line) }
        for value in configuration.effectiveValues {
            if let origin = value.origin { console.detail("\(value) (\(origin))") }
        }
        return configuration
    }

    private func startBroker(_ directory: String) async throws(EmbeddedBrokerError) -> EmbeddedBroker {
        var configuration = EmbeddedBroker.Configuration()
        configuration.dataDirectory = directory
        let silence = Logger(label: "kafka-producer", factory: { _ in SwiftLogNoOpLogHandler() })
        return try await EmbeddedBroker.start(configuration, logger: silence)
    }

    private func send(_ configuration: ProducerConfiguration, inputSize: UInt64?) async throws -> ExitStatus {
        let template = try RecordTemplate(plan: plan, configuration: configuration)
        guard let wakeUp = WakeUp() else { throw UsageError("no file descriptor is left for this process") }
        let delivery = Delivery(
            console: console,
            clock: clock,
            configuration: configuration,
            stop: StopRequest(wakeUp: wakeUp),
            progress: plan.progress,
            inputSize: inputSize
        )
        return try await delivery.run(
            topic: plan.topic,
            partition: plan.partition,
            sources: plan.sources,
            template: template
        )
    }
}
