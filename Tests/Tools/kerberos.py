#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A realm of Kerberos and the broker's side of GSSAPI, for tests: kerberos.py FOLDER

Makes the realm TEST.EXAMPLE in the folder, with the principals alice and kafka/broker.example, and starts its KDC on a
free loopback port. Prints `ready` when alice can get a ticket. Then each line of stdin is a command, and is answered
with one line:

  new LAYERS            another login begins; its offer has this mask of layers, in hexadecimal digits
  token [HEX]           the client's next token: `token [HEX]`, `done PRINCIPAL HEX` or `error TEXT`
  kinit CACHE           alice's ticket into a cache: `ok` or `error TEXT`
  stop                  the KDC ends: `ok`

It ends with its stdin. The realm's configuration is FOLDER/krb5.conf, alice's keys are in FOLDER/client.keytab.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys

REALM = "TEST.EXAMPLE"
CONFIGURATION = """
[libdefaults]
default_realm = {realm}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
[realms]
{realm} = {{
    kdc = 127.0.0.1:{port}
}}
[domain_realm]
.example = {realm}
"""
KDC_CONFIGURATION = """
[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
    max_life = 1h
    max_renewable_life = 4h
}}
[logging]
kdc = FILE:{folder}/kdc.log
"""


class Realm:
    """The realm and its KDC."""

    def __init__(self, folder):
        self.folder = folder
        os.environ["KRB5_CONFIG"] = f"{folder}/krb5.conf"
        os.environ["KRB5_KDC_PROFILE"] = f"{folder}/kdc.conf"
        os.environ["KRB5RCACHENAME"] = "none:"
        self.configure()
        run("kdb5_util", "create", "-s", "-r", REALM, "-P", "master")
        admin = ["kadmin.local", "-r", REALM, "-q"]
        run(*admin, "addprinc -randkey alice")
        run(*admin, "addprinc -randkey kafka/broker.example")
        run(*admin, f"ktadd -k {folder}/client.keytab alice")
        run(*admin, f"ktadd -k {folder}/broker.keytab kafka/broker.example")
        self.start()

    def configure(self):
        """Writes the configuration, with a port that is free now."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        for name, text in (("krb5.conf", CONFIGURATION), ("kdc.conf", KDC_CONFIGURATION)):
            content = text.format(realm=REALM, port=port, folder=self.folder)
            pathlib.Path(self.folder, name).write_text(content, encoding="utf-8")

    def start(self):
        """Starts the KDC; somebody else may have taken its port meanwhile."""
        for _ in range(5):
            self.server = subprocess.Popen(
                ["krb5kdc", "-n", "-r", REALM],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            # It says so when it listens; a KDC that cannot ends, and so does its output.
            for line in self.server.stdout:
                if "starting" in line:
                    return
            self.server.wait()
            self.configure()
        raise SystemExit("the KDC does not start")

    def stop(self):
        """Ends the KDC."""
        self.server.terminate()
        self.server.wait()


class Broker:
    """The broker's side of one login."""

    def __init__(self, folder, layers):
        import gssapi

        credentials = gssapi.Credentials(usage="accept", store={"keytab": f"{folder}/broker.keytab"})
        self.context = gssapi.SecurityContext(creds=credentials, usage="accept")
        self.layers = layers
        self.is_offered = False

    def take(self, token):
        """What the broker answers to a token."""
        if not self.context.complete:
            return "token " + (self.context.step(token) or b"").hex()
        if not self.is_offered:
            if token:
                return "error a token behind the end of the context"
            self.is_offered = True
            return "token " + self.context.wrap(self.layers, False).message.hex()
        return f"done {self.context.initiator_name} {self.context.unwrap(token).message.hex()}"


def run(*command):
    """Runs a program; fails with what it says."""
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"{command[0]}: {result.stderr.strip()}")


def main():
    """Makes the realm and obeys."""
    # A test may start this from a thread with signals blocked, and the KDC would not hear SIGTERM.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    folder = sys.argv[1]
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    realm = Realm(folder)
    broker = None
    try:
        print("ready", flush=True)
        for line in sys.stdin:
            command, _, argument = line.strip().partition(" ")
            try:
                if command == "new":
                    broker = Broker(folder, bytes.fromhex(argument))
                    answer = "ok"
                elif command == "token":
                    answer = broker.take(bytes.fromhex(argument))
                elif command == "kinit":
                    run("kinit", "-k", "-t", f"{folder}/client.keytab", "-c", argument, "-r", "2h", "alice")
                    answer = "ok"
                else:
                    realm.stop()
                    answer = "ok"
            except Exception as error:  # Whatever it is, the test wants to know it.
                answer = "error " + " ".join(str(error).split())
            print(answer, flush=True)
    finally:
        realm.stop()


if __name__ == "__main__":
    main()
