#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A peer for tests, by Python's own ssl and http modules: peer.py KIND [OPTIONS]

  serve     TLS; whatever comes over it is read, and nothing answered
  cut       answers a client's first message of TLS with half of its own, and closes
  silent    takes connections and says nothing
  http      answers whatever comes with an error of HTTP, and closes
  tokens    an issuer of tokens that nobody signs, by HTTP; its clock is --ahead seconds ahead

Prints `listening on HOST:PORT` when it listens on a free loopback port, and ends with its stdin.
"""
import argparse
import base64
import http.server
import json
import os
import socket
import ssl
import sys
import threading
import time


def serve(connection, context):
    with context.wrap_socket(connection, server_side=True) as secured:
        while secured.recv(4096):
            pass


def cut(connection, context):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    incoming.write(connection.recv(1 << 16))
    try:
        context.wrap_bio(incoming, outgoing, server_side=True).do_handshake()
    except ssl.SSLWantReadError:
        pass
    answer = outgoing.read()
    connection.sendall(answer[: len(answer) // 2])
    connection.close()


def silent(connection, _):
    while connection.recv(4096):
        pass


def answer_http(connection, _):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    connection.close()


def guarded(handler, connection, context):
    try:
        handler(connection, context)
    except OSError:
        connection.close()  # A handshake that fails is what is tested.


def tokens(ahead):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    class Issuer(http.server.BaseHTTPRequestHandler):
        def date_time_string(self, timestamp=None):
            return super().date_time_string(time.time() + ahead)

        def do_POST(self):
            now = int(time.time()) + ahead
            token = f"{part({'alg': 'none'})}.{part({'sub': 'alice', 'iat': now, 'exp': now + 600})}."
            body = json.dumps({"access_token": token}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["serve", "cut", "silent", "http", "tokens"])
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--client-ca")
    parser.add_argument("--version", choices=["TLSv1_2", "TLSv1_3"])
    parser.add_argument("--ciphers")
    parser.add_argument("--ahead", type=int, default=0)
    options = parser.parse_args()
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    if options.kind == "tokens":
        return tokens(options.ahead)
    context = None
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
        if options.client_ca:
            context.load_verify_locations(options.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        if options.version:
            context.minimum_version = context.maximum_version = ssl.TLSVersion[options.version]
        if options.ciphers:
            context.set_ciphers(options.ciphers)
    handler = {"serve": serve, "cut": cut, "silent": silent, "http": answer_http}[options.kind]
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=guarded, args=(handler, connection, context), daemon=True).start()


if __name__ == "__main__":
    main()
