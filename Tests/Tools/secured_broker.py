# SPDX-License-Identifier: Apache-2.0
"""The embedded broker of kafka-producer in a process of its own, and how programs reach it by each protocol."""
import os
import re
import subprocess
import sys

PROTOCOLS = ["PLAINTEXT", "SSL", "SASL_SSL"]
TOPIC = "plain:8"


class Broker:
    """A broker with one listener, in memory. The files for TLS and logins are made once in a folder."""

    def __init__(self, program, folder, protocol):
        self.program, self.folder, self.protocol = program, os.path.join(folder, "security"), protocol
        self.process = self.bootstrap = None

    @property
    def is_encrypted(self):
        return self.protocol != "PLAINTEXT"

    @property
    def name(self):
        """For a row. Ours logs in as client.properties says, kcat by PLAIN, since older ones cannot by SCRAM."""
        return "the embedded broker, %s" % self.protocol

    def __enter__(self):
        if self.is_encrypted and not os.path.exists(self.folder):
            self.start("--dev-security", self.folder)
            self.stop()
        if self.protocol == "SASL_SSL":
            self.start("--dev-security", self.folder)
        elif self.protocol == "SSL":
            certificate = ["--tls-cert", self.path("server.pem"), "--tls-key", self.path("server.key")]
            self.start("--advertise", "localhost", *certificate)
        else:
            self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, *options):
        words = [self.program, "broker", "--port", "0", "--topic", TOPIC, *options]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        if "listening on" not in line:
            sys.exit("%s: the broker did not start" % self.program)
        self.bootstrap = line.split()[-1]
        if "--dev-security" in options:
            # What it says next comes when client.properties is there.
            self.process.stdout.readline()

    def stop(self):
        self.process.terminate()
        self.process.stdout.close()
        self.process.wait()

    def ours(self):
        if self.protocol == "SASL_SSL":
            return ["-c", self.path("client.properties")]
        if self.protocol == "SSL":
            trust = ["-X", "ssl.truststore.type=PEM", "-X", "ssl.truststore.location=" + self.path("ca.pem")]
            return ["-b", self.bootstrap, "-X", "security.protocol=SSL", *trust]
        return ["-b", self.bootstrap]

    def kcat(self):
        if not self.is_encrypted:
            return ["-b", self.bootstrap]
        words = ["-b", self.bootstrap, "-X", "security.protocol=" + self.protocol]
        words += ["-X", "ssl.ca.location=" + self.path("ca.pem")]
        if self.protocol == "SASL_SSL":
            with open(self.path("users.txt"), encoding="utf-8") as users:
                name, password = users.read().strip().split("\n")[-1].split(":", 1)
            words += ["-X", "sasl.mechanism=PLAIN", "-X", "sasl.username=" + name, "-X", "sasl.password=" + password]
        return words

    def cipher_speed(self):
        """How many bytes the cipher that the broker chooses encrypts in a second of CPU, alone, in records of TLS."""
        chosen = subprocess.run(
            ["openssl", "s_client", "-connect", self.bootstrap, "-CAfile", self.path("ca.pem"), "-brief"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        names = r"Ciphersuite: TLS_(AES_128_GCM|AES_256_GCM|CHACHA20_POLY1305)_"
        suite = re.search(names, chosen.stdout + chosen.stderr)
        if not suite:
            sys.exit("openssl s_client tells no cipher: %s" % chosen.stderr)
        name = suite.group(1).lower().replace("_", "-")
        words = ["openssl", "speed", "-evp", name, "-bytes", "16384", "-seconds", "1", "-mr"]
        speed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        return float(speed.strip().split("\n")[-1].split(":")[-1])
