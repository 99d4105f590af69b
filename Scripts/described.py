# SPDX-License-Identifier: Apache-2.0
"""What kafka-producer says of its own commands and settings, for the scripts that write manual pages and completions."""

import json
import subprocess


def said_by(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout


class Program:
    """A built program: its root command, and its commands as help shows them."""

    def __init__(self, path):
        self.path = path
        self.root = json.loads(said_by(path, "--experimental-dump-help"))["command"]
        self.commands = [
            command
            for command in self.root["subcommands"]
            if command.get("shouldDisplay", True) and command["commandName"] != "help"
        ]

    def version(self):
        return next(word for word in said_by(self.path, "--version").split() if word[0].isdigit())

    def settings(self):
        """The names of all settings."""
        return sorted(setting["name"] for setting in json.loads(said_by(self.path, "config", "--json"))["settings"])


def shown(arguments):
    """The arguments that help shows."""
    return [argument for argument in arguments if argument.get("shouldDisplay", True)]


def spelled(name):
    """An option's name as it is written."""
    return ("-" if name["kind"] == "short" else "--") + name["name"]
