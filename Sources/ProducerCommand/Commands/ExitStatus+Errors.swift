// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaEmbeddedBroker
import KafkaProducer

extension ExitStatus {
    /// Says what is wrong before anything was sent. The only place that turns errors into an exit status.
    init(of error: any Error, _ console: Console) {
        switch error {
        case let error as InputError:
            console.error("\(error)")
            self = .inputUnreadable
        case let error as ConfigurationError:
            for notice in error.notices { console.report(notice) }
            for fault in error.all {
                let isServersMissing = fault.key == "bootstrap.servers" && fault.origin == nil
                console.error(
                    "\(fault)" + (isServersMissing ? " Say where with -b HOST:PORT or in a file with -c." : "")
                )
            }
            self = .usage
        case let error as LoginError:
            console.error("the login is not possible: \(error)")
            self = .unreachable
        case let error as EmbeddedBrokerError:
            console.error("the embedded broker cannot start: \(error)")
            self = .usage
        default:
            // What is left are usage errors, and the producer's: it refuses settings before it begins.
            console.error("\(error)")
            self = .usage
        }
    }
}
