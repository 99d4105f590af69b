// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// How long a load goes on without any broker.
struct OutageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "When no broker has answered for delivery.timeout.ms and records fail for it: stop (read no further, exit 3), or "
                + "wait (read on for as long as it takes).",
            valueName: "what"
        )
    )
    var onOutage: OutageHandling = .stop
}
